import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { openFolderStore } from '../../../src/local-cluster/store/folder.ts';
import type { KubeObject } from '../../../src/objects/object.ts';

let folder = '';
const path = (): string => join(folder, 'cluster.log');

function configMap(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { name } };
}

async function write(...names: string[]): Promise<void> {
  const { store } = await openFolderStore(folder);
  for (const name of names) {
    await store.commit({ resource: '/configmaps', namespace: 'default', name, object: configMap(name) });
  }
  await store.close();
}

async function names(): Promise<{ names: (string | undefined)[]; warnings: readonly string[] }> {
  const { store, warnings } = await openFolderStore(folder);
  const found = store.list('/configmaps').map((object) => object.metadata.name);
  await store.close();
  return { names: found, warnings };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-store-'));
});

describe('a store in a folder', () => {
  test('finds every acknowledged write again', async () => {
    await write('a', 'b');
    const { store } = await openFolderStore(folder);
    await store.commit({ resource: '/configmaps', namespace: 'default', name: 'a', object: undefined });
    await store.close();
    expect(await names()).toEqual({ names: ['b'], warnings: [] });
  });

  test('cuts a torn last record that was not acknowledged, and says so', async () => {
    await write('a', 'b');
    await appendFile(path(), '0123abcd {"revision":3,"wri');
    const opened = await names();
    expect(opened.names).toEqual(['a', 'b']);
    expect(opened.warnings).toHaveLength(1);
    expect((await names()).warnings).toEqual([]);
    await write('c');
    expect((await names()).names).toEqual(['a', 'b', 'c']);
  });

  test('takes a whole last record without its line end', async () => {
    await write('a', 'b');
    await truncate(path(), (await readFile(path())).length - 1);
    expect(await names()).toEqual({ names: ['a', 'b'], warnings: [] });
    await write('c');
    expect((await names()).names).toEqual(['a', 'b', 'c']);
  });

  test('refuses damage in the middle and leaves the file as it is', async () => {
    await write('a', 'b');
    const text = await readFile(path(), 'utf8');
    await writeFile(path(), text.replace('"name":"a"', '"name":"z"'));
    const before = await readFile(path());
    await expect(openFolderStore(folder)).rejects.toMatchObject({ code: 'broken-state' });
    expect(await readFile(path())).toEqual(before);
  });

  const DAMAGE: readonly (readonly [
    string,
    (lines: string[], older: string[]) => readonly (string | undefined)[],
    RegExp,
  ])[] = [
    ['a record that is missing', ([header, , ...rest]) => [header, ...rest], /record 2 .*does not follow/],
    [
      'a record that is there twice',
      (lines) => lines.flatMap((line, at) => (at === 2 ? [line, line] : [line])),
      /record 4 /,
    ],
    ['two records that changed places', ([header, a, b, ...rest]) => [header, b, a, ...rest], /record 2 /],
    ['an older record in place of another', ([header, a, , ...rest]) => [header, a, a, ...rest], /record 3 /],
    ['a record of another log', ([header, a, , ...rest], older) => [header, a, older[2], ...rest], /record 3 /],
    [
      'a last record that is missing',
      (lines) => lines.slice(0, -1),
      /record 4 .*ends at revision 2, but 3 was acknowledged/,
    ],
    [
      'a last record that is cut',
      (lines) => lines.map((line, at) => (at === 3 ? line.slice(0, -9) : line)),
      /record 4 /,
    ],
    ['all but the header missing', ([header]) => [header], /record 2 .*3 was acknowledged/],
    ['an older file', (_, older) => older.slice(0, 2), /record 3 .*3 was acknowledged/],
    ['nothing', () => [], /record 1 \(byte 0\) is missing/],
  ];

  test.each(DAMAGE)('refuses %s, with its place, and changes nothing', async (_, damage, says) => {
    await write('x', 'y');
    const older = (await readFile(path(), 'utf8')).split('\n').slice(0, -1);
    await rm(folder, { recursive: true });
    await write('a', 'b', 'c');
    const lines = (await readFile(path(), 'utf8')).split('\n').slice(0, -1);
    const text = damage(lines, older).map((line) => `${line}\n`);
    await writeFile(path(), text.join(''));
    await expect(openFolderStore(folder)).rejects.toMatchObject({
      code: 'broken-state',
      message: expect.stringMatching(says),
      hint: expect.stringContaining('hawser local reset --yes --data-dir'),
    });
    expect(await readFile(path(), 'utf8')).toBe(text.join(''));
  });

  test('refuses a log that is gone; without the file beside it, it goes on with what is there', async () => {
    await write('a', 'b');
    const text = await readFile(path(), 'utf8');
    await rm(path());
    await expect(openFolderStore(folder)).rejects.toMatchObject({
      message: expect.stringContaining('2 was acknowledged'),
    });
    await writeFile(path(), text.split('\n').slice(0, 2).join('\n').concat('\n'));
    await rm(join(folder, 'cluster.head'));
    expect(await names()).toEqual({ names: ['a'], warnings: [expect.stringContaining('cannot be told')] });
    expect((await names()).warnings).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['half a record', '0123abcd {"haws'],
    ['zeros', '\0\0\0\n'],
  ])('refuses a log with %s in it, with and without the file beside it', async (_what, text) => {
    await write('a', 'b');
    await writeFile(path(), text);
    const refusal = { code: 'broken-state', hint: expect.stringContaining('hawser local reset --yes --data-dir') };
    await expect(openFolderStore(folder)).rejects.toMatchObject(refusal);
    await rm(join(folder, 'cluster.head'));
    await expect(openFolderStore(folder)).rejects.toMatchObject(refusal);
    expect(await readFile(path(), 'utf8')).toBe(text);
  });

  test.each(['cluster.log', 'cluster.head'])('does not wait for a pipe in place of %s', async (file) => {
    await write('a');
    await rm(join(folder, file));
    execFileSync('mkfifo', [join(folder, file)]);
    await expect(openFolderStore(folder)).rejects.toMatchObject({ message: expect.stringContaining('is not a file') });
  });

  test('refuses a file beside the log that cannot be read', async () => {
    await write('a');
    await writeFile(join(folder, 'cluster.head'), 'x');
    await expect(openFolderStore(folder)).rejects.toMatchObject({ hint: expect.stringContaining('rm ') });
  });

  test('reads a log of the first format, whose records were not tied, and ties them', async () => {
    const line = (value: unknown): string => {
      const text = JSON.stringify(value);
      return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;
    };
    const records = ['a', 'b'].map((name, at) =>
      line({ revision: at + 1, writes: [{ resource: '/configmaps', object: configMap(name) }] }),
    );
    await writeFile(path(), [line({ hawser: 'local-cluster', format: 1 }), ...records].join(''));
    expect(await names()).toEqual({ names: ['a', 'b'], warnings: [] });
    expect(await readFile(path(), 'utf8')).toContain('"format":2');
    await write('c');
    expect(await names()).toEqual({ names: ['a', 'b', 'c'], warnings: [] });
  });

  test('can be read by its owner alone, also after compaction and with a generous umask', async () => {
    const before = process.umask(0);
    try {
      const { store } = await openFolderStore(folder);
      for (let count = 0; count < 12; count += 1) {
        const object = { ...configMap('big'), data: { text: 'x'.repeat(100_000) } };
        await store.commit({ resource: '/configmaps', namespace: 'default', name: 'big', object });
      }
      await store.close();
      expect((await stat(path())).size).toBeLessThan(1_000_000);
      for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      await chmod(path(), 0o644);
      await names();
      expect((await stat(path())).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  test('writes into no other folder when its own was moved away', async () => {
    const { store } = await openFolderStore(folder);
    const moved = `${folder}-moved`;
    await rename(folder, moved);
    await write('other');
    for (let count = 0; count < 12; count += 1) {
      const object = { ...configMap('big'), data: { text: 'x'.repeat(100_000) } };
      await store.commit({ resource: '/configmaps', namespace: 'default', name: 'big', object });
    }
    await store.close();
    expect((await names()).names).toEqual(['other']);
    folder = moved;
    expect((await names()).names).toEqual(['big']);
  });

  test('refuses a newer format', async () => {
    await write();
    const text = '{"hawser":"local-cluster","format":99}';
    await writeFile(path(), `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`);
    await expect(openFolderStore(folder)).rejects.toMatchObject({ code: 'broken-state' });
  });

  test('refuses a file that is something else', async () => {
    await appendFile(path(), 'hello\nworld\n');
    await expect(openFolderStore(folder)).rejects.toMatchObject({ code: 'broken-state' });
  });

  test('does not grow for ever, however short the runs', async () => {
    const big = { ...configMap('big'), data: { text: 'x'.repeat(100_000) } };
    for (let run = 0; run < 4; run += 1) {
      const { store } = await openFolderStore(folder);
      for (let count = 0; count < 6; count += 1) {
        await store.commit({ resource: '/configmaps', namespace: 'default', name: 'big', object: big });
      }
      await store.close();
    }
    expect((await readFile(path())).length).toBeLessThan(1_300_000);
    expect((await names()).names).toEqual(['big']);
    const { store } = await openFolderStore(folder);
    expect(store.revision()).toBe(24);
    await store.close();
  });
});
