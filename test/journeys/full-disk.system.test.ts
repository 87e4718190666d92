// A disk that is full, as it really is: a small file system in memory, which root alone may mount.

import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create, createWorkplace, type Ended, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;
let disk = '';
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  place = await createWorkplace();
  disk = join(place.folder, 'disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=800k', 'hawser', disk]);
  env = { HAWSER_DATA_DIR: join(disk, 'data') };
});

afterEach(async () => {
  execFileSync('umount', ['-l', disk]);
  await place.remove();
});

/** Takes what is left but so many bytes; a server that writes meanwhile has taken some of it. */
async function fill(left = 0): Promise<void> {
  const free = execFileSync('df', ['--output=avail', '-B1', disk]).toString().split('\n')[1];
  const full = Buffer.alloc(Math.max(Number(free) - left, 0));
  await writeFile(join(disk, 'fill'), full).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOSPC') throw thrown;
  });
}

const typed = (line: string): Promise<Ended> => place.hawser(line, { env });

describe('a full disk', () => {
  test('refuses what a command asks for with its reason, soon, and keeps what was acknowledged', async () => {
    expect(await typed(create('kept', place))).toMatchObject({ code: 0 });
    const acknowledged = ['argocd/kept'];
    for (const left of [0, 4096, 8192, 12_288, 20_480]) {
      await rm(join(disk, 'fill'), { force: true });
      await fill(left);
      const begun = Date.now();
      const created = await typed(create(`with-${left}`, place, '--sync-policy automated'));
      expect(Date.now() - begun).toBeLessThan(15_000);
      if (created.code === 0) acknowledged.push(`argocd/with-${left}`);
      else expect(created.err).toMatch(/error: .*(no space left|unable to stream)/i);
      expect(created.err).not.toMatch(/\n +at /);
      const listed = await typed('app list -o name');
      expect(listed.code).toBe(0);
      expect(listed.out.trim().split('\n').sort()).toEqual([...acknowledged].sort());
    }
    await rm(join(disk, 'fill'));
    expect(await typed('app sync kept --timeout 30')).toMatchObject({ code: 0 });
  }, 120_000);

  test('ends a sync that cannot go on, and an answer that cannot be written', async () => {
    expect(await typed(create('kept', place))).toMatchObject({ code: 0 });
    for (const left of [0, 4096, 8192]) {
      await rm(join(disk, 'fill'), { force: true });
      await fill(left);
      const begun = Date.now();
      const synced = await typed('app sync kept');
      expect(Date.now() - begun).toBeLessThan(20_000);
      if (synced.code !== 0) expect(synced.err).toMatch(/error: .*(no space left|another operation)/i);
    }
    await rm(join(disk, 'fill'));
    await fill();
    const shell = `"$@" > '${join(disk, 'answer')}'`;
    const listed = await place.hawser('app list -o json', { env, shell });
    expect(listed).toMatchObject({
      code: 20,
      err: expect.stringContaining('error: cannot write the answer: the disk is full\n'),
    });
    expect(listed.err).not.toMatch(/\n +at /);
  }, 120_000);

  test('leaves a server that reads on, and works again by itself when there is space', async () => {
    const server = place.start('server --port 0', { env });
    await until('the server', () => /listens on/.test(server.out()));
    expect(await typed(create('kept', place))).toMatchObject({ code: 0 });
    await fill();

    const refused = await typed('app sync kept --timeout 10');
    expect(refused.code).toBe(20);
    expect(refused.err).toMatch(/error: cannot keep the local cluster .*no space left.*\nhint: the disk is full/);
    expect(await typed('app list -o name')).toMatchObject({ code: 0, out: 'argocd/kept\n' });

    await rm(join(disk, 'fill'));
    // The last page of the disk may have taken the request: then it is that sync that goes on.
    await until('its end', async () => (await typed('app wait kept --operation --timeout 20')).code === 0, 40);
    expect(await typed('app sync kept --timeout 30')).toMatchObject({ code: 0 });
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await typed('app list -o name')).toMatchObject({ code: 0, out: 'argocd/kept\n' });
  }, 60_000);
});
