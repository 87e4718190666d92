import { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../input/flags.ts';

export interface ResetOptions {
  readonly yes?: boolean;
}

export function resetCommand(context: Context, run = runReset): Command {
  const command = new Command('reset')
    .description('Throws the local cluster away, with every application and resource in it, also when it is damaged.')
    .action((flags: ResetOptions) => run(flags, context));
  return withFlags(command, [{ name: 'yes', short: 'y', type: 'bool', own: true, summary: 'do not ask' }]);
}

async function runReset(options: ResetOptions, context: Context): Promise<void> {
  if (!options.yes) {
    throw new HawserError('needs-decision', 'this throws the local cluster away, with every application in it', {
      hint: 'hawser local reset --yes',
    });
  }
  const { folder, left } = await context.reset();
  for (const path of left) context.say(`left '${path}': it is not of the local cluster`);
  context.io.out.write(`the local cluster in '${folder}' is empty again\n`);
}
