import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, stillClock } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const LOGS = 'GET /api/v1/applications/guestbook/logs';
const APP = '/api/v1/applications/guestbook';
const END = { last: true, content: '', podName: '', timeStampStr: '' };
const line = (content: string, second: number, podName = 'web-1'): unknown => ({
  content,
  podName,
  timeStampStr: `2026-01-05T09:59:0${second}.5Z`,
  last: false,
});
const asked = (): (string | null)[] =>
  api.requests
    .filter(({ url }) => url.includes('/logs'))
    .map(({ url }) => new URL(url, 'http://x').searchParams.get('sinceSeconds'));

describe('hawser app logs', () => {
  test('prints the lines, and with --prefix the pod before each', async () => {
    api.on(LOGS).stream([line('one', 1), line('two', 2, 'web-2'), END]);
    expect(await hawser('app logs guestbook', { api })).toEqual({ code: 0, err: '', out: 'one\ntwo\n' });
    expect((await hawser('app logs guestbook --prefix', { api })).out).toBe('[web-1] one\n[web-2] two\n');
  });

  test('of an application that is not there are told apart from those nobody may read', async () => {
    api.on(LOGS).reply(403, { code: 7, message: 'permission denied' });
    api.on('GET /api/v1/applications').reply(200, { items: [] });
    expect(await hawser('app logs guestbook', { api })).toMatchObject({
      code: 4,
      err: "error: application 'guestbook' not found\nhint: hawser app list\n",
    });
  });

  test('gives each pod a colour of its own', async () => {
    api.on(LOGS).stream([line('one', 1), line('two', 2, 'web-2'), END]);
    const { out } = await hawser('app logs guestbook --prefix --color always', { api });
    expect(out).toBe('\u001b[94m[web-1]\u001b[39m one\n\u001b[35m[web-2]\u001b[39m two\n');
  });

  test('--grep keeps the lines that fit, --since asks for the seconds', async () => {
    api.on(LOGS).stream([line('GET /a 200', 1), line('GET /b 503', 2), END]);
    const { out } = await hawser(['app', 'logs', 'guestbook', '--grep', ' 5\\d\\d$', '--since', '1m30s'], { api });
    expect(out).toBe('GET /b 503\n');
    expect(asked()).toEqual(['90']);
  });

  test('--all-containers reads each container of each pod and tells them apart', async () => {
    api.on(`GET ${APP}/resource-tree`).reply(200, {
      nodes: [
        { kind: 'Deployment', group: 'apps', name: 'web', uid: 'd' },
        { kind: 'Pod', version: 'v1', namespace: 'shop', name: 'web-1', uid: 'p', parentRefs: [{ uid: 'd' }] },
        { kind: 'Pod', version: 'v1', namespace: 'shop', name: 'other', uid: 'o' },
      ],
    });
    const manifest = JSON.stringify({ spec: { initContainers: [{ name: 'setup' }], containers: [{ name: 'main' }] } });
    api.on(`GET ${APP}/resource`).reply(200, { manifest });
    api.on(LOGS).stream([line('ready', 1), END]);
    const shown = await hawser('app logs guestbook --kind Deployment --name web --all-containers', { api });
    expect(shown).toEqual({ code: 0, err: '', out: '[web-1/setup] ready\n[web-1/main] ready\n' });
  });

  test.each(['', ' -f'])('of a kind that the application does not have are an error%s', async (follow) => {
    api.on(`GET ${APP}/resource-tree`).reply(200, {
      nodes: [
        { kind: 'Deployment', group: 'apps', name: 'web', uid: 'd' },
        { kind: 'ConfigMap', name: 'web', uid: 'c' },
        { kind: 'Pod', version: 'v1', namespace: 'shop', name: 'web-1', uid: 'p', parentRefs: [{ uid: 'd' }] },
      ],
    });
    if (follow === '') api.on(LOGS).stream([]);
    expect(await hawser(`app logs guestbook --kind Foo${follow}`, { api })).toEqual({
      code: 4,
      out: '',
      err: "error: application 'guestbook' has no Foo\nhint: what has logs there: Deployment, Pod\n",
    });
  });

  describe('while it follows', () => {
    const stops = (after: number) => {
      const controller = new AbortController();
      let sleeps = 0;
      // The looks for other Pods are not what is counted.
      const sleep = (milliseconds: number): Promise<void> => {
        if (milliseconds > 1000) return new Promise((_, reject) => controller.signal.addEventListener('abort', reject));
        sleeps += 1;
        if (sleeps >= after) controller.abort(new Error('stop'));
        return sleeps >= after ? Promise.reject(new Error('stop')) : Promise.resolve();
      };
      return { signal: controller.signal, clock: { ...stillClock(), sleep } };
    };

    test('survives a restart and a lost connection without a line twice or missing', async () => {
      pods('web-1');
      api.on(LOGS).stream([line('one', 1), line('two', 2)], { breaks: 'ECONNRESET' });
      api.on(LOGS).stream([line('two', 2), line('three', 3), END]);
      api.on(LOGS).stream([line('three', 3), line('four', 4)]);
      const { out, err } = await hawser('app logs guestbook -f', { api, ...stops(3) });
      expect(out).toBe('one\ntwo\nthree\nfour\n');
      expect(err.match(/connecting again/g)).toHaveLength(1);
      expect(asked()).toEqual([null, '59', '58']);
    });

    /** The answers to two looks, or more. */
    function pods(...looks: readonly string[]): void {
      for (const look of looks) {
        const nodes = look
          .split(' ')
          .filter(Boolean)
          .map((name) => ({ kind: 'Pod', version: 'v1', namespace: 'shop', name, uid: name }));
        api.on(`GET ${APP}/resource-tree`).reply(200, { nodes });
      }
      const manifest = JSON.stringify({ spec: { containers: [{ name: 'main' }, { name: 'sidecar' }] } });
      api.on(`GET ${APP}/resource`).reply(200, { manifest });
    }

    /** Some looks, and then Ctrl-C. */
    const looks = (count: number) => {
      const controller = new AbortController();
      let before = count;
      const sleep = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        before -= 1;
        if (before <= 0) controller.abort(new Error('stop'));
        controller.signal.throwIfAborted();
      };
      return { signal: controller.signal, clock: { ...stillClock(), sleep } };
    };

    test('shows every pod that there is and every one that comes, through a rollout', async () => {
      pods('web-1 web-2', 'web-2 web-3');
      api.on(LOGS).stream([line('a', 1, 'web-1')], { hang: true });
      api.on(LOGS).stream([line('b', 1, 'web-2')], { hang: true });
      api.on(LOGS).stream([line('c', 2, 'web-3')], { hang: true });
      const { out, err } = await hawser('app logs guestbook -f --tail 5', { api, ...looks(4) });
      expect(out).toBe('[web-1] a\n[web-2] b\n[web-3] c\n');
      expect(err).not.toContain('not found');
      const questions = api.requests
        .filter(({ url }) => url.includes('/logs'))
        .map(({ url }) => new URL(url, 'http://x'));
      expect(questions.map(({ searchParams }) => searchParams.get('container'))).toEqual(['main', 'main', 'main']);
      expect(questions.map(({ searchParams }) => searchParams.get('tailLines'))).toEqual(['5', '5', null]);
    });

    test('a pod that went while it was looked at ends nothing', async () => {
      pods('web-1', 'web-2');
      api.on(LOGS).reply(404, { code: 5, message: 'pods "web-1" not found' });
      api.on(LOGS).stream([line('b', 1, 'web-2')], { hang: true });
      const { out, err } = await hawser('app logs guestbook -f --prefix', { api, ...looks(4) });
      expect(out).toBe('[web-2] b\n');
      expect(err).not.toContain('web-1');
    });

    test('a pod that has not started is told once, and tried again', async () => {
      pods('web-1');
      const waiting = { code: 3, message: 'container "main" in pod "web-1" is waiting to start' };
      api.on(LOGS).reply(400, waiting).reply(400, waiting);
      api.on(LOGS).stream([line('ready', 1)], { hang: true });
      const { out, err } = await hawser('app logs guestbook -f', { api, ...looks(5) });
      expect(out).toBe('ready\n');
      expect(err.match(/no log of web-1\/main yet: .* is waiting to start/g)).toHaveLength(1);
    });

    test('no pod at all is waited for', async () => {
      pods('', '', 'web-1');
      api.on(LOGS).stream([line('ready', 1)], { hang: true });
      const { out, err } = await hawser('app logs guestbook -f', { api, ...looks(5) });
      expect(out).toBe('ready\n');
      expect(err).toContain('there is no pod yet: waiting for one\n');
    });

    test('-c is the container of each pod that has it', async () => {
      pods('web-1');
      api.on(LOGS).stream([line('x', 1)], { hang: true });
      await hawser('app logs guestbook -f -c sidecar', { api, ...looks(2) });
      expect(api.requests.find(({ url }) => url.includes('/logs'))?.url).toContain('container=sidecar');
    });

    test('--all-containers takes up the pods that come, and lets go of those that went', async () => {
      const tree = (pod: string): unknown => ({
        nodes: [{ kind: 'Pod', version: 'v1', namespace: 'shop', name: pod }],
      });
      api.on(`GET ${APP}/resource-tree`).reply(200, tree('web-1'));
      api.on(`GET ${APP}/resource-tree`).reply(200, tree('web-2'));
      api
        .on(`GET ${APP}/resource`)
        .reply(200, { manifest: JSON.stringify({ spec: { containers: [{ name: 'main' }] } }) });
      api.on(LOGS).stream([line('old', 1)], { hang: true });
      api.on(LOGS).stream([line('new', 2, 'web-2')], { hang: true });
      const controller = new AbortController();
      let looks = 0;
      const sleep = async (): Promise<void> => {
        looks += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (looks >= 3) controller.abort(new Error('stop'));
        controller.signal.throwIfAborted();
      };
      const typed = { api, signal: controller.signal, clock: { ...stillClock(), sleep } };
      const { out } = await hawser('app logs guestbook -f --all-containers', typed);
      expect(out).toBe('[web-1/main] old\n[web-2/main] new\n');
    });

    test('ends with the log in drop-in mode', async () => {
      api.on(LOGS).stream([line('one', 1), END]);
      const shown = await hawser('app logs guestbook -f', { api, env: { HAWSER_COMPAT: 'argocd' } });
      expect(shown).toMatchObject({ code: 0, out: 'one\n' });
    });
  });

  test.each([[['--grep', '(']], [['--since', 'yesterday']], [['--since', '5m', '--since-seconds', '3']]])(
    '%s is wrong usage',
    async (words) => {
      const shown = await hawser(['app', 'logs', 'guestbook', ...words]);
      expect(shown).toMatchObject({ code: 2, out: '' });
      expect(shown.err).toMatch(/^error: /);
    },
  );
});
