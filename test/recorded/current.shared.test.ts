// The recordings are copied here so that a clone can check them: the copy must be the original, file by file.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const copy = fileURLToPath(new URL('.', import.meta.url));
const original = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();
}

describe('the recordings', () => {
  const files = filesOf(original);

  test('are all there', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(filesOf(copy)).toEqual(expect.arrayContaining(files));
  });

  test('are what was recorded', () => {
    const stale = files.filter((file) => !readFileSync(join(copy, file)).equals(readFileSync(join(original, file))));
    expect(stale).toEqual([]);
  });
});
