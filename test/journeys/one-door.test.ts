// The data folder has one owner at a time, whoever comes first; the others are served through it.

import { existsSync, statSync } from 'node:fs';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create, createWorkplace, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.remove());

const names = (out: string): string[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .sort();

describe('one door', () => {
  test('two terminals at once work, one of them in a long wait', async () => {
    expect(await place.hawser(create('manual', place))).toMatchObject({ code: 0 });
    const waiting = place.start('app wait manual --sync --timeout 60');
    await until('the socket of the waiting command', () => existsSync(join(place.data, 'hawser.sock')));

    expect(await place.hawser('app list -o name')).toMatchObject({ code: 0, out: 'argocd/manual\n' });
    expect(await place.hawser('app sync manual --timeout 30')).toMatchObject({ code: 0 });

    expect(await waiting.ended).toMatchObject({ code: 0 });
  });

  test('twenty commands started at the same moment all have their answer', async () => {
    const wanted = Array.from({ length: 10 }, (_, index) => `app-${String(index).padStart(2, '0')}`);
    const commands = [
      ...wanted.map((name) => place.hawser(create(name, place))),
      ...wanted.map(() => place.hawser('app list -o name')),
    ];

    const ended = await Promise.all(commands);

    expect(ended.filter((one) => one.code !== 0)).toEqual([]);
    const listed = await place.hawser('app list -o name');
    expect(names(listed.out)).toEqual(wanted.map((name) => `argocd/${name}`));
  });

  test('an owner that is killed is replaced, and nothing acknowledged is lost', async () => {
    expect(await place.hawser(create('first', place))).toMatchObject({ code: 0 });
    const owner = place.start('app wait first --sync --timeout 60');
    await until('the owner', () => existsSync(join(place.data, 'hawser.sock')));
    const connected = place.start('app wait first --sync --timeout 60');
    expect(await place.hawser(create('second', place))).toMatchObject({ code: 0 });

    owner.child.kill('SIGKILL');
    await owner.ended;

    expect(await place.hawser('app list -o name')).toMatchObject({ code: 0, out: 'argocd/first\nargocd/second\n' });
    expect(await place.hawser('app sync first --timeout 30')).toMatchObject({ code: 0 });
    expect(await connected.ended).toMatchObject({ code: 0 });
  });

  test('a stale socket stands in nobody’s way', async () => {
    expect(await place.hawser(create('stale', place))).toMatchObject({ code: 0 });
    await writeFile(join(place.data, 'hawser.sock'), '');
    expect(await place.hawser('app list -o name')).toMatchObject({ code: 0, out: 'argocd/stale\n' });
    const waiting = place.start('app wait stale --sync --timeout 60');
    await until('its socket', () => statSync(join(place.data, 'hawser.sock')).isSocket());
    expect(await place.hawser('app sync stale --timeout 30')).toMatchObject({ code: 0 });
    expect(await waiting.ended).toMatchObject({ code: 0 });
    expect(existsSync(join(place.data, 'hawser.sock'))).toBe(false);
  });

  test('a folder whose path is too long for a socket is served through a short one', async () => {
    const data = join(place.folder, 'd'.repeat(100), 'e'.repeat(60));
    const env = { HAWSER_DATA_DIR: data };
    expect(await place.hawser(create('deep', place), { env })).toMatchObject({ code: 0 });
    const waiting = place.start('app wait deep --sync --timeout 60', { env });
    await until('its first row or request', async () => (await place.hawser('app list -o name', { env })).code === 0);

    expect(await place.hawser('app sync deep --timeout 30', { env })).toMatchObject({ code: 0 });
    expect(await waiting.ended).toMatchObject({ code: 0 });
    expect(existsSync(join(data, 'hawser.sock'))).toBe(false);
  });

  test('a folder that is moved keeps its owner, and what both acknowledge is kept', async () => {
    expect(await place.hawser(create('first', place))).toMatchObject({ code: 0 });
    const owner = place.start('app wait first --sync --timeout 60');
    await until('the owner', () => existsSync(join(place.data, 'hawser.sock')));
    const moved = join(place.folder, 'moved');
    await rename(place.data, moved);
    const env = { HAWSER_DATA_DIR: moved };

    expect(await place.hawser(create('second', place), { env })).toMatchObject({ code: 0 });
    // Its old name is another folder by now, with an owner of its own, whose socket the first one must leave alone.
    expect(await place.hawser(create('apart', place))).toMatchObject({ code: 0 });
    const apart = place.start('app wait apart --sync --timeout 60');
    await until('the other owner', () => existsSync(join(place.data, 'hawser.sock')));
    expect(await place.hawser('app sync first --timeout 30', { env })).toMatchObject({ code: 0 });
    expect(await owner.ended).toMatchObject({ code: 0 });

    expect(existsSync(join(place.data, 'hawser.sock'))).toBe(true);
    expect(await place.hawser('app sync apart --timeout 30')).toMatchObject({ code: 0 });
    expect(await apart.ended).toMatchObject({ code: 0 });
    expect(names((await place.hawser('app list -o name', { env })).out)).toEqual(['argocd/first', 'argocd/second']);
  });

  test('an owner that is stopped makes another command end with 9', async () => {
    expect(await place.hawser(create('manual', place))).toMatchObject({ code: 0 });
    const owner = place.start('app wait manual --sync --timeout 60');
    await until('the owner', () => existsSync(join(place.data, 'hawser.sock')));
    owner.child.kill('SIGSTOP');

    const refused = await place.hawser('app list');

    expect(refused).toMatchObject({ code: 9, out: '' });
    expect(refused.err).toMatch(/another process holds the data folder .* and does not answer\nhint: /);
  });

  test('a socket in a folder that others may write is not asked', async () => {
    expect(await place.hawser(create('manual', place))).toMatchObject({ code: 0 });
    const owner = place.start('app wait manual --sync --timeout 60');
    await until('the owner', () => existsSync(join(place.data, 'hawser.sock')));
    await chmod(place.data, 0o777);

    const refused = await place.hawser('app list');

    expect(refused).toMatchObject({ code: 9, out: '' });
    expect(refused.err).toMatch(/its socket cannot be trusted: others may write in it\nhint: chmod go-w /);
    owner.child.kill('SIGKILL');
  });

  test('a server waits for the command that owns the folder, says so, then owns it', async () => {
    expect(await place.hawser(create('waited', place))).toMatchObject({ code: 0 });
    const waiting = place.start('app wait waited --sync --timeout 60');
    await until('the owner', () => existsSync(join(place.data, 'hawser.sock')));
    const server = place.start('server --port 0');
    await until('the server to say that it waits', () => server.err().includes('waiting for it to end'));

    expect(await place.hawser('app sync waited --timeout 30')).toMatchObject({ code: 0 });
    expect(await waiting.ended).toMatchObject({ code: 0 });
    await until('the server to listen', () => /listens on https:/.test(server.out()));

    const second = await place.hawser('server --port 0');
    expect(second).toMatchObject({ code: 9 });
    expect(second.err).toContain('a hawser server already runs');
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
  });
});
