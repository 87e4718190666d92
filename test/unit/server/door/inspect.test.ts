import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import { type FolderState, inspectFolder } from '../../../../src/server/door/inspect.ts';
import { LOCK_FILE, takeLock } from '../../../../src/server/door/lock.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hawser-inspect-'));
});

const inspect = (folder: string): Promise<FolderState> =>
  inspectFolder(folder, systemClock, new AbortController().signal);

describe('a data folder that is looked at', () => {
  test('is not made', async () => {
    expect(await inspect(join(home, 'a/b'))).toEqual({ use: 'absent' });
    expect(await readdir(home)).toEqual([]);
  });

  test('gets nothing where nothing of ours is in it', async () => {
    await writeFile(join(home, 'notes.txt'), '');
    expect(await inspect(home)).toEqual({ use: 'unused' });
    expect(await readdir(home)).toEqual(['notes.txt']);
  });

  test('is free where nobody holds its lock, silent where somebody does and does not answer', async () => {
    await writeFile(join(home, LOCK_FILE), '');
    expect(await inspect(home)).toEqual({ use: 'free' });
    const release = await takeLock(home);
    expect(await inspect(home)).toEqual({ use: 'silent' });
    await release?.();
  });

  test('says why it cannot be used', async () => {
    await writeFile(join(home, 'file'), '');
    expect(await inspect(join(home, 'file'))).toMatchObject({ problem: 'it is a file' });
    expect(await inspect(join(home, 'file/data'))).toMatchObject({ problem: `${join(home, 'file')} is a file` });
  });

  test.runIf(process.platform === 'linux')('is not promised where the kernel takes no folders', async () => {
    expect(await inspect('/proc/x/y')).toEqual({ use: 'absent', problem: 'no folder can be made in /proc' });
  });
});
