import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../flags.ts';

export interface ResetOptions {
  readonly yes?: boolean;
}

export function resetCommand(context: Context, run = runReset): Command {
  const command = new Command('reset')
    .description('Throws the local cluster away, with every application and resource in it.')
    .action((flags: ResetOptions) => run(flags, context));
  return withFlags(command, [{ name: 'yes', short: 'y', type: 'bool', own: true, summary: 'do not ask' }]);
}

/** Parts of the data folder that hold state; what else lies there is not ours. */
const PARTS = ['cluster', 'repo', 'cache'] as const;

async function runReset(options: ResetOptions, context: Context): Promise<void> {
  if (!options.yes) {
    throw new HawserError('needs-decision', 'this throws the local cluster away, with every application in it', {
      hint: 'hawser local reset --yes',
    });
  }
  const { dataFolder } = await import('../../data-folder.ts');
  const folder = dataFolder(context.globals().dataDir, context.env);
  const system = await context.own();
  await system.close();
  for (const part of PARTS) await rm(join(folder, part), { recursive: true, force: true });
  context.io.out.write(`the local cluster in '${folder}' is empty again\n`);
}
