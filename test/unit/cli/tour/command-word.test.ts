import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandWord } from '../../../../src/cli/tour/command-word.ts';

let folder: string;
let program: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-path-'));
  program = join(folder, 'hawser.js');
  for (const name of ['mine', 'other']) mkdirSync(join(folder, name));
  writeFileSync(program, '');
  chmodSync(program, 0o755);
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a program on PATH goes by its name', () => {
  symlinkSync(program, join(folder, 'mine', 'hawser'));
  expect(commandWord({ PATH: `${folder}/empty:${folder}/mine` }, program)).toBe('hawser');
});

test('another hawser on PATH is not this one', () => {
  writeFileSync(join(folder, 'other', 'hawser'), '');
  chmodSync(join(folder, 'other', 'hawser'), 0o755);
  symlinkSync(program, join(folder, 'mine', 'hawser'));
  expect(commandWord({ PATH: `${folder}/other:${folder}/mine` }, program)).toBe(program);
});

test.each([[{}], [{ PATH: '' }], [{ PATH: 'relative:.' }]])('%j: by its path', (env) => {
  expect(commandWord(env, program)).toBe(program);
});

test('npx runs it again', () => {
  expect(commandWord({ npm_command: 'exec', PATH: folder }, program)).toBe('npx hawser');
});
