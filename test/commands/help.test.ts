// Help of every command and topic: it fits, its examples are command lines that the program takes, and what is unknown is said.

import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/cli/command-tree.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { TOPICS } from '../../src/cli/help/topics.ts';
import { declaredExamples } from '../../src/cli/input/command.ts';
import { commandOf, operandsOf, rootOf } from '../../src/cli/root-command.ts';
import { hawser, idleContext, idleLive } from '../support/hawser.ts';
import { hawserCalls, shellWords } from '../support/shell-words.ts';

const pathsOf = (entries: readonly Entry[], parent: readonly string[] = []): string[][] =>
  entries.flatMap(({ name, children }) => [[...parent, name], ...pathsOf(children ?? [], [...parent, name])]);

const leavesOf = (entries: readonly Entry[], parent: readonly string[] = []): [string, Entry][] =>
  entries.flatMap((entry): [string, Entry][] =>
    entry.children ? leavesOf(entry.children, [...parent, entry.name]) : [[[...parent, entry.name].join(' '), entry]],
  );

const pages = [[], ...pathsOf(COMMANDS), ...TOPICS.map(({ name }) => [name])];

describe('every page', () => {
  test.each([40, 60, 80])('fits %i columns, and breaks no word', async (columns) => {
    const wide = new Map<string, string[]>();
    for (const path of pages) {
      const { code, out, err } = await hawser(['help', ...path], { columns });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const whole = (await hawser(['help', ...path], { columns: 1000 })).out;
      expect(wordsOf(out).filter((word) => !wordsOf(whole).includes(word))).toEqual([]);
      const tooLong = out.split('\n').filter((line) => line.length > columns && !isOneWord(line));
      if (tooLong.length > 0) wide.set(path.join(' '), tooLong);
    }
    expect(Object.fromEntries(wide)).toEqual({});
  });

  test('speaks of no reference, and begins with what the command does', async () => {
    for (const path of pages) {
      const { out } = await hawser(['help', ...path]);
      expect(out).not.toMatch(/the reference|undefined|\[object/);
      expect(out).toMatch(/^[A-Z]/);
    }
    expect(pages.length).toBeGreaterThan(50);
  });
});

const wordsOf = (page: string): string[] => page.split(/[\s\\#]+/);

/** What is quoted stays together as well. */
const isOneWord = (line: string): boolean => shellWords(line.replace(/^ *# /, '').replace(/ \\$/, '')).length <= 1;

describe('the examples', () => {
  test.each(leavesOf(COMMANDS))('of %s are command lines of it', async (path, entry) => {
    const factory = await entry.load?.();
    const examples = factory ? declaredExamples(factory(idleContext())) : [];
    expect(examples.length).toBeGreaterThanOrEqual(path.startsWith('app ') ? 3 : 1);
    for (const { about, line } of examples) {
      expect(about).toMatch(/^[A-Z\d].*[^.]$|^(bash|zsh|fish):/);
      for (const words of hawserCalls(line)) await expectParsed(words);
    }
    const lines = examples.flatMap(({ line }) => hawserCalls(line)).map((words) => words.join(' '));
    expect(lines.some((line) => line.startsWith(path))).toBe(true);
  });

  test.each(TOPICS.flatMap(({ sections }) => sections.flatMap(({ examples = [] }) => examples)))(
    'of topics: $line',
    async ({ line }) => {
      const calls = hawserCalls(line);
      expect(calls.length).toBeGreaterThan(0);
      for (const words of calls) await expectParsed(words);
    },
  );
});

/** The parser takes the words; nothing is run. */
async function expectParsed(words: readonly string[]): Promise<void> {
  const live = idleLive();
  const command = await commandOf(operandsOf(words, live), false, live);
  command.action(() => undefined);
  await expect(rootOf(command).parseAsync([...words], { from: 'user' })).resolves.toBeDefined();
  expect(command.commands).toEqual([]);
}

describe('help is --help everywhere', () => {
  test.each([
    ['', '--help'],
    ['help', '--help'],
    ['-h', '--help'],
    ['app help', 'app --help'],
    ['help app', 'app --help'],
    ['help app sync', 'app sync --help'],
    ['app help sync', 'app sync --help'],
    ['--help app sync', 'app sync --help'],
    ['app sync shop --help', 'app sync --help'],
    ['app actions help run', 'app actions run --help'],
    ['help ctx', 'context --help'],
    ['--color never help app', 'app --help'],
    ['help app --color=never', 'app --help'],
    ['--help exit-codes', 'help exit-codes'],
  ])('hawser %s', async (line, same) => {
    const shown = await hawser(line);
    expect(shown).toEqual(await hawser(same));
    expect(shown.code).toBe(0);
    expect(shown.out.length).toBeGreaterThan(100);
  });

  test('but an application may be called help', async () => {
    const { err } = await hawser('app get help extra');
    expect(err).toMatch(/^error: too many arguments for hawser app get\n/);
  });

  test('lists commands by what they are for, and flags of every command after them', async () => {
    const { out } = await hawser('');
    const headings = [...out.matchAll(/^(\S.*):$/gm)].map(([, heading]) => heading);
    expect(headings.slice(0, 2)).toEqual(['Applications', 'Before the merge']);
    expect(headings.slice(-3)).toEqual(['Topics', 'Flags of every command', 'Connection']);
    expect((await hawser('app create --help')).out).toMatch(/^Source:$[\s\S]*^Destination:$[\s\S]*^Helm:$/m);
  });
});

describe('what is unknown is an error', () => {
  test.each([
    ['help foo', "no command and no help topic is called 'foo'", 'topics: exit-codes, environment, '],
    ['help exitcodes', "no command and no help topic is called 'exitcodes'", "did you mean 'exit-codes'? topics: "],
    ['help servr', "no command and no help topic is called 'servr'", "did you mean 'server'? topics: "],
    ['help app snc', "unknown command 'snc' for 'hawser app'", "did you mean 'sync'?"],
    ['help exit-codes more', "no command and no help topic is called 'exit-codes'", 'did you mean'],
    ['app help snc', "unknown command 'snc' for 'hawser app'", "did you mean 'sync'?"],
    ['foo --help', "unknown command 'foo' for 'hawser'", 'hawser --help'],
    ['app foo -h', "unknown command 'foo' for 'hawser app'", 'hawser app --help'],
    ['help app --colour never', "unknown flag '--colour'", 'did you mean --color?'],
  ])('hawser %s', async (line, message, hint) => {
    const { code, out, err } = await hawser(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`error: ${message}\nhint: ${hint}`);
  });

  test('but not in drop-in mode, which has its own words for it', async () => {
    const env = { HAWSER_COMPAT: 'argocd' };
    expect(await hawser('help foo', { env })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Usage: argocd /m),
    });
    expect(await hawser('app help', { env })).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^Usage: argocd app/m),
    });
    expect((await hawser('help app sync', { env })).out).toContain('argocd app sync shop');
  });
});

describe('a noun alone', () => {
  test.each(['app', 'account', 'app actions', 'local', '--color never app', 'app --color never'])(
    '%s prints its help',
    async (line) => {
      const { code, out, err } = await hawser(line);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('Usage: hawser ');
      expect(out).toContain('<command>');
    },
  );

  test.each(['app --foo', 'app -o json', 'app nothing'])('%s is an error', async (line) => {
    expect((await hawser(line)).code).toBe(2);
  });
});
