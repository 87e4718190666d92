import type { Command } from 'commander';
import { readAliases } from '../../config/preferences.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';

const LIST_FLAGS = [
  { ...outputFlag('wide, name, json or yaml'), default: 'wide', own: true },
] as const satisfies readonly Flag[];

export function aliasListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists your aliases and what they stand for.',
      flags: LIST_FLAGS,
      examples: [
        { about: 'List the aliases', line: 'hawser alias list' },
        { about: 'Print them as YAML', line: 'hawser alias list -o yaml' },
      ],
    },
    ({ output }) => runList(output, context),
  );
}

async function runList(format: string, context: Context): Promise<void> {
  checkFormat(format, ['wide', 'name', 'json', 'yaml']);
  const aliases = await readAliases(context.env);
  if (await writeDocument(aliases, format, context)) return;
  const rows = Object.entries(aliases).sort(([a], [b]) => (a < b ? -1 : 1));
  if (format === 'name') return context.io.out.write(rows.map(([name]) => `${name}\n`).join(''));
  if (rows.length === 0) return context.say('no aliases yet: hawser alias set NAME EXPANSION');
  const { style, table } = await context.view();
  context.io.out.write(table({ head: ['ALIAS', 'EXPANSION'], rows }, style));
}
