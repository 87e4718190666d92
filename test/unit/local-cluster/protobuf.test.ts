// Protobuf both ways, for every built-in kind; what the bytes must be is recorded (test/recorded/kubernetes/kubectl-protobuf.json).

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { at, listAt } from '../../../src/core/json.ts';
import { loadProtobuf, type Protobuf } from '../../../src/local-cluster/protobuf/envelope.ts';
import { ProtobufError } from '../../../src/local-cluster/protobuf/reader.ts';
import { loadWireTable, type WireTable } from '../../../src/objects/wire.ts';
import { type KubeServer, startKubeServer } from '../../support/kube-server.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const NONE = { apiVersion: '', kind: '' };

let protobuf: Protobuf;
let table: WireTable;

beforeAll(async () => {
  [protobuf, table] = [await loadProtobuf(), await loadWireTable()];
});

/** Numbers from 0 up to 1 that are the same in each run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const words = ['a', 'web', 'größe', '', '🙂', '__proto__', 'constructor', 'x'.repeat(200)];

/** A random value of a type of the table, as Go writes it into JSON. */
function randomOf(type: string, random: () => number, levels: number): Json {
  const pick = <T>(...choices: readonly T[]): T => {
    const choice = choices[Math.floor(random() * choices.length)];
    if (choice === undefined) throw new Error('nothing to choose from');
    return choice;
  };
  const some = (make: () => Json): Json[] => Array.from({ length: 1 + Math.floor(random() * 3) }, make);
  const schema = (): Json => randomObject(table.schema, random, levels - 1);
  switch (type) {
    case 'string':
      return pick(...words);
    case 'int32':
      return pick(0, 1, 127, 128, -1, 2_147_483_647, -2_147_483_648);
    case 'int64':
      return pick(0, 300, -1, 9_007_199_254_740_991, -9_007_199_254_740_991);
    case 'bool':
      return random() < 0.5;
    case 'float64':
      return pick(0, 1.5, -1e300);
    case 'bytes':
      return Buffer.from(pick('', 'text', '\0ÿ')).toString('base64');
    case 'quantity':
      return pick('0', '500m', '1Gi');
    case 'intOrString':
      return pick<Json>(0, 80, -1, '25%', '');
    case 'time':
      return pick('2026-01-02T03:04:05Z', '1969-12-31T23:59:58Z', '0001-01-01T00:00:01Z');
    case 'microTime':
      return pick('2026-01-02T03:04:05.000001Z', '1970-01-01T00:00:00.500000Z');
    case 'rawExtension':
    case 'json':
      return pick<Json>('text', 1.5, { a: [null, { __proto__: 1 }] }, false);
    case 'fieldsV1':
      return { 'f:metadata': { 'f:labels': {} } };
    case 'strings':
      return some(() => pick(...words));
    case 'schemaOrBool':
      return levels > 0 && random() < 0.5 ? schema() : random() < 0.5;
    case 'schemaOrArray':
      return levels > 0 && random() < 0.5 ? schema() : some(schema);
    case 'schemaOrStringArray':
      return levels > 0 && random() < 0.5 ? schema() : some(() => pick(...words));
    default:
      return randomObject(Number(type), random, levels - 1);
  }
}

const SCALARS = ['string', 'bool', 'int32', 'int64', 'bytes'];
const isZero = (value: Json): boolean => value === '' || value === 0 || value === false;
const isMessage = (type: string): boolean => /^\d+$/.test(type);

function randomObject(message: number, random: () => number, levels: number): JsonObject {
  const object: Record<string, Json> = {};
  for (const text of (table.messages[message] ?? '').split(';').filter(Boolean)) {
    const [, name = '', whole = '', flags = ''] = text.split(' ');
    const [, container, type = whole] = /^(list|map):(.*)$/.exec(whole) ?? [];
    const isWanted = random() < 0.6 && (levels > 0 || !isMessage(type));
    if (flags.includes('i')) Object.assign(object, randomObject(Number(type), random, levels));
    else if (container === 'list') {
      if (isWanted) object[name] = [randomOf(type, random, levels), randomOf(type, random, levels)];
      else if (!flags.includes('o')) object[name] = null;
    } else if (container === 'map') {
      if (isWanted)
        object[name] = Object.fromEntries(words.slice(0, 3).map((key) => [key, randomOf(type, random, levels)]));
      else if (!flags.includes('o')) object[name] = null;
    } else if (isWanted || (!flags.includes('p') && isMessage(type))) {
      const value = randomOf(type, random, levels);
      const isOmitted = flags.includes('o') && SCALARS.includes(type) && isZero(value);
      if (flags.includes('p') || !isOmitted) object[name] = value;
    } else if (!flags.includes('p')) {
      const ZEROS: Record<string, Json> = {
        string: '',
        bool: false,
        int32: 0,
        int64: 0,
        quantity: '0',
        intOrString: 0,
      };
      if (flags.includes('z') || (flags.includes('o') && SCALARS.includes(type))) continue;
      object[name] = type === 'strings' ? [] : (ZEROS[type] ?? null);
    }
  }
  return object;
}

describe('protobuf', () => {
  test('of every kind, encoded and decoded, is what it was', () => {
    const random = chance(7);
    for (const [key, message] of Object.entries(table.kinds)) {
      const type = { apiVersion: key.slice(0, key.lastIndexOf('/')), kind: key.slice(key.lastIndexOf('/') + 1) };
      for (let round = 0; round < 6; round += 1) {
        const object = { ...type, ...randomObject(message, random, 5) };
        const bytes = protobuf.encode(object);
        expect(bytes, key).toBeDefined();
        const decoded = bytes && protobuf.decode(bytes, NONE);
        expect(decoded, key).toEqual(object);
        expect(decoded && protobuf.encode(decoded)?.equals(bytes), key).toBe(true);
      }
    }
    expect(Object.keys(table.kinds).length).toBeGreaterThan(130);
  });

  test('bytes that kubectl sent come out the same', () => {
    const path = new URL('../../recorded/kubernetes/kubectl-protobuf.json', import.meta.url);
    const recorded: Json = JSON.parse(readFileSync(path, 'utf8'));
    const bodies = listAt(recorded, 'steps').flatMap((step) => {
      const body = at(step, 'bodyBase64');
      return typeof body === 'string' ? [Buffer.from(body, 'base64')] : [];
    });
    // The namespace was taken out of the others when they were recorded.
    const whole = bodies.filter((body) => /AccessReview|TokenRequest/.test(body.toString('latin1')));
    expect(whole.length).toBe(2);
    for (const body of whole) expect(protobuf.encode(protobuf.decode(body, NONE))?.equals(body)).toBe(true);
  });

  test('random bytes are refused, and nothing else happens', () => {
    const random = chance(11);
    const valid = protobuf.encode({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: { a: 'b' }, creationTimestamp: '2026-01-02T03:04:05Z' },
      spec: { replicas: 2, template: { spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] } } },
    });
    for (let round = 0; round < 5000; round += 1) {
      const bytes = Buffer.from(valid ?? '');
      if (round % 2 === 0) for (let at = 4; at < bytes.length; at += 1) bytes[at] = Math.floor(random() * 256);
      else
        for (let change = 0; change < 4; change += 1)
          bytes[4 + Math.floor(random() * (bytes.length - 4))] = Math.floor(random() * 256);
      try {
        JSON.stringify(protobuf.decode(bytes, { apiVersion: 'v1', kind: 'Pod' }));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ProtobufError);
      }
    }
  });

  test('messages that nest without end are refused', () => {
    let schema: JsonObject = { type: 'object' };
    for (let level = 0; level < 900; level += 1) schema = { properties: { a: schema } };
    const spec = { versions: [{ schema: { openAPIV3Schema: schema } }] };
    const bytes = protobuf.encode({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec });
    expect(() => bytes && protobuf.decode(bytes, NONE)).toThrow(ProtobufError);
  });
});

describe('the API in protobuf', () => {
  let server: KubeServer;
  beforeAll(async () => {
    server = await startKubeServer();
  });
  afterAll(() => server.close());

  async function send(method: string, path: string, accept: string, body?: JsonObject | Buffer): Promise<Response> {
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : protobuf.encode(body);
    return fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${server.token}`, accept, ...(bytes ? { 'content-type': PROTOBUF } : {}) },
      ...(bytes ? { body: new Uint8Array(bytes) } : {}),
    });
  }

  async function answer(response: Promise<Response>): Promise<JsonObject> {
    const { headers } = await response;
    expect(headers.get('content-type')).toBe(PROTOBUF);
    return protobuf.decode(new Uint8Array(await (await response).arrayBuffer()), NONE);
  }

  const configMap = (name: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { a: 'b' },
  });
  const PATH = '/api/v1/namespaces/default/configmaps';

  test('takes and answers objects, lists, tables of groups, refusals', async () => {
    const made = await answer(send('POST', PATH, PROTOBUF, configMap('proto')));
    expect(at(made, 'metadata', 'uid')).toMatch(/-/);
    expect(await answer(send('GET', `${PATH}/proto`, `${PROTOBUF},application/json`))).toEqual(made);
    const list = await answer(send('GET', `${PATH}?fieldSelector=metadata.name%3Dproto`, PROTOBUF));
    expect(list).toMatchObject({ kind: 'ConfigMapList', items: [{ data: { a: 'b' } }] });
    expect(await answer(send('GET', `${PATH}/none`, PROTOBUF))).toMatchObject({ kind: 'Status', code: 404 });
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'other' } };
    expect(await answer(send('DELETE', `${PATH}/proto`, PROTOBUF, options))).toMatchObject({ code: 409 });
    const parts = await answer(
      send(
        'GET',
        `${PATH}?fieldSelector=metadata.name%3Dproto`,
        `${PROTOBUF};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1`,
      ),
    );
    expect(parts).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ metadata: { name: 'proto' } }] });
  });

  test('scales, binds a token and reviews', async () => {
    const labels = { app: 'w' };
    const container = { name: 'c', image: 'i' };
    const spec = {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    };
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    const path = '/apis/apps/v1/namespaces/default/deployments';
    expect(await answer(send('POST', path, PROTOBUF, web))).toMatchObject({ spec: { replicas: 1 } });
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 3 } };
    expect(await answer(send('PUT', `${path}/web/scale`, PROTOBUF, scale))).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 3 },
    });
  });

  test('streams a watch in frames', async () => {
    const rest = `${PATH}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dframed`;
    await send('POST', PATH, PROTOBUF, configMap('framed'));
    const response = await send('GET', rest, `${PROTOBUF};stream=watch,${PROTOBUF}`);
    expect(response.headers.get('content-type')).toBe(`${PROTOBUF};stream=watch`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.readUInt32BE(0)).toBe(bytes.length - 4);
    const start = bytes.indexOf('k8s\0');
    expect(bytes.subarray(4, 11).toString('latin1')).toBe('\n\u0005ADDED');
    expect(protobuf.decode(bytes.subarray(start), NONE)).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'framed' },
    });
  });

  test('refuses broken bodies with 400', async () => {
    for (const body of [Buffer.from('{}'), Buffer.from('k8s\0\xff\xff', 'latin1'), Buffer.from('k8')]) {
      expect(await answer(send('POST', PATH, PROTOBUF, body))).toMatchObject({ kind: 'Status', code: 400 });
    }
    const other = await answer(send('POST', PATH, PROTOBUF, { ...configMap('x'), kind: 'Secret' }));
    expect(other).toMatchObject({ code: 400 });
  });
});

describe('which form an answer has', () => {
  let server: KubeServer;
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'plans.proto.example.com' },
    spec: {
      group: 'proto.example.com',
      scope: 'Namespaced',
      names: { plural: 'plans', singular: 'plan', kind: 'Plan', listKind: 'PlanList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };

  beforeAll(async () => {
    server = await startKubeServer();
    const headers = { authorization: `Bearer ${server.token}`, 'content-type': PROTOBUF };
    const body = new Uint8Array(protobuf.encode(definition) ?? []);
    const made = await fetch(`${server.url}/apis/apiextensions.k8s.io/v1/customresourcedefinitions`, {
      method: 'POST',
      headers,
      body,
    });
    expect(made.status).toBe(201);
  });
  afterAll(() => server.close());

  const BUILTIN = '/api/v1/namespaces';
  const CUSTOM = '/apis/proto.example.com/v1/plans';

  test.each([
    [BUILTIN, undefined, 200, 'application/json'],
    [BUILTIN, '*/*', 200, 'application/json'],
    [BUILTIN, 'application/*', 406, 'application/json'],
    [BUILTIN, PROTOBUF, 200, PROTOBUF],
    [BUILTIN, `${PROTOBUF},application/json`, 200, PROTOBUF],
    [BUILTIN, `application/json,${PROTOBUF}`, 200, 'application/json'],
    [BUILTIN, `application/json;q=0.5,${PROTOBUF};q=0.9`, 200, PROTOBUF],
    [BUILTIN, `*/*,${PROTOBUF}`, 200, PROTOBUF],
    [BUILTIN, 'text/html,application/yaml;q=0.2', 200, 'application/yaml'],
    [BUILTIN, 'text/html', 406, 'application/json'],
    [BUILTIN, `${PROTOBUF};as=Table;v=v1;g=meta.k8s.io`, 406, 'application/json'],
    [BUILTIN, 'application/json;as=Chair;v=v1;g=meta.k8s.io', 406, 'application/json'],
    [BUILTIN, 'application/json;as=Chair;v=v1;g=meta.k8s.io,application/json', 200, 'application/json'],
    [`${BUILTIN}?watch=true&timeoutSeconds=1`, 'application/yaml', 406, 'application/yaml'],
    [`${BUILTIN}?watch=true&timeoutSeconds=1`, PROTOBUF, 200, `${PROTOBUF};stream=watch`],
    [CUSTOM, PROTOBUF, 406, PROTOBUF],
    [CUSTOM, `${PROTOBUF},application/json`, 200, 'application/json'],
    [CUSTOM, `${PROTOBUF};as=PartialObjectMetadataList;v=v1;g=meta.k8s.io`, 200, PROTOBUF],
    [`${CUSTOM}?watch=true&timeoutSeconds=1`, `${PROTOBUF},application/json`, 200, 'application/json'],
  ])('%s for %s: %i %s', async (path, accept, status, type) => {
    const headers = { authorization: `Bearer ${server.token}`, ...(accept === undefined ? {} : { accept }) };
    const response = await fetch(`${server.url}${path}`, { headers });
    await response.arrayBuffer();
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
  });

  test('long answers are packed for who can unpack them', async () => {
    const headers = { authorization: `Bearer ${server.token}`, 'accept-encoding': 'gzip, deflate;q=0.5' };
    const long = await fetch(`${server.url}/openapi/v2`, { headers });
    expect([long.headers.get('content-encoding'), long.headers.get('vary')]).toEqual(['gzip', 'Accept-Encoding']);
    expect(await long.json()).toMatchObject({ swagger: '2.0' });
    for (const [path, coding] of [
      [BUILTIN, 'gzip'],
      ['/openapi/v2', 'identity'],
    ] as const) {
      const plain = await fetch(`${server.url}${path}`, { headers: { ...headers, 'accept-encoding': coding } });
      expect(plain.headers.get('content-encoding'), path).toBe(null);
      await plain.arrayBuffer();
    }
  });

  test('a custom kind is not written in protobuf', async () => {
    const headers = { authorization: `Bearer ${server.token}`, 'content-type': PROTOBUF };
    const body = new Uint8Array(protobuf.encode({ ...definition, metadata: { name: 'x' } }) ?? []);
    const refused = await fetch(`${server.url}${CUSTOM.replace('plans', 'namespaces/default/plans')}`, {
      method: 'POST',
      headers,
      body,
    });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(await refused.json())).toContain('does not implement the protobuf marshalling interface');
  });
});
