import type { Command } from 'commander';
import { initialPassword } from '../../../api/local.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { clusterChoice } from '../../input/kubectl-flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { INSTALLATION_FLAGS } from './shared/installation.ts';

const FLAGS = [...INSTALLATION_FLAGS, RESULT_FLAG] as const satisfies readonly Flag[];

type InitialPasswordOptions = OptionsOf<typeof FLAGS>;

export function initialPasswordCommand(context: Context, run = runInitialPassword): Command {
  return defineCommand(
    {
      name: 'initial-password',
      description:
        'Prints the initial password of the admin account, until its Secret is deleted: of the local system, or with --namespace of an installation in a cluster.',
      flags: FLAGS,
      examples: [
        { about: 'Print the password', line: 'hawser admin initial-password' },
        {
          about: 'Log in to a local server with it',
          line: 'hawser login 127.0.0.1:8080 --insecure --username admin --password "$(hawser admin initial-password)"',
        },
        { about: 'Print that of an installation', line: 'hawser admin initial-password --namespace argocd' },
      ],
    },
    (options) => run(options, context),
  );
}

async function runInitialPassword(options: InitialPasswordOptions, context: Context): Promise<void> {
  const { namespace, context: kubeContext, kubeconfig, output } = options;
  const named = namespace ?? kubeContext ?? kubeconfig;
  const isLocal = named === undefined && context.policy.own.add(() => true, false);
  const password = isLocal ? await localPassword(context) : await clusterPassword(options, context);
  const text = (): void => {
    context.io.out.write(`${password}\n`);
    context.policy.wording.narrate(
      '\n It is for the first login: change it by `argocd account update-password`.\n',
      context,
    );
  };
  await writeResult({ password }, { output, text }, context);
}

async function localPassword(context: Context): Promise<string> {
  const { client } = await context.local();
  const { password } = await client.call(initialPassword, {});
  if (password !== undefined) return password;
  throw new HawserError(
    'not-found',
    "the Secret 'argocd-initial-admin-secret' is gone: the password was changed or taken down",
    { hint: 'hawser account update-password' },
  );
}

async function clusterPassword(options: InitialPasswordOptions, context: Context): Promise<string> {
  const tools = await context.settingsTools();
  const { namespace = 'argocd' } = options;
  const secret = { kind: 'Secret', namespace, name: 'argocd-initial-admin-secret' } as const;
  const { password } = await tools.fetch(secret, clusterChoice(options));
  if (password !== undefined) return password;
  throw new HawserError('not-found', "the Secret 'argocd-initial-admin-secret' has no password");
}
