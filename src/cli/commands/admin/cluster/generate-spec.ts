import type { Command } from 'commander';
import { HawserError } from '../../../../core/errors.ts';
import type { ClusterSettings } from '../../../../model/cluster.ts';
import { clusterSecret } from '../../../../model/connection-secret.ts';
import type { Context, TargetCluster } from '../../../context.ts';
import { CLUSTER_FLAGS } from '../../../input/cluster-flags.ts';
import { clusterFrom, declaredLogin, withEndpoint } from '../../../input/cluster-settings.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { readSecret, secretFlags } from '../../../input/secrets.ts';
import { SPEC_OUTPUT, writeSpec } from '../../../input/spec-document.ts';

const GENERATE_FLAGS = [
  ...CLUSTER_FLAGS,
  {
    name: 'service-account',
    type: 'string',
    default: 'argocd-manager',
    value: 'name',
    summary: 'service account whose token --generate-bearer-token takes',
  },
  { name: 'bearer-token', type: 'string', value: 'token', summary: 'token to log in with' },
  ...secretFlags('bearer-token', 'token'),
  { name: 'generate-bearer-token', type: 'bool', summary: 'ask the cluster for the token of the service account' },
  SPEC_OUTPUT,
] as const satisfies readonly Flag[];

type GenerateOptions = OptionsOf<typeof GENERATE_FLAGS>;

export function adminClusterSpecCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'generate-spec',
      description:
        'Prints the Secret that keeps a cluster of the kubeconfig. Nothing is saved, and only --generate-bearer-token asks the cluster.',
      arguments: ['<context>'],
      flags: GENERATE_FLAGS,
      examples: [
        { about: 'With the login of the kubeconfig', line: 'hawser admin cluster generate-spec staging' },
        {
          about: 'With the token of a service account',
          line: 'hawser admin cluster generate-spec staging --generate-bearer-token --service-account deployer',
        },
      ],
    },
    (options, name) => runGenerate(name, options, context),
  );
}

async function runGenerate(name: string, options: GenerateOptions, context: Context): Promise<void> {
  const { kubeconfig: path } = options;
  const kubeconfig = await context.kubeconfig({ path });
  if (!kubeconfig.contexts.some((one) => one.name === name))
    throw new HawserError('not-found', `Context ${name} does not exist in kubeconfig`, {
      hint: `contexts: ${kubeconfig.contexts.map((one) => one.name).join(', ') || 'none'}`,
      reason: { kind: 'no-match' },
    });
  if (options.inCluster && options.clusterEndpoint)
    throw new HawserError('usage', 'Can only use one of --in-cluster or --cluster-endpoint', {
      hint: 'leave one of them out',
    });
  const target = await kubeconfig.open(name);
  try {
    const settings = await withEndpoint(await loginOf(target, options, context), target, options);
    await writeSpec(clusterSecret(clusterFrom(settings, options, name)), options.output, context);
  } finally {
    target.close();
  }
}

async function loginOf(target: TargetCluster, options: GenerateOptions, context: Context): Promise<ClusterSettings> {
  const { settings } = target;
  const withConfig = (config: ClusterSettings['config']): ClusterSettings => ({
    ...settings,
    config: { ...settings.config, ...config },
  });
  const declared = declaredLogin(options);
  if (declared) return withConfig(declared);
  const { bearerToken: typed, bearerTokenStdin: stdin, bearerTokenFile: file } = options;
  const sources = { flag: '--bearer-token', typed, stdin, file, variable: 'HAWSER_CLUSTER_BEARER_TOKEN' };
  const bearerToken = await readSecret(sources, context);
  if (bearerToken !== undefined) return withConfig({ bearerToken });
  if (options.generateBearerToken) {
    const told = (step: string): void => context.policy.wording.note(step, context);
    return withConfig({ bearerToken: await target.tokenOf(options.serviceAccount, options.systemNamespace, told) });
  }
  // The reference leaves a placeholder to be replaced.
  return context.policy.own.add(() => target.withLogin(), Promise.resolve(withConfig({ bearerToken: 'bearer-token' })));
}
