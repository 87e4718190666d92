import type { Command } from 'commander';
import { EXIT_CODE_TABLE } from '../../render/exit-codes.ts';
import { columnTable } from '../../render/table.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';

export function helpCommand(context: Context): Command {
  const command: Command = defineCommand(
    {
      name: 'help',
      description: 'Shows help for a command (hawser help app get), or lists the exit codes (hawser help exit-codes).',
      arguments: ['[topic]'],
    },
    async (_options, topic) => {
      if (topic === undefined) command.parent?.help();
      const { style } = await context.view();
      context.io.out.write(columnTable(EXIT_CODE_TABLE, style));
    },
  );
  return command;
}
