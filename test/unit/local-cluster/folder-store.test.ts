import { appendFile, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  test('cuts a torn last record and says so', async () => {
    await write('a', 'b');
    const { length } = await readFile(path());
    await truncate(path(), length - 20);
    const opened = await names();
    expect(opened.names).toEqual(['a']);
    expect(opened.warnings).toHaveLength(1);
    expect((await names()).warnings).toEqual([]);
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

  test('refuses a newer format', async () => {
    await writeFile(path(), '');
    await write();
    const text = '{"hawser":"local-cluster","format":99}';
    const { crc32 } = await import('node:zlib');
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
