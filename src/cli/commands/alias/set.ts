import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import type { CommandNames } from '../../aliases/expand.ts';
import { changeAliases, readAliases } from '../../config/preferences.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { splitWords } from '../../input/split-words.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const SET_FLAGS = [
  { name: 'clobber', type: 'bool', own: true, summary: 'overwrite an alias that exists' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type AliasSetOptions = OptionsOf<typeof SET_FLAGS> & { readonly name: string; readonly expansion: string };

export function aliasSetCommand(context: Context, names: CommandNames): Command {
  return defineCommand(
    {
      name: 'set',
      description:
        'Saves an alias: a word of your own for a command line. $1, $2 in it are the words that follow the alias; what is left of these comes after it. Put it in quotes if it has flags.',
      arguments: ['<alias>', '<expansion...>'],
      argumentSummaries: { '<alias>': 'the word', '<expansion...>': 'the command line, without hawser' },
      flags: SET_FLAGS,
      examples: [
        { about: 'Sync with pruning by typing: deploy shop', line: "hawser alias set deploy 'app sync --prune'" },
        { about: 'List what is degraded by typing: bad', line: "hawser alias set bad 'app list --health Degraded'" },
        { about: 'Deploy a revision by typing: to shop v2', line: "hawser alias set to 'app sync $1 --revision $2'" },
      ],
    },
    (options, name, words) => runSet({ ...options, name, expansion: joined(words) }, names, context),
  );
}

/** One text as it is; words each in quotes where they need them. */
function joined(words: readonly string[]): string {
  if (words.length === 1) return words[0] ?? '';
  return words.map((word) => (/[\s"]/.test(word) ? `'${word}'` : word)).join(' ');
}

async function runSet(
  { name, expansion, clobber, output }: AliasSetOptions,
  names: CommandNames,
  context: Context,
): Promise<void> {
  if (!/^[A-Za-z][\w.-]*$/.test(name)) {
    throw new HawserError('usage', `'${name}' cannot be an alias`, {
      hint: 'an alias is one word of letters, digits, dots and dashes',
    });
  }
  if (names.isCommand(name)) {
    throw new HawserError('usage', `'${name}' is a command: an alias cannot replace it`, {
      hint: `hawser ${name} --help`,
    });
  }
  const words = splitWords(expansion);
  const line = words[0] === 'hawser' ? words.slice(1) : words;
  if (!names.namesCommand(line)) {
    throw new HawserError('usage', `an alias stands for a command, and '${expansion}' is none`, {
      hint: 'hawser --help lists the commands',
    });
  }
  const text = expansion.replace(/^\s*hawser\s+/, '').trim();
  const before = (await readAliases(context.env))[name];
  if (before !== undefined && before !== text && !clobber) {
    throw new HawserError('already-exists', `alias '${name}' exists: ${before}`, { hint: 'add --clobber' });
  }
  await changeAliases(context.env, (aliases) => ({ ...aliases, [name]: text }));
  const say = (): void => context.say(`alias saved: hawser ${name} is hawser ${text}`);
  await writeResult({ name, expansion: text, result: 'saved' }, { output, text: say }, context);
}
