import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const RESET_FLAGS = [
  { name: 'yes', short: 'y', type: 'bool', own: true, summary: 'skip confirmation' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type ResetOptions = OptionsOf<typeof RESET_FLAGS>;

export function resetCommand(context: Context, run = runReset): Command {
  return defineCommand(
    {
      name: 'reset',
      description: 'Deletes the local cluster with all its applications and resources, even if its data is damaged.',
      flags: RESET_FLAGS,
      examples: [
        { about: 'Delete the local cluster and all its applications', line: 'hawser local reset --yes' },
        { about: 'Delete the one of another data folder', line: 'hawser local reset --yes --data-dir ./state' },
      ],
    },
    (options) => run(options, context),
  );
}

async function runReset(options: ResetOptions, context: Context): Promise<void> {
  if (!options.yes) {
    throw new HawserError('needs-decision', 'this deletes the local cluster and every application in it', {
      hint: 'hawser local reset --yes',
    });
  }
  const { folder, left } = await context.reset();
  for (const path of left) context.say(`left '${path}': it is not of the local cluster`);
  const text = (): void => context.io.out.write(`the local cluster in '${folder}' is empty again\n`);
  await writeResult({ folder, result: 'reset', left }, { output: options.output, text }, context);
}
