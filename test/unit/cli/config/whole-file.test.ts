// Files that are written whole: what a path names, and what is left of it.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { writeWhole } from '../../../../src/cli/config/whole-file.ts';
import { openReportFile } from '../../../../src/cli/io/report-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-whole-'));
});
const at = (name: string): string => join(folder, name);

const WRITERS = [
  ['a configuration', (path: string) => writeWhole(path, 'new', 0o600)],
  ['a report', async (path: string) => (await openReportFile(path)).write('new')],
] as const;

describe.each(WRITERS)('%s', (_name, write) => {
  test('takes the place of a file', async () => {
    writeFileSync(at('file'), 'old');
    await write(at('file'));
    expect(readFileSync(at('file'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test.each(['there', 'not there yet'])('a link stays a link to a file that is %s', async (what) => {
    if (what === 'there') writeFileSync(at('file'), 'old');
    symlinkSync('file', at('link'));
    await write(at('link'));
    expect(readFileSync(at('file'), 'utf8')).toBe('new');
    expect(readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, entry.isSymbolicLink()])).toEqual([
      ['file', false],
      ['link', true],
    ]);
  });

  test.runIf(process.platform === 'linux')('a device stays a device', async () => {
    symlinkSync('/dev/null', at('link'));
    await write(at('link'));
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(readdirSync(folder)).toEqual(['link']);
  });

  test.runIf(existsSync('/dev/full'))('a full disk is an error', async () => {
    // By a link: whoever breaks this breaks no device.
    symlinkSync('/dev/full', at('link'));
    await expect(write(at('link'))).rejects.toThrow(/disk is full|ENOSPC/);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  test.runIf(process.platform !== 'win32')('a pipe gets the text', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reader = (await import('node:fs/promises')).readFile(at('pipe'), 'utf8');
    await write(at('pipe'));
    expect(await reader).toBe('new');
  });

  test('a folder is an error', async () => {
    await expect(write(folder)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});
