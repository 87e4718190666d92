// Which of several sources is meant, and what of it is typed.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

describe('a source is named or numbered', () => {
  test.each([
    'get guestbook --source-name a --source-position 1',
    'manifests guestbook --source-names a --source-positions 1 --revisions v1',
    'diff guestbook --source-names a --source-positions 1 --revisions v1',
    'sync guestbook --source-names a --source-positions 1 --revisions v1',
    'remove-source guestbook --source-name a --source-position 1',
  ])('never both: %s', async (line) => {
    const { code, out, err } = await hawser(`app ${line}`, { api });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/Only one of source-positions? and source-names? can be specified/);
  });

  test.each(['manifests', 'diff', 'sync'])('%s tells a name that no source has', async (verb) => {
    api.on('GET /api/v1/applications/guestbook').reply(200, anApplication());
    const { code, err } = await hawser(`app ${verb} guestbook --source-names none --revisions v1`, { api });
    expect(code).toBe(4);
    expect(err).toContain("Unknown source name 'none'");
  });
});

const SOURCES = { sources: [{ repoURL: 'https://example.com/r.git', path: 'a' }] };
const manifest = (metadata: object, spec: object): string =>
  JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec });
const DESTINATION = { destination: { server: 'https://kubernetes.default.svc', namespace: 'default' } };

describe('hawser app create -f', () => {
  test.each(['--helm-set tag=7', '--path b', '--kustomize-image x', '--directory-recurse', '--revision v2'])(
    'refuses %s beside several sources',
    async (flags) => {
      const stdin = manifest({ name: 'a' }, { ...DESTINATION, ...SOURCES });
      const { code, err } = await hawser(`app create -f - ${flags} --dry-run`, { api, stdin });
      expect(code).toBe(2);
      expect(err).toContain(`${flags.split(' ')[0]} cannot say which of the 1 sources of 'a' it means`);
    },
  );

  test('takes what is no matter of a source beside several', async () => {
    const stdin = manifest({ name: 'a' }, { ...DESTINATION, ...SOURCES });
    const shown = await hawser('app create -f - --dest-namespace shop --dry-run -o json', { api, stdin });
    expect(JSON.parse(shown.out)).toMatchObject({ spec: { ...SOURCES, destination: { namespace: 'shop' } } });
  });

  test('names the application of a file that names none', async () => {
    const source = { repoURL: 'https://example.com/r.git', path: 'a' };
    const stdin = manifest({}, { ...DESTINATION, source });
    const shown = await hawser('app create shop -f - --dry-run -o json', { api, stdin });
    expect(JSON.parse(shown.out)).toMatchObject({ metadata: { name: 'shop' } });
  });
});

test('of a parameter that is set twice the last counts', async () => {
  const app = anApplication();
  api.on('GET /api/v1/applications/guestbook').reply(200, app);
  api.on('PUT /api/v1/applications/guestbook/spec').reply(200, app.spec);
  expect((await hawser('app set guestbook -p a=1 -p b=2 -p a=3', { api })).code).toBe(0);
  expect(api.requests.at(-1)?.body).toMatchObject({
    source: {
      helm: {
        parameters: [
          { name: 'a', value: '3' },
          { name: 'b', value: '2' },
        ],
      },
    },
  });
});

test('what is asked of rights may begin with a slash', async () => {
  api.on('GET /api/v1/account/can-i/logs/get/%2F*').reply(200, { value: 'yes' });
  expect(await hawser(['account', 'can-i', 'get', 'logs', '/*'], { api })).toMatchObject({ code: 0, out: 'yes\n' });
});
