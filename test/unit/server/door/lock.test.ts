import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LOCK_FILE, lockByProgram, takeLock } from '../../../../src/server/door/lock.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-lock-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the lock of a data folder', () => {
  test('is had by one, until it is given up', async () => {
    const release = await takeLock(folder);
    expect(release).toBeDefined();
    expect(await takeLock(folder)).toBeUndefined();
    await release?.();
    const next = await takeLock(folder);
    expect(next).toBeDefined();
    await next?.();
  });

  test('holds by every name of the folder, also after a move', async () => {
    await symlink(folder, `${folder}-link`);
    const release = await takeLock(folder);
    expect(await takeLock(`${folder}-link`)).toBeUndefined();
    await rm(`${folder}-link`);
    await rename(folder, `${folder}-moved`);
    expect(await takeLock(`${folder}-moved`)).toBeUndefined();
    await rename(`${folder}-moved`, folder);
    await release?.();
  });

  test('is of no use on a file that was removed: the one with the name counts', async () => {
    const release = await takeLock(folder);
    await rm(join(folder, LOCK_FILE));
    const other = await takeLock(folder);
    expect(other).toBeDefined();
    await Promise.all([release?.(), other?.()]);
  });

  test('can be read by nobody else, who could take a shared one', async () => {
    await (await takeLock(folder))?.();
    await chmod(join(folder, LOCK_FILE), 0o666);
    await (await takeLock(folder))?.();
    expect((await stat(join(folder, LOCK_FILE))).mode & 0o777).toBe(0o600);
  });

  test('goes with a process that is killed', async () => {
    const script = `import('fs-native-extensions').then(({ default: { tryLock } }) => {
      console.log(tryLock(require('node:fs').openSync(${JSON.stringify(join(folder, LOCK_FILE))}, 'a')));
      setInterval(() => {}, 1000); });`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    expect(String((await once(child.stdout, 'data'))[0])).toBe('true\n');
    expect(await takeLock(folder)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const release = await takeLock(folder);
    expect(release).toBeDefined();
    await release?.();
  });

  test('is taken by flock(1) where the package has nothing for a platform, and outlives that program', async () => {
    const [first, second] = await Promise.all([open(join(folder, LOCK_FILE), 'a'), open(join(folder, LOCK_FILE), 'a')]);
    expect(await lockByProgram(first.fd)).toBe(true);
    expect(await lockByProgram(second.fd)).toBe(false);
    await first.close();
    expect(await lockByProgram(second.fd)).toBe(true);
    await second.close();
  });
});
