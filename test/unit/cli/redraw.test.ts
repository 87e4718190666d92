import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createPicture } from '../../../src/cli/io/redraw.ts';

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');

function screen(rows: number): { readonly output: Parameters<typeof createPicture>[0]; last(): string } {
  let last = '';
  const write = (text: string): void => {
    last = text;
  };
  const plain = (): string => stripVTControlCharacters(last).replaceAll('\r', '');
  return { output: { write, terminal: true, columns: () => 80, rows: () => rows }, last: plain };
}

test('a picture taller than the screen keeps its heading and counts the rest', () => {
  const { output, last } = screen(5);
  createPicture(output).draw(lines(10));
  expect(last()).toBe('line 0\nline 1\nline 2\n… 7 more lines\n');
  createPicture(output).draw(lines(4));
  expect(last()).toBe(lines(4));
});
