// What is acknowledged is kept; what cannot be kept is refused, and nothing is made worse.

import { chmod, chown, mkdir, readdir, readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create, createWorkplace, type Running, until, type Workplace } from '../support/workplace.ts';

/** Root may write everywhere: these promises are looked at as somebody else. */
const NOBODY = 65534;
const AS_NOBODY = process.getuid?.() === 0 ? { uid: NOBODY } : {};

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.remove());

async function log(): Promise<string> {
  const folder = join(place.data, 'cluster');
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.log'));
  return join(folder, name);
}

describe('the state', () => {
  test('a folder that cannot be written is refused with a sentence', async () => {
    const folder = join(place.folder, 'locked');
    await place.hawser('app list', { env: { HAWSER_DATA_DIR: folder } });
    await chmod(place.folder, 0o755);
    await chmod(folder, 0o555);

    const refused = await place.hawser('app list', { env: { HAWSER_DATA_DIR: folder }, ...AS_NOBODY });

    await chmod(folder, 0o755);
    expect(refused).toMatchObject({ code: 20, out: '' });
    expect(refused.err).toMatch(/cannot use the data folder .*it cannot be written\nhint: .*--data-dir/);
  });

  test('one that cannot be made is told by status, which makes none', async () => {
    const folder = join(place.folder, 'locked');
    await mkdir(folder);
    await chmod(place.folder, 0o755);
    await chmod(folder, 0o555);
    const env = { HAWSER_DATA_DIR: join(folder, 'data') };

    const { out } = await place.hawser('status -o json', { env, ...AS_NOBODY });

    expect(JSON.parse(out).checks).toContainEqual(
      expect.objectContaining({ name: 'data folder', message: expect.stringContaining('no folder can be made') }),
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ['/proc/hawser', 'no folder can be made there'],
    ['/etc/hostname', 'it is a file, or lies in one'],
    ['/etc/hostname/data', 'it is a file, or lies in one'],
  ])('%s is no place for a data folder, and is refused at once', async (folder, reason) => {
    expect(await place.hawser('app list', { env: { HAWSER_DATA_DIR: folder } })).toMatchObject({
      code: 20,
      err: expect.stringMatching(new RegExp(`cannot use the data folder '${folder}': ${reason}\nhint: .*--data-dir`)),
    });
  });

  test('a full disk fails the write, and what was acknowledged before is still there', async () => {
    await chmod(place.folder, 0o777);
    await chmod(place.repository.url, 0o755);
    expect(await place.hawser(create('kept', place))).toMatchObject({ code: 0 });
    if (AS_NOBODY.uid !== undefined) {
      for (const path of [
        place.data,
        ...(await readdir(place.data, { recursive: true })).map((name) => join(place.data, name)),
      ]) {
        await chown(path, NOBODY, NOBODY);
      }
    }

    // Not rendered before, so that it is the state that meets the limit.
    const full = await place.hawser(create('lost', place, '--validate=false'), {
      ...AS_NOBODY,
      shell: 'ulimit -f 8; exec "$@"',
    });

    expect(full.code).toBe(20);
    expect(full.err).toMatch(/error: .*(full|File too large|too large|no space)/i);
    expect(full.err).not.toMatch(/\n\s+at /);
    expect(await place.hawser('app list -o name', AS_NOBODY)).toMatchObject({ code: 0, out: 'argocd/kept\n' });
  });

  test('a state of a newer version is refused and left as it is', async () => {
    await place.hawser('app list');
    const file = await log();
    const [, ...rest] = (await readFile(file, 'utf8')).split('\n');
    const header = '{"hawser":"local-cluster","format":99}';
    const text = [`${crc32(header).toString(16).padStart(8, '0')} ${header}`, ...rest].join('\n');
    await writeFile(file, text);

    const refused = await place.hawser('app list');

    expect(refused.code).toBe(20);
    expect(refused.err).toMatch(/^.*error: .*(newer|version)/m);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('a state that is damaged in the middle is refused and left as it is', async () => {
    expect(await place.hawser(create('whole', place))).toMatchObject({ code: 0 });
    const file = await log();
    const lines = (await readFile(file, 'utf8')).split('\n');
    lines[4] = `${lines[4]?.slice(0, 30)}X${lines[4]?.slice(31)}`;
    await writeFile(file, lines.join('\n'));

    const refused = await place.hawser('app list');

    expect(refused.code).toBe(20);
    expect(refused.err).toMatch(/error: .*damaged/);
    expect(await readFile(file, 'utf8')).toBe(lines.join('\n'));
  });

  test('a damaged state is thrown away by the command that the refusal names, and nothing else with it', async () => {
    expect(await place.hawser(create('whole', place))).toMatchObject({ code: 0 });
    await mkdir(join(place.data, 'repo'), { recursive: true });
    await writeFile(join(place.data, 'repo', 'thesis.txt'), 'mine');
    await writeFile(join(place.data, 'notes.txt'), 'mine');
    await writeFile(await log(), 'no log any more');
    const refused = await place.hawser('app list');
    expect(refused.err).toContain('hawser local reset --yes');

    const reset = await place.hawser(['local', 'reset', '--yes', '--data-dir', place.data]);

    expect(reset).toMatchObject({ code: 0, out: `the local cluster in '${place.data}' is empty again\n` });
    expect(reset.err).toContain(`left '${join(place.data, 'repo', 'thesis.txt')}'`);
    expect((await readdir(place.data)).sort()).toEqual(['lock', 'notes.txt', 'repo']);
    expect(await readdir(join(place.data, 'repo'))).toEqual(['thesis.txt']);
    expect(await place.hawser('app list -o name')).toMatchObject({ code: 0, out: '' });
  });

  test('a folder that was never one of ours is left as it is by a reset', async () => {
    const work = join(place.folder, 'work');
    for (const name of ['cluster', 'repo', 'cache']) {
      await mkdir(join(work, name), { recursive: true });
      await writeFile(join(work, name, 'cluster.log'), 'mine');
    }

    const refused = await place.hawser(['local', 'reset', '--yes', '--data-dir', work]);

    expect(refused).toMatchObject({ code: 20, out: '' });
    expect(refused.err).toContain(`'${work}' is not a data folder of hawser; nothing was removed\nhint: `);
    expect((await readdir(work, { recursive: true })).length).toBe(6);
  });

  test('a server that uses a folder keeps it from a reset', async () => {
    const server = place.start('server --port 0');
    await until('the server', () => /listens on/.test(server.out()));
    expect(await place.hawser('local reset --yes')).toMatchObject({ code: 9, out: '' });
    server.child.kill('SIGTERM');
    await server.ended;
    expect(await place.hawser('local reset --yes')).toMatchObject({ code: 0 });
  });

  test('a torn last record is cut with a warning', async () => {
    expect(await place.hawser(create('whole', place))).toMatchObject({ code: 0 });
    const file = await log();
    await writeFile(file, `${await readFile(file, 'utf8')}0123abcd {"revision":99999,"wri`);

    const warned = await place.hawser('app list -o name');

    expect(warned).toMatchObject({ code: 0, out: 'argocd/whole\n' });
    expect(warned.err).toMatch(/warning|cut/i);
    expect((await place.hawser('app list -o name')).err).not.toMatch(/torn|cut/i);
  });

  test('a process that is killed at any moment leaves every acknowledged application', async () => {
    const acknowledged: string[] = [];
    for (const delay of [0, 150, 300, 450, 600]) {
      const name = `killed-${delay}`;
      const owner = place.start(create(name, place, '--sync-policy automated'));
      const timer = setTimeout(() => owner.child.kill('SIGKILL'), 250 + delay);
      const { out } = await owner.ended;
      clearTimeout(timer);
      if (out.includes('created')) acknowledged.push(`argocd/${name}`);
    }

    const listed = await place.hawser('app list -o name');

    expect(listed).toMatchObject({ code: 0 });
    expect(listed.out.split('\n')).toEqual(expect.arrayContaining(acknowledged));
  });

  test('owners that are killed while the folder moves under them lose nothing that they acknowledged', async () => {
    const acknowledged: string[] = [];
    let data = place.data;
    for (const [round, delay] of [0, 150, 300, 450].entries()) {
      const name = `moved-${round}`;
      const env = { HAWSER_DATA_DIR: data };
      const owner = place.start(create(name, place, '--sync-policy automated'), { env });
      // One that comes when the folder is gone makes another in its place, as it was told to.
      await until('the owner', () => hasOpened(owner, data));
      await new Promise((resolve) => setTimeout(resolve, delay));
      const next = join(place.folder, `data-${round}`);
      await rename(data, next);
      data = next;
      const second = await place.hawser(create(`${name}-second`, place), { env: { HAWSER_DATA_DIR: data } });
      owner.child.kill('SIGKILL');
      const { out } = await owner.ended;
      if (out.includes('created')) acknowledged.push(`argocd/${name}`);
      if (second.out.includes('created')) acknowledged.push(`argocd/${name}-second`);
    }

    const listed = await place.hawser('app list -o name', { env: { HAWSER_DATA_DIR: data } });

    expect(listed).toMatchObject({ code: 0 });
    expect(acknowledged.length).toBeGreaterThan(3);
    expect(listed.out.split('\n')).toEqual(expect.arrayContaining(acknowledged));
  });

  test('a log that is cut anywhere is refused with its place and left as it is', async () => {
    expect(await place.hawser(create('whole', place))).toMatchObject({ code: 0 });
    const file = await log();
    const whole = await readFile(file);
    for (const share of [0, 0.01, 0.2, 0.5, 0.9, 0.999]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      await writeFile(file, cut);
      const refused = await place.hawser('app list');
      expect(refused).toMatchObject({ code: 20, out: '' });
      expect(refused.err).toMatch(/error: '.*cluster\.log': record \d+ \(byte \d+\) is missing: .*\nhint: restore /);
      expect(await readFile(file)).toEqual(cut);
    }
    await writeFile(file, whole);
    expect(await place.hawser('app list -o name')).toMatchObject({ code: 0, out: 'argocd/whole\n' });
  });

  test('an operation that was running when its process was killed is taken up', async () => {
    expect(await place.hawser(create('taken-up', place))).toMatchObject({ code: 0 });
    const owner = place.start('app sync taken-up --async --timeout 30');
    await until('the operation', async () => (await readFile(await log(), 'utf8')).includes('"operation":{"sync"'));
    owner.child.kill('SIGKILL');
    await owner.ended;

    const waited = await place.hawser('app wait taken-up --sync --operation --timeout 30');

    expect(waited.code).toBe(0);
    const got = await place.hawser('app get taken-up -o json');
    expect(JSON.parse(got.out)).toMatchObject({
      status: { sync: { status: 'Synced' }, operationState: { phase: 'Succeeded' } },
    });
  });
});

/** Whether a process has the log of a folder open; where the system does not tell, a second will do. */
async function hasOpened({ child }: Running, folder: string): Promise<boolean> {
  const descriptors = `/proc/${child.pid}/fd`;
  const names = await readdir(descriptors).catch(() => undefined);
  if (!names) return new Promise((resolve) => setTimeout(() => resolve(true), 1000));
  const files = await Promise.all(names.map((name) => readlink(join(descriptors, name)).catch(() => '')));
  return files.includes(join(folder, 'cluster', 'cluster.log'));
}
