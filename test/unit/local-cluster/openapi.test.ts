// The documents that clients read before they write: every reference leads somewhere, every kind can be patched.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, isObject, type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import { encodeDocument } from '../../../src/local-cluster/openapi/gnostic-second.ts';
import { encodeThird } from '../../../src/local-cluster/openapi/gnostic-third.ts';
import { Reader } from '../../../src/local-cluster/protobuf/reader.ts';
import { isStream } from '../../../src/local-cluster/request.ts';
import { builtinResources } from '../../../src/objects/types.ts';

const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

let cluster: LocalCluster;

const PLANS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'plans.shop.example.com' },
  spec: {
    group: 'shop.example.com',
    scope: 'Namespaced',
    names: { plural: 'plans', singular: 'plan', kind: 'Plan', listKind: 'PlanList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' } },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['port', 'note'],
                properties: {
                  port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
                  note: { type: 'string', nullable: true },
                  free: {
                    type: 'object',
                    'x-kubernetes-preserve-unknown-fields': true,
                    properties: { a: { type: 'string' } },
                  },
                  pod: {
                    type: 'object',
                    'x-kubernetes-embedded-resource': true,
                    'x-kubernetes-preserve-unknown-fields': true,
                  },
                  size: { type: 'integer', minimum: 1, default: 3, enum: [1, 3] },
                  items: {
                    type: 'array',
                    items: { type: 'object', required: ['k'], properties: { k: { type: 'string' } } },
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['k'],
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

async function ask(target: string, headers: Record<string, string> = {}, body?: JsonObject): Promise<Answer> {
  const url = new URL(target, 'http://cluster');
  const method = body ? 'POST' : 'GET';
  const request = { method, path: url.pathname, query: url.searchParams, headers, ...(body ? { body } : {}) };
  const response = await cluster.handle(request);
  return { ...response, body: isObject(response.body) && !isStream(response.body) ? response.body : {} };
}

beforeAll(async () => {
  cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
  const made = await ask('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {}, PLANS);
  expect(made.status).toBe(201);
});

afterAll(() => cluster.close());

/** Every reference in a document that leads nowhere. */
function lostReferences(document: JsonObject): string[] {
  const texts = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  const names = new Set([...texts].map(([, path = '']) => path));
  return [...names].filter((path) => {
    const [, folder = '', name = ''] = /^(definitions|components\/schemas)\/(.*)$/.exec(path) ?? [];
    return at(document, ...folder.split('/'), name) === undefined;
  });
}

const versions = Object.keys(builtinResources()).map((name) => (name.includes('/') ? `apis/${name}` : `api/${name}`));

describe('OpenAPI v3', () => {
  test.each([...versions, 'apis/shop.example.com/v1'])(
    '%s holds together, and says that it validates fields',
    async (name) => {
      const { body } = await ask(`/openapi/v3/${name}`);
      expect(body['openapi']).toBe('3.0.0');
      expect(lostReferences(body)).toEqual([]);
      expect(JSON.stringify(body)).not.toContain('x-go-');
      const patches = Object.values(objectAt(body, 'paths')).flatMap((item) =>
        textAt(item, 'patch', 'x-kubernetes-action') === 'patch' ? [at(item, 'patch')] : [],
      );
      for (const patch of patches) {
        expect(listAt(patch, 'parameters').map((parameter) => textAt(parameter, 'name'))).toContain('fieldValidation');
      }
    },
  );

  test('has a patch for every kind that can be patched', async () => {
    for (const [apiVersion, entries] of Object.entries(builtinResources())) {
      const name = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
      const { body } = await ask(`/openapi/v3/${name}`);
      const operations = Object.values(objectAt(body, 'paths')).map((item) =>
        at(item, 'patch', 'x-kubernetes-group-version-kind', 'kind'),
      );
      for (const { kind, verbs } of entries)
        if (verbs.includes('patch')) expect(operations, `${apiVersion} ${kind}`).toContain(kind);
    }
  });

  test('tells what a field is read as that is absent, and numbers or texts as such', async () => {
    const { body } = await ask('/openapi/v3/apis/apps/v1');
    const schemas = objectAt(body, 'components', 'schemas');
    const number = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
    expect(at(schemas, 'io.k8s.api.apps.v1.RollingUpdateDeployment', 'properties', 'maxSurge')).toEqual({
      allOf: [{ $ref: `#/components/schemas/${number}` }],
    });
    expect(schemas[number]).toEqual({ oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' });
    expect(at(schemas, 'io.k8s.api.apps.v1.Deployment', 'properties', 'spec')).toEqual({
      default: {},
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec' }],
    });
    expect(at(schemas, 'io.k8s.api.core.v1.ServicePort', 'properties', 'protocol', 'default')).toBeUndefined();
    expect(at(schemas, 'io.k8s.api.core.v1.ContainerPort', 'properties', 'protocol', 'default')).toBe('TCP');
    expect(at(schemas, 'io.k8s.api.core.v1.ContainerPort', 'properties', 'containerPort', 'default')).toBe(0);
  });

  test('tells beside the operations of a path what all of them take', async () => {
    const { body } = await ask('/openapi/v3/api/v1');
    const names = (...path: string[]): string[] =>
      listAt(body, 'paths', ...path).map((parameter) => textAt(parameter, 'name'));
    expect(names('/api/v1/namespaces/{namespace}/bindings', 'parameters')).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'namespace',
      'pretty',
    ]);
    expect(names('/api/v1/namespaces/{namespace}/pods/{name}/portforward', 'parameters')).toEqual([
      'name',
      'namespace',
      'ports',
    ]);
    expect(names('/api/v1/namespaces/{namespace}/pods/{name}', 'patch', 'parameters')).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ]);
  });

  test('names each document by a hash that clients may keep', async () => {
    const { body } = await ask('/openapi/v3');
    const address = textAt(body, 'paths', 'apis/apps/v1', 'serverRelativeURL');
    const kept = await ask(address);
    expect([kept.status, kept.headers['cache-control']]).toEqual([200, 'public, immutable']);
    expect((await ask(address, { 'if-none-match': kept.headers['etag'] ?? '' })).status).toBe(304);
    const moved = await ask('/openapi/v3/apis/apps/v1?hash=ABC');
    expect([moved.status, moved.headers['location']]).toEqual([301, address]);
    expect((await ask('/openapi/v3/apis/apps/v1', { accept: 'text/html' })).status).toBe(406);
    expect((await ask('/openapi/v3/apis/nothing.example.com/v1')).status).toBe(404);
  });

  test('has custom kinds as they are defined, and what every object has', async () => {
    const { body } = await ask('/openapi/v3/apis/shop.example.com/v1');
    const plan = objectAt(body, 'components', 'schemas', 'com.example.shop.v1.Plan');
    expect(plan['x-kubernetes-group-version-kind']).toEqual([
      { group: 'shop.example.com', kind: 'Plan', version: 'v1' },
    ]);
    expect(at(plan, 'properties', 'metadata', 'allOf', 0, '$ref')).toMatch(/ObjectMeta$/);
    expect(at(plan, 'properties', 'spec', 'properties', 'port')).toMatchObject({
      'x-kubernetes-int-or-string': true,
      anyOf: expect.anything(),
    });
    expect(at(plan, 'properties', 'spec', 'properties', 'pod', 'properties', 'kind')).toMatchObject({ type: 'string' });
    expect(at(plan, 'properties', 'spec', 'properties', 'size', 'default')).toBe(3);
    expect(Object.keys(objectAt(body, 'paths'))).toEqual(
      expect.arrayContaining([
        '/apis/shop.example.com/v1/namespaces/{namespace}/plans/{name}/scale',
        '/apis/shop.example.com/v1/namespaces/{namespace}/plans/{name}/status',
        '/apis/shop.example.com/v1/plans',
      ]),
    );
    expect(at(plan, 'properties', 'spec', 'properties', 'pod', 'required')).toEqual(['kind', 'apiVersion']);
    expect(textAt(plan, 'properties', 'kind', 'description')).toMatch(/^Kind is a string value .* In CamelCase\./);
    expect(at(body, 'info', 'title')).toBe('Kubernetes CRD Swagger');
    const item = '/apis/shop.example.com/v1/namespaces/{namespace}/plans/{name}';
    expect(Object.keys(objectAt(body, 'paths', item, 'put', 'requestBody', 'content'))).toEqual([
      'application/json',
      'application/yaml',
    ]);
    expect(Object.keys(objectAt(body, 'paths', item, 'patch', 'responses'))).toEqual(['200', '401']);
    expect(at(body, 'paths', `${item}/scale`, 'get', 'x-kubernetes-group-version-kind', 'kind')).toBe('Plan');
  });

  test.each([
    ['api', '/api/', 'getCoreAPIVersions'],
    ['apis', '/apis/', 'getAPIVersions'],
    ['apis/apps', '/apis/apps/', 'getAppsAPIGroup'],
    ['version', '/version/', 'getCodeVersion'],
    ['openid/v1/jwks', '/openid/v1/jwks/', 'getServiceAccountIssuerOpenIDKeyset'],
  ])('has a document of %s', async (name, path, id) => {
    const { body } = await ask(textAt((await ask('/openapi/v3')).body, 'paths', name, 'serverRelativeURL'));
    expect(at(body, 'paths', path, 'get', 'operationId')).toBe(id);
  });

  test('says nothing of a document that is not there', async () => {
    expect(
      await cluster.handle({ method: 'GET', path: '/openapi/v3/x', query: new URLSearchParams(), headers: {} }),
    ).toEqual({ status: 404, headers: {}, body: '' });
  });

  test('is written in protobuf too, whole', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';
    const { body, headers } = await ask('/openapi/v3/apis/policy/v1', { accept });
    expect(headers['content-type']).toBe('application/com.github.proto-openapi.spec.v3.v1.0+protobuf');
    expect(readPairs(encodeThird(body), 4)).toEqual(Object.keys(objectAt(body, 'paths')));
  });
});

describe('OpenAPI v2', () => {
  test('holds every kind, and custom ones as far as it can tell them', async () => {
    const { body } = await ask('/openapi/v2');
    expect(body['swagger']).toBe('2.0');
    expect(lostReferences(body)).toEqual([]);
    const spec = objectAt(body, 'definitions', 'com.example.shop.v1.Plan', 'properties', 'spec');
    expect(spec['required']).toEqual(['port']);
    expect(at(spec, 'properties', 'port')).toEqual({ 'x-kubernetes-int-or-string': true });
    expect(at(spec, 'properties', 'note')).toEqual({});
    expect(at(spec, 'properties', 'free')).toEqual({ 'x-kubernetes-preserve-unknown-fields': true });
    expect(at(body, 'paths', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch', 'operationId')).toBe(
      'patchAppsV1NamespacedDeployment',
    );
    expect(at(body, 'paths', '/apis/rbac.authorization.k8s.io/v1/clusterroles', 'get', 'tags')).toEqual([
      'rbacAuthorization_v1',
    ]);
  });

  test('is written in protobuf too, whole', async () => {
    const { body, headers } = await ask('/openapi/v2', {
      accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
    });
    expect(headers['content-type']).toBe(V2_PROTOBUF);
    const bytes = encodeDocument(body);
    expect(encodeDocument(body)).toBe(bytes);
    const read = readPairs(bytes, 9);
    expect(read).toEqual(Object.keys(objectAt(body, 'definitions')));
    expect(readPairs(bytes, 8)).toEqual(Object.keys(objectAt(body, 'paths')));
  });
});

/** The names in the map that a field of the document holds. */
function readPairs(bytes: Buffer, field: number): string[] {
  const names: string[] = [];
  const reader = new Reader(bytes);
  while (reader.more) {
    const key = reader.key();
    if (key.number !== field) reader.skip(key.wire);
    else
      reader.within(() => {
        while (reader.more) {
          reader.key();
          reader.within(() => {
            reader.key();
            names.push(reader.within(() => reader.text()));
            reader.rest();
          });
        }
      });
  }
  return names;
}
