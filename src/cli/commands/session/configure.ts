import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { KUBECTL_FLAGS } from '../../input/kubectl-flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const CONFIGURE_FLAGS = [
  // The global flag of the same name is read before this one: both mean the same here.
  { name: 'prompts-enabled', type: 'bool', summary: 'ask for confirmation where argocd does' },
  ...KUBECTL_FLAGS,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export function configureCommand(context: Context, run = runConfigure): Command {
  return defineCommand(
    {
      name: 'configure',
      description: 'Changes settings of the configuration file: --prompts-enabled, or --prompts-enabled=false.',
      flags: CONFIGURE_FLAGS,
      examples: [
        { about: 'Ask for confirmation where argocd does', line: 'hawser configure --prompts-enabled' },
        { about: 'Do not ask', line: 'hawser configure --prompts-enabled=false' },
      ],
    },
    ({ output }) => run(output, context),
  );
}

async function runConfigure(output: string | undefined, context: Context): Promise<void> {
  const file = await context.config();
  const config = await file.read();
  if (!config) {
    throw new HawserError('not-found', 'No local configuration found', {
      hint: 'hawser login SERVER',
      reason: { kind: 'no-configuration' },
    });
  }
  const enabled = context.globals().promptsEnabled ?? config['prompts-enabled'] ?? false;
  await file.change((saved) => ({ ...saved, 'prompts-enabled': enabled }));
  const text = (): void =>
    context.io.out.write(`Successfully updated the following configuration settings:\nprompts-enabled: ${enabled}\n`);
  await writeResult({ 'prompts-enabled': enabled }, { output, text }, context);
}
