// The shape of the tree: the import law bites, the map names what is there.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

  test('forbids the edge to see how the system is joined', () => {
    expect(report).toMatch(
      /error server-compose: src\/server\/http\/reaches-compose\.ts → src\/server\/compose\/join\.ts/,
    );
  });

  test('forbids a package beside its door', () => {
    expect(report).toMatch(/error door-chalk: src\/core\/wild\.ts/);
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
