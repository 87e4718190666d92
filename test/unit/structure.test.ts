// The shape of the tree: the import law bites, the map names what is there.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The law, held against a tree of its own in which it is broken. */
function cruise(): string {
  const { stdout } = spawnSync(
    `${root}node_modules/.bin/depcruise`,
    ['--config', `${root}.dependency-cruiser.cjs`, '--output-type', 'err', 'src'],
    { cwd: `${root}test/fixtures/import-law`, encoding: 'utf8' },
  );
  return stdout;
}

describe('the import law', () => {
  const report = cruise();

  test('forbids an import that runs uphill', () => {
    expect(report).toMatch(/error layer-engine: src\/engine\/reaches-up\.ts → src\/server\/port\.ts/);
  });

  test('forbids an `import type` that runs uphill', () => {
    expect(report).toMatch(/error layer-engine: src\/engine\/reaches-up-by-type\.ts → src\/server\/port\.ts/);
  });

  test.each([
    [
      'the edge to see how the system is joined',
      'server-compose: src/server/http/reaches-compose.ts → src/server/compose/join.ts',
    ],
    ['a package beside its door', 'door-chalk: src/core/wild.ts'],
    ['a package that has no door', 'package-without-a-door: src/core/package.ts'],
    ['a Node built-in in a pure layer', 'pure-layers: src/core/files.ts → path'],
    ['a file system in a command', 'command-without-system: src/cli/commands/app/get.ts → fs'],
    [
      'a command that imports another',
      'command-to-command: src/cli/commands/app/get.ts → src/cli/commands/app/list/list.ts',
    ],
    [
      'a room of cli that imports a command',
      'cli-downhill: src/cli/input/upward.ts → src/cli/commands/app/list/list.ts',
    ],
  ])('forbids %s', (_what, line) => {
    expect(report).toContain(`error ${line}`);
  });
});

describe('the law of the text', () => {
  const { stderr, status } = spawnSync(process.execPath, [`${root}scripts/law.js`, `${root}test/fixtures/import-law`], {
    encoding: 'utf8',
  });

  test.each([
    ['a folder without a row', 'src/unlisted: folder-without-a-row in .dependency-cruiser.cjs'],
    ['the clock in a pure layer', 'src/core/clock.ts:1: pure-clock'],
    ['chance in a pure layer', 'src/core/chance.ts:1: pure-chance'],
    ['the process in a pure layer', 'src/core/surroundings.ts:1: pure-process'],
    ['the process in a command', 'src/cli/commands/app/list/list.ts:1: command-process'],
  ])('forbids %s', (_what, line) => {
    expect(stderr.split('\n')).toContain(line);
    expect(status).toBe(1);
  });
});

describe('the lint', () => {
  /** What it says of files with these texts in a tree of their own. */
  const lint = (files: Readonly<Record<string, string>>): string => {
    const cwd = mkdtempSync(join(tmpdir(), 'hawser-lint-'));
    for (const name of ['.biome.json', '.biome']) cpSync(`${root}${name}`, join(cwd, name), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    const args = ['lint', '--vcs-enabled=false', '--colors=off', '--reporter=github', '.'];
    return spawnSync(`${root}node_modules/.bin/biome`, args, { cwd, encoding: 'utf8' }).stdout;
  };

  test.each([
    'export const details = { argocdExit: 1 };',
    "export const exit = details['argocdExit'];",
    'export const argocdLine = 1;',
    'export interface Failure { readonly argocdMessage: string }',
    'export function report({ argocdText }: Failure): string { return argocdText; }',
    'export interface ArgocdFailure { readonly line: string }',
  ])('forbids a name of the reference outside its room: %s', (text) => {
    const [server, command, room] = [
      'src/server/planted.ts',
      'src/cli/commands/planted.ts',
      'src/cli/compat/planted.ts',
    ];
    const report = lint({ [server]: text, [command]: text, [room]: text });
    expect(report).toMatch(/\/src\/cli\/commands\/planted[.]ts.*belongs to src\/cli\/compat/);
    expect(report).toMatch(/\/src\/server\/planted[.]ts.*belongs to src\/cli\/compat/);
    expect(report).not.toContain('/src/cli/compat/planted');
  });

  test('leaves the words of the product alone', () => {
    const report = lint({ 'src/server/planted.ts': "export const namespace = 'argocd';" });
    expect(report).not.toContain('/src/server');
  });
});

describe('the map', () => {
  test('names every folder of src, and no other', () => {
    const map = readFileSync(`${root}src/README.md`, 'utf8');
    const named = [...map.matchAll(/^\| `([\w-]+)\/` \|/gm)].map((match) => match[1]);
    const folders = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(named.sort()).toEqual(folders.map((entry) => entry.name).sort());
  });
});

describe('what is committed', () => {
  test('says nothing of the machine it was written on', () => {
    const { stdout } = spawnSync(
      'git',
      ['grep', '-nE', '(^|[^a-z])/(work|farm)/', '--', '.', ':!test/unit/structure.test.ts'],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    expect(stdout).toBe('');
  });
});
