import type { Context } from '../context.ts';

type Ci = 'github' | 'gitlab' | 'none';

/** The pipeline that this command runs in and writes for: as was asked for, else as the environment says. */
export function ciOf({ env, policy, globals }: Pick<Context, 'env' | 'policy' | 'globals'>): Ci {
  const { ci = 'auto' } = globals();
  if (ci !== 'auto') return ci;
  return policy.own.add(() => (env['GITHUB_ACTIONS'] === 'true' ? 'github' : gitlabOr(env['GITLAB_CI'])), 'none');
}

const gitlabOr = (gitlab: string | undefined): Ci => (gitlab === 'true' ? 'gitlab' : 'none');
