import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandShortcut } from '../../../src/cli/aliases/expand.ts';
import type { Entry } from '../../../src/cli/command-tree.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';

const SOURCES = new URL('../../../src/', import.meta.url).pathname;
/** Sentences about the program, which are no command lines. */
const SENTENCES = /(another hawser command|a hawser server|the hawser server|hawser server listens)/g;

function typed(text: string): string[] {
  return [...text.replace(SENTENCES, '').matchAll(/(?<![\w./-])hawser ([a-z][a-z-]*(?: [a-z][a-z-]*)*)/g)].map(
    ([, words = '']) => words,
  );
}

/** The first word that names nothing. */
function unknownWord(words: readonly string[], entries: readonly Entry[]): string | undefined {
  const [word, ...rest] = words;
  const entry = entries.find((one) => one.name === word || one.aliases?.includes(word ?? ''));
  if (!entry) return word ?? '(nothing)';
  return entry.children && rest.length > 0 ? unknownWord(rest, entry.children) : undefined;
}

test('every command that a text names is there', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const found = files.flatMap((name) => {
    const code = readFileSync(join(SOURCES, name), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
    return typed(code).map((line) => ({
      name,
      line,
      unknown: unknownWord(expandShortcut(line.split(' '), COMMANDS), COMMANDS),
    }));
  });
  expect(found.length).toBeGreaterThan(50);
  expect(found.filter(({ line, unknown }) => unknown !== undefined && !line.startsWith('help '))).toEqual([]);
});
