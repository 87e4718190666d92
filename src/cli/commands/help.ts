import { Command } from 'commander';
import { EXIT_CODE_TABLE } from '../../render/exit-codes.ts';
import { columnTable } from '../../render/table.ts';
import type { Context } from '../context.ts';

export function helpCommand(context: Context): Command {
  return new Command('help')
    .description('Explains a command (hawser help app get), or what the exit codes mean (hawser help exit-codes).')
    .argument('[topic]')
    .action(async (topic: string | undefined, _flags: unknown, command: Command) => {
      if (topic === undefined) command.parent?.help();
      const { style } = await context.view();
      context.io.out.write(columnTable(EXIT_CODE_TABLE, style));
    });
}
