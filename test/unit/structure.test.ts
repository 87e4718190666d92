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

  test('forbids a package beside its door', () => {
    expect(report).toMatch(/error door-chalk: src\/core\/wild\.ts/);
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
    const report = lint({ 'src/server/planted.ts': text, 'src/cli/compat/planted.ts': text });
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
