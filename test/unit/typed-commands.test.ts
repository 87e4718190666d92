// No command goes untyped: each is typed by a test that `npm test` runs.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/cli/command-tree.ts';
import { COMMANDS } from '../../src/cli/commands.ts';

const tests = fileURLToPath(new URL('..', import.meta.url));

const texts = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !/[.](shared|system)[.]test[.]ts$/.test(file))
  .map((file) => readFileSync(`${tests}/${file}`, 'utf8'))
  .join('\n');

const pathsOf = (entries: readonly Entry[], parent: readonly string[] = []): string[][] =>
  entries.flatMap(({ name, children }) => (children ? pathsOf(children, [...parent, name]) : [[...parent, name]]));

/** As a line, or as a list of words. */
const isTyped = (words: readonly string[]): boolean => new RegExp(`['\`"]${words.join("( |', ')")}\\b`).test(texts);

test.each(pathsOf(COMMANDS).map((words) => [words.join(' '), words] as const))('hawser %s', (_line, words) => {
  expect(isTyped(words)).toBe(true);
});
