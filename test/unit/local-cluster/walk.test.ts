// What discovery promises is kept: every built-in kind, every verb of it, every subresource. A kind without an object to try it
// with, or a subresource without a row here, fails.

import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { isStream } from '../../../src/local-cluster/request.ts';
import { builtinResources, type ResourceEntry, type Subresource } from '../../../src/objects/types.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
  for (const name of ['fields', 'walk']) {
    await kube.call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
});
afterAll(() => kube.close());

const bases = loadAll(readFileSync(new URL('../../recorded/fields/bases.yaml', import.meta.url), 'utf8')).filter(
  isObject,
);

interface Row {
  readonly title: string;
  readonly apiVersion: string;
  readonly entry: ResourceEntry;
}

const rows: Row[] = Object.entries(builtinResources()).flatMap(([apiVersion, entries]) =>
  entries.map((entry) => ({ title: `${apiVersion} ${entry.name}`, apiVersion, entry })),
);
const stored = rows.filter(({ entry }) => entry.verbs.includes('create') && entry.verbs.includes('get'));

function collectionOf({ apiVersion, entry }: Row): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return `${root}/${entry.namespaced ? 'namespaces/fields/' : ''}${entry.name}`;
}

/** A new object of the kind, with a name of its own where the kind lets one choose it. */
function baseOf({ apiVersion, entry }: Row): JsonObject {
  const base = bases.find((object) => object['apiVersion'] === apiVersion && object['kind'] === entry.kind);
  if (!base) throw new Error(`no object of ${apiVersion} ${entry.kind} in bases.yaml`);
  return base;
}

const SAID = { 'content-type': 'application/json' };
const PATCHES: Readonly<Record<string, unknown>> = {
  'application/merge-patch+json': { metadata: { labels: { merge: 'a' } } },
  'application/strategic-merge-patch+json': { metadata: { labels: { strategic: 'a' } } },
  'application/json-patch+json': [{ op: 'add', path: '/metadata/labels/json', value: 'a' }],
};

const ok = (answer: KubeAnswer, ...statuses: number[]): JsonObject => {
  expect(statuses, `${answer.status} ${answer.message}${answer.text}`).toContain(answer.status);
  return answer.body;
};

async function firstEvent(path: string): Promise<JsonObject> {
  const control = new AbortController();
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const answer = await kube.handle({
    method: 'GET',
    path: pathname,
    query: searchParams,
    headers: {},
    signal: control.signal,
  });
  if (!isStream(answer.body)) throw new Error('no stream');
  for await (const event of answer.body) {
    control.abort();
    return typeof event === 'string' ? {} : event;
  }
  throw new Error('no event');
}

describe.each(stored)('$title', (row) => {
  const { apiVersion, entry } = row;
  const collection = collectionOf(row);
  const answers = async (method: string, path: string, body?: unknown, type = SAID): Promise<KubeAnswer> =>
    kube.call(method, path, body === undefined ? undefined : JSON.stringify(body), { headers: type });

  test('is created, read, changed and deleted by the verbs that discovery tells', async () => {
    const base = baseOf(row);
    const path = `${collection}/${textAt(base, 'metadata', 'name')}`;
    const called: string[] = [];
    const verb = (name: string): void => void called.push(name);

    verb('create');
    expect(ok(await answers('POST', collection, base), 201)).toMatchObject({ apiVersion, kind: entry.kind });
    expect((await answers('POST', collection, base)).status).toBe(409);

    verb('get');
    const read = ok(await answers('GET', path), 200);
    const table = await kube.call('GET', path, undefined, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    expect(listAt(ok(table, 200), 'rows')).toHaveLength(1);

    verb('list');
    const list = ok(await answers('GET', `${collection}?limit=500`), 200);
    expect(list['kind']).toBe(`${entry.kind}List`);
    expect(listAt(list, 'items').map((item) => textAt(item, 'metadata', 'uid'))).toContain(
      textAt(read, 'metadata', 'uid'),
    );

    verb('watch');
    const name = `fieldSelector=metadata.name%3D${textAt(base, 'metadata', 'name')}`;
    expect(await firstEvent(`${collection}?watch=1&${name}`)).toMatchObject({
      type: 'ADDED',
      object: { apiVersion, kind: entry.kind, metadata: { uid: textAt(read, 'metadata', 'uid') } },
    });

    verb('patch');
    for (const [type, patch] of Object.entries(PATCHES))
      ok(await answers('PATCH', path, patch, { 'content-type': type }), 200);
    const applied = { apiVersion, kind: entry.kind, metadata: { labels: { apply: 'a' } } };
    const patched = await answers('PATCH', `${path}?fieldManager=walk`, applied, {
      'content-type': 'application/apply-patch+yaml',
    });
    expect(ok(patched, 200)).toMatchObject({
      metadata: { labels: { merge: 'a', strategic: 'a', json: 'a', apply: 'a' } },
    });

    verb('update');
    const { body: latest } = await answers('GET', path);
    const changed = { ...latest, metadata: { ...objectAt(latest, 'metadata'), labels: { put: 'a' } } };
    expect(ok(await answers('PUT', path, changed), 200)).toMatchObject({ metadata: { labels: { put: 'a' } } });
    expect((await answers('PUT', path, changed)).status).toBe(409);

    for (const subresource of entry.subresources ?? []) await tryPart(path, subresource);
    expect((await answers('GET', `${path}/nonsense`)).status).toBe(404);

    verb('delete');
    ok(await answers('DELETE', `${path}?dryRun=All`), 200, 202);
    expect((await answers('GET', path)).status).toBe(200);
    ok(await answers('DELETE', `${path}?gracePeriodSeconds=0`), 200, 202);

    if (entry.verbs.includes('deletecollection')) {
      verb('deletecollection');
      ok(await answers('DELETE', `${collection}?labelSelector=none-has%3Dthis`), 200);
    } else {
      expect((await answers('DELETE', collection)).status).toBe(405);
    }
    expect(called.sort()).toEqual([...entry.verbs].sort());
  });

  /** Every verb of a subresource, by its row. */
  async function tryPart(path: string, { name, verbs, kind }: Subresource): Promise<void> {
    const how = PARTS[name];
    if (!how) throw new Error(`no row for the subresource ${entry.name}/${name}`);
    for (const verb of verbs) {
      const method = METHODS[verb];
      if (method === undefined) throw new Error(`no method for the verb ${verb}`);
      await how({ method, path: `${path}/${name}`, kind, answers });
    }
    const other = verbs.includes('create') ? 'PATCH' : 'POST';
    if (!verbs.includes(other === 'PATCH' ? 'patch' : 'create'))
      expect((await answers(other, `${path}/${name}`, {})).status, `${other} ${name}`).toBeGreaterThanOrEqual(400);
  }
});

const METHODS: Readonly<Record<string, string>> = {
  get: 'GET',
  update: 'PUT',
  patch: 'PATCH',
  create: 'POST',
  delete: 'DELETE',
};

interface Call {
  readonly method: string;
  readonly path: string;
  readonly kind: string;
  readonly answers: (method: string, path: string, body?: unknown, type?: typeof SAID) => Promise<KubeAnswer>;
}

/** What is read there is an object that can be put and patched there. */
async function asObject({ method, path, kind, answers }: Call): Promise<void> {
  const read = ok(await answers('GET', path.endsWith('/finalize') ? path.replace('/finalize', '') : path), 200);
  expect(read['kind']).toBe(kind);
  const patch = { metadata: { annotations: {} } };
  const body = method === 'PUT' ? read : method === 'PATCH' ? patch : undefined;
  const type = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : SAID;
  expect(ok(await answers(method, path, body, type), 200)['kind']).toBe(kind);
}

/** What only a process behind a Pod could answer is refused in a sentence. */
async function refused({ method, path, answers }: Call): Promise<void> {
  const { status, message, text } = await answers(method, path);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(`${message}${text}`).toMatch(/\w+ \w+/);
}

const posted =
  (body: JsonObject, ...statuses: number[]) =>
  async ({ path, answers }: Call): Promise<void> =>
    void ok(await answers('POST', `${path}?dryRun=All`, body), ...statuses);

/** How each subresource is called. */
const PARTS: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  status: asObject,
  scale: asObject,
  approval: asObject,
  finalize: asObject,
  ephemeralcontainers: asObject,
  resize: asObject,
  log: async ({ path, answers }) => void ok(await answers('GET', `${path}?container=c`), 200, 400),
  attach: refused,
  exec: refused,
  portforward: refused,
  proxy: refused,
  // A Pod that has its node is not bound again.
  binding: posted({ metadata: { name: 'sample' }, target: { kind: 'Node', name: 'n' } }, 201, 409),
  eviction: posted({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'sample' } }, 201, 429),
  token: posted({ spec: { expirationSeconds: 3600 } }, 201),
};

test('what is only posted is answered', async () => {
  const bodies: Readonly<Record<string, JsonObject>> = {
    bindings: { metadata: { name: 'nobody' }, target: { kind: 'Node', name: 'n' } },
    selfsubjectreviews: {},
    tokenreviews: { spec: { token: 'none' } },
    localsubjectaccessreviews: {
      metadata: { namespace: 'fields' },
      spec: { user: 'ann', resourceAttributes: { namespace: 'fields', verb: 'get', resource: 'pods' } },
    },
    selfsubjectaccessreviews: { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } },
    selfsubjectrulesreviews: { spec: { namespace: 'fields' } },
    subjectaccessreviews: { spec: { user: 'ann', nonResourceAttributes: { path: '/x', verb: 'get' } } },
  };
  for (const row of rows.filter(({ entry }) => !entry.verbs.includes('get'))) {
    const body = bodies[row.entry.name];
    if (!body) throw new Error(`no body for ${row.title}`);
    const answer = await kube.call('POST', collectionOf(row), JSON.stringify(body), { headers: SAID });
    expect(answer.status, `${row.title}: ${answer.message}`).toBe(row.entry.name === 'bindings' ? 404 : 201);
    expect((await kube.call('GET', collectionOf(row))).status, row.title).toBe(405);
  }
});
