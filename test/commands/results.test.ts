// Commands that change something answer in JSON as well: one document on stdout, and silence on stderr.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser } from '../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const SOURCE = { repoURL: 'https://git.example.com/shop.git', path: 'shop', helm: { parameters: [{ name: 'a' }] } };
const SPEC = { project: 'default', source: SOURCE, destination: { namespace: 'shop' } };
const SHOP = { metadata: { name: 'shop', namespace: 'argocd' }, spec: SPEC };
const SOURCES = { ...SPEC, source: undefined, sources: [{ repoURL: 'https://a' }, { repoURL: 'https://b' }] };
const GET = 'GET /api/v1/applications/shop';
const LIVE = { kind: 'Pod', group: '', namespace: 'shop', name: 'web' };
const LIVE_ITEMS = {
  items: [{ ...LIVE, liveState: JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'web' } }) }],
};
const MANAGED = 'GET /api/v1/applications/shop/managed-resources';
const RESOURCE = { group: '', kind: 'Pod', name: 'web' };

type Prepared = readonly (readonly [string, object])[];

describe('one document', () => {
  test.each<[string, Prepared, object]>([
    [
      'app set shop --revision v2',
      [
        [GET, SHOP],
        ['PUT /api/v1/applications/shop/spec', { ...SPEC, project: 'saved' }],
      ],
      { name: 'shop', result: 'updated', spec: { project: 'saved' } },
    ],
    [
      'app set shop --project default',
      [
        [GET, SHOP],
        ['PUT /api/v1/applications/shop/spec', SPEC],
      ],
      { result: 'unchanged' },
    ],
    [
      'app unset shop -p a',
      [
        [GET, SHOP],
        ['PUT /api/v1/applications/shop/spec', SPEC],
      ],
      { result: 'updated' },
    ],
    ['app unset shop -p nope', [[GET, SHOP]], { result: 'unchanged' }],
    [
      'app add-source shop --repo https://c',
      [
        [GET, { ...SHOP, spec: SOURCES }],
        ['PUT /api/v1/applications/shop/spec', SOURCES],
      ],
      { result: 'updated', spec: { sources: [{}, {}] } },
    ],
    [
      'app remove-source shop --source-position 2',
      [
        [GET, { ...SHOP, spec: SOURCES }],
        ['PUT /api/v1/applications/shop/spec', SOURCES],
      ],
      { result: 'updated' },
    ],
    ['app patch shop --patch []', [['PATCH /api/v1/applications/shop', SHOP]], { metadata: { name: 'shop' } }],
    ['app terminate-op shop', [['DELETE /api/v1/applications/shop/operation', {}]], { result: 'terminating' }],
    [
      'app confirm-deletion shop',
      [
        [GET, SHOP],
        ['PUT /api/v1/applications/shop', SHOP],
      ],
      { name: 'shop', result: 'confirmed' },
    ],
    [
      'app delete shop --yes',
      [
        [GET, SHOP],
        ['DELETE /api/v1/applications/shop', {}],
      ],
      { applications: [{ name: 'shop', result: 'deleted', cascade: false }] },
    ],
    [
      'app delete shop --cascade --dry-run',
      [
        [GET, SHOP],
        [MANAGED, LIVE_ITEMS],
      ],
      { applications: [{ result: 'would be deleted', deletedKinds: ['Pod'], keptKinds: [] }] },
    ],
    [
      'app delete-resource shop --kind Pod --all',
      [
        [MANAGED, LIVE_ITEMS],
        ['DELETE /api/v1/applications/shop/resource', {}],
      ],
      { resources: [{ ...RESOURCE, result: 'deleted' }] },
    ],
    [
      'app patch-resource shop --kind Pod --all --patch {}',
      [
        [MANAGED, LIVE_ITEMS],
        ['POST /api/v1/applications/shop/resource', { manifest: '{}' }],
      ],
      { resources: [{ ...RESOURCE, result: 'patched' }] },
    ],
    ['account delete-token t1 --account ci', [['DELETE /api/v1/account/ci/token/t1', {}]], { id: 't1', account: 'ci' }],
    [
      'account generate-token --account ci --expires-in 1h',
      [['POST /api/v1/account/ci/token', { token: 't' }]],
      { account: 'ci', token: 't', expiresIn: 3600 },
    ],
    [
      'account can-i sync applications */*',
      [['GET /api/v1/account/can-i/applications/sync/*/*', { value: 'no' }]],
      { allowed: false },
    ],
  ])('%s', async (line, answers, document) => {
    for (const [request, body] of answers) api.on(request).reply(200, body);
    const { code, out, err } = await hawser(`${line} -o json`, { api });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject(document);
  });
});

test('what was deleted before a failure is in its document', async () => {
  const names = ['a', 'b'];
  for (const name of names) api.on(`GET /api/v1/applications/${name}`).reply(200, { ...SHOP, metadata: { name } });
  api.on('DELETE /api/v1/applications/a').reply(200, {});
  api.on('DELETE /api/v1/applications/b').reply(403, { code: 7, message: 'permission denied' });
  const { code, out } = await hawser('app delete a b --yes -o json', { api });
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({ error: { details: { applications: [{ name: 'a', result: 'deleted' }] } } });
});

test('a format that is none is refused before anything changes', async () => {
  const { code, out, err } = await hawser('app set shop --revision v2 -o tabel', { api });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toBe("error: invalid value 'tabel' for --output\nhint: valid values: json, yaml\n");
});
