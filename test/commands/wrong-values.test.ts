// Every flag of every command, with a value that it cannot take: refused before anything is asked, with the same sentence.

import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Entry, pathOf } from '../../src/cli/command-tree.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { GLOBAL_FLAGS } from '../../src/cli/config/globals.ts';
import { declaredFlags } from '../../src/cli/input/command.ts';
import type { Flag, FlagType } from '../../src/cli/input/flags.ts';
import { hawser, idleContext } from '../support/hawser.ts';

const commands: Command[] = [];

async function collect(entries: readonly Entry[], parent: Command | undefined): Promise<void> {
  const { Command: Group } = await import('commander');
  for (const entry of entries) {
    const command = entry.load ? (await entry.load())(idleContext()).name(entry.name) : new Group(entry.name);
    command.parent = parent ?? null;
    if (entry.load) commands.push(command);
    await collect(entry.children ?? [], command);
  }
}

beforeAll(() => collect(COMMANDS, undefined));

/** A value that no flag of the type takes. */
const WRONG: Readonly<Partial<Record<FlagType, string>>> = {
  bool: 'perhaps',
  int: 'many',
  uint: '-1',
  duration: 'soon',
  int64Slice: 'two',
};

interface Case {
  readonly line: string;
  readonly flag: Flag;
  readonly value: string;
}

function casesOf(command: Command): Case[] {
  const words = pathOf(command);
  return declaredFlags(command).flatMap((flag) => {
    const value = WRONG[flag.type];
    return value === undefined ? [] : [{ line: `${words} --${flag.name}=${value}`, flag, value }];
  });
}

describe('a value that a flag cannot take', () => {
  test('is refused by each command with its name and what it takes', async () => {
    const cases = commands.flatMap(casesOf);
    expect(cases.length).toBeGreaterThan(150);
    for (const { line, flag, value } of cases) {
      const { code, out, err } = await hawser(line);
      expect({ line, code, out }).toEqual({ line, code: 2, out: '' });
      expect(err, line).toMatch(new RegExp(`^error: invalid value '${value}' for --${flag.name}\nhint: .+\n$`));
    }
  });

  test('is refused of the flags that every command takes, too', async () => {
    for (const flag of GLOBAL_FLAGS) {
      const value = WRONG[flag.type];
      if (value === undefined) continue;
      const { code, err } = await hawser(`app list --${flag.name}=${value}`);
      expect({ flag: flag.name, code }).toEqual({ flag: flag.name, code: 2 });
      expect(err).toContain(`error: invalid value '${value}' for --${flag.name}\n`);
    }
  });

  test('is an answer in JSON where that was asked for', async () => {
    const { code, out, err } = await hawser('app wait web -o json --timeout x');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'usage', exit: 2, hint: 'write it like 90, 90s, 1h30m or 7d' },
    });
  });
});

describe('what excludes each other, or needs another', () => {
  test.each([
    ['app sync a b -l team=x', 'Cannot use selector option when application name(s) passed as argument(s)'],
    ['app sync a b --revisions v1', '--revisions needs exactly one application'],
    ['app diff a --local . --revision v1', '--local and --revision exclude each other'],
    ['app create a --name b', "--name argument 'b' does not match app name a"],
    ['app remove-source a', 'Value of source-position must be greater than 0'],
    ['app list --client-crt x --server y', '--client-crt and --client-crt-key must always be specified together'],
    ['app patch a', '--patch is missing'],
    ['app set a', 'app set needs a flag that says what to change'],
    ['app get-resource a', '--kind is missing'],
    ['app actions run a restart', '--kind is missing'],
    ['app manifests a --source moon', "Unknown source type 'moon'"],
    ['app sync a --strategy magic', "Unknown sync strategy: 'magic'"],
    ['app get a -o name', 'unknown output format: name'],
    ['app list --health Fine', 'Fine'],
    ['app list --sort-by', '--sort-by needs a value'],
    ['app create a --repo /r --path p --dest-server s -p x', "--parameter takes name=value, not 'x'"],
    ['app create a --repo /r --path p --dest-server s --kustomize-replica a=x', "name=count, not 'a=x'"],
    ['app create -f .', 'cannot read .: it is a folder\n'],
    ['account bcrypt', 'hint: give --password\n'],
    ['app lst', "unknown command 'lst' for 'hawser app'"],
    ['app list --no-such-flag', "unknown flag '--no-such-flag'"],
    ['app get', 'hawser app get needs APPNAME'],
    ['app get a b', 'too many arguments for hawser app get'],
    ['context a b', 'too many arguments for hawser context'],
    ['login', 'hawser login needs'],
    ['account can-i get applications', 'needs SUBRESOURCE'],
    ['app list --logformat odd', "there is no log format 'odd'"],
    ['app list --loglevel odd', "there is no log level 'odd'"],
    ['app list --color blue', "invalid value 'blue' for --color"],
  ])('%s', async (line, sentence) => {
    const { code, out, err } = await hawser(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err).toMatch(/^error: .+\nhint: .+\n$/);
  });
});

test('a failure as JSON has its facts, and nothing of what it means to the reference', async () => {
  const { code, out, err } = await hawser('app list --selectr a=b -o json');
  expect({ code, err }).toEqual({ code: 2, err: '' });
  expect(JSON.parse(out)).toEqual({
    error: {
      code: 'usage',
      exit: 2,
      message: "unknown flag '--selectr'",
      hint: 'did you mean --selector?',
      details: { flag: '--selectr', near: ['--selector'] },
    },
  });
});
