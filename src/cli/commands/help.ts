import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { TOPICS } from '../help/topics.ts';
import { defineCommand } from '../input/command.ts';

/** For its own page alone: the program answers `help` before it looks for a command to run (help/print-help.ts). */
export function helpCommand(_context: Context): Command {
  return defineCommand(
    {
      name: 'help',
      description: 'Shows help for a command or a topic.',
      arguments: ['[command...]'],
      argumentSummaries: { '[command...]': `a command, or a topic: ${TOPICS.map(({ name }) => name).join(', ')}` },
      examples: [
        { about: 'Show help for a command', line: 'hawser help app sync' },
        { about: 'List the exit codes', line: 'hawser help exit-codes' },
        { about: 'List the environment variables that are read', line: 'hawser help environment' },
      ],
    },
    () => undefined,
  );
}
