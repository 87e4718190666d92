import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';
const TREE = {
  nodes: [
    { group: 'apps', kind: 'Deployment', version: 'v1', namespace: 'shop', name: 'web', uid: 'd' },
    { kind: 'Pod', version: 'v1', namespace: 'shop', name: 'web-1', uid: 'p', parentRefs: [{ uid: 'd' }] },
  ],
  orphanedNodes: [{ kind: 'ConfigMap', version: 'v1', namespace: 'shop', name: 'stray', uid: 'o' }],
};
const tree = (): unknown => api.on(`GET ${APP}/resource-tree`).reply(200, TREE);

describe('hawser app resources', () => {
  test.each([
    [
      '',
      `GROUP  KIND        NAMESPACE  NAME   ORPHANED
apps   Deployment  shop       web    No
       ConfigMap   shop       stray  Yes
`,
    ],
    ['--orphaned', 'GROUP  KIND       NAMESPACE  NAME   ORPHANED\n       ConfigMap  shop       stray  Yes\n'],
    [
      '--output tree --orphaned=false',
      `GROUP  KIND        NAMESPACE  NAME   ORPHANED
apps   Deployment  shop       web    No
└─     Pod         shop       web-1  No
`,
    ],
  ])('%s', async (line, out) => {
    tree();
    expect(await hawser(`app resources guestbook ${line}`, { api })).toEqual({ code: 0, err: '', out });
  });

  test('--output json is the tree as it came', async () => {
    tree();
    expect(JSON.parse((await hawser('app resources guestbook --output json', { api })).out)).toEqual(TREE);
  });

  test('an unknown format is wrong usage, and in drop-in mode the table', async () => {
    expect(await hawser('app resources guestbook --output xml')).toMatchObject({ code: 2, out: '' });
    tree();
    const shown = await hawser('app resources guestbook --output xml', { api, env: { HAWSER_COMPAT: 'argocd' } });
    expect(shown.out).toMatch(/^GROUP {2}KIND/);
  });
});

describe('hawser app get-resource', () => {
  beforeEach(() => {
    tree();
    const containers = [{ image: 'web:1' }, { image: 'side:1' }];
    const manifest = { kind: 'Pod', metadata: { name: 'web-1', managedFields: [] }, spec: { containers } };
    api.on(`GET ${APP}/resource`).reply(200, { manifest: JSON.stringify(manifest) });
  });

  test('goes through lists, one row a value', async () => {
    const line = 'app get-resource guestbook --kind Pod --filter-fields spec.containers.image';
    expect((await hawser(line, { api })).out).toBe(`FIELD                     RESOURCE NAME  VALUE
spec.containers[0].image  web-1          web:1
spec.containers[1].image  web-1          side:1
`);
  });

  test('tells whose fields they are in documents', async () => {
    const line = 'app get-resource guestbook --kind Pod --filter-fields kind -o json';
    expect(JSON.parse((await hawser(line, { api })).out)).toEqual({ metadata: { name: 'web-1' }, kind: 'Pod' });
  });

  test('leaves managed fields out of YAML unless they are asked for', async () => {
    const line = 'app get-resource guestbook --kind Pod -o yaml';
    expect((await hawser(line, { api })).out).toBe(
      'kind: Pod\nmetadata:\n    name: web-1\nspec:\n    containers:\n        - image: web:1\n        - image: side:1\n\n',
    );
    expect((await hawser(`${line} --show-managed-fields`, { api })).out).toContain('managedFields: []');
  });
});
