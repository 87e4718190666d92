// What would change many applications asks for their number first.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, type Typed } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const apps = (count: number) => Array.from({ length: count }, (_, index) => anApplication({ name: `app-${index}` }));

/** `chosen` of `total` applications have the label. */
function fleet(chosen: number, total: number): void {
  api.on('GET /api/v1/applications?selector=team%3Da').reply(200, { items: apps(chosen) });
  api.on('GET /api/v1/applications').reply(200, { items: apps(total) });
}

const deleted = (): number => api.requests.filter(({ method }) => method === 'DELETE').length;

function deletable(count: number): void {
  for (const { metadata } of apps(count)) {
    api.on(`GET /api/v1/applications/${metadata.name}`).reply(200, anApplication({ name: metadata.name }));
    api.on(`DELETE /api/v1/applications/${metadata.name}`).reply(200, {});
  }
}

describe('in a pipe', () => {
  test.each([
    ['two of eight', 2, 8, 'app delete -l team=a', 'this would delete 2 of 8 applications: '],
    ['ten of a hundred', 10, 100, 'app delete -l team=a --yes', 'this would delete 10 of 100 applications: '],
    ['eleven of a thousand', 11, 1000, 'app sync -l team=a', 'this would sync 11 of 1000 applications: '],
    ['with --prune', 3, 9, 'app sync -l team=a --prune', 'this would sync and prune 3 of 9 applications: '],
  ])('%s are refused, and the hint names the number', async (_what, chosen, total, line, says) => {
    fleet(chosen, total);
    const { code, out, err } = await hawser(line, { api });
    expect({ code, out }).toEqual({ code: 11, out: '' });
    expect(err).toContain(says);
    expect(err).toContain(`hint: --confirm ${chosen} if that is what you want\n`);
    expect(deleted()).toBe(0);
  });

  test('the number is the decision', async () => {
    api.on('GET /api/v1/applications?selector=team%3Da').reply(200, { items: apps(3) });
    deletable(3);
    expect(await hawser('app delete -l team=a --confirm 3', { api })).toMatchObject({ code: 0 });
    expect(deleted()).toBe(3);
  });

  test('another number is none', async () => {
    api.on('GET /api/v1/applications?selector=team%3Da').reply(200, { items: apps(3) });
    const { code, err } = await hawser('app delete -l team=a --confirm 2', { api });
    expect(code).toBe(11);
    expect(err).toContain('error: this would delete 3 applications, not 2: ');
  });

  test.each([
    ['two of forty', 2, 40, {}],
    ['one of one', 1, 1, {}],
    ['as many as the limit allows', 3, 40, { HAWSER_BULK_LIMIT: '3' }],
    ['all, where it is off', 3, 3, { HAWSER_BULK_LIMIT: 'off' }],
  ])('%s are no bulk', async (_what, chosen, total, env) => {
    api.on('GET /api/v1/applications?selector=team%3Da').reply(200, { items: apps(chosen) });
    if (chosen > 1 && !('HAWSER_BULK_LIMIT' in env && env.HAWSER_BULK_LIMIT === 'off'))
      api.on('GET /api/v1/applications').reply(200, { items: apps(total) });
    deletable(chosen);
    expect(await hawser('app delete -l team=a', { api, env })).toMatchObject({ code: 0 });
  });

  test('names that were typed are the decision, up to the limit', async () => {
    deletable(3);
    expect(await hawser('app delete app-0 app-1 app-2', { api })).toMatchObject({ code: 0 });
    const line = `app delete ${apps(11)
      .map(({ metadata }) => metadata.name)
      .join(' ')}`;
    expect(await hawser(line, { api })).toMatchObject({
      code: 11,
      err: expect.stringContaining('delete 11 applications'),
    });
  });

  test('a limit that is none is refused', async () => {
    const ended = await hawser('app delete a b', { api, env: { HAWSER_BULK_LIMIT: 'many' } });
    expect(ended).toMatchObject({
      code: 2,
      err: expect.stringContaining("invalid value 'many' for HAWSER_BULK_LIMIT"),
    });
  });

  test('drop-in mode has none of it', async () => {
    api.on('GET /api/v1/applications?selector=team%3Da').reply(200, { items: apps(3) });
    for (const { metadata } of apps(3)) api.on(`DELETE /api/v1/applications/${metadata.name}`).reply(200, {});
    const env = { HAWSER_COMPAT: 'argocd', ARGOCD_SERVER: '' };
    const { code } = await hawser('app delete -l team=a', { api, env });
    expect(code).toBe(0);
    expect(deleted()).toBe(3);
  });
});

describe('in a terminal', () => {
  const asked: string[] = [];
  const prompt: NonNullable<Typed['prompt']> = {
    possible: true,
    interactive: true,
    text: async ({ message, check }) => {
      asked.push(message);
      expect(await check?.('4')).toBe('type 3, or press Ctrl-C to cancel');
      expect(await check?.('3')).toBe(true);
      return '3';
    },
    secret: () => Promise.reject(new Error('no')),
    choose: () => Promise.reject(new Error('no')),
    search: () => Promise.reject(new Error('no')),
    confirm: () => Promise.reject(new Error('asked twice')),
    tick: () => Promise.reject(new Error('nothing was to be ticked')),
    confirmEach: () => Promise.reject(new Error('no')),
  };

  test('the number is asked for, once', async () => {
    fleet(3, 8);
    deletable(3);
    const { code, err } = await hawser('app delete -l team=a', { api, prompt, terminal: true });
    expect(code).toBe(0);
    expect(asked).toEqual(['This will delete 3 of 8 applications. Type 3 to go on']);
    expect(err).toContain('app-0');
    expect(deleted()).toBe(3);
  });
});
