// Neighbours of the recorded exchanges about fieldValidation: other kinds, deeper places, YAML, patches, custom resources.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, isObject, type JsonObject, textAt } from '../../../src/core/json.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import { isStream } from '../../../src/local-cluster/request.ts';

let cluster: LocalCluster;

beforeAll(async () => {
  cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } } };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'plans.fields.example.com' },
    spec: {
      group: 'fields.example.com',
      scope: 'Namespaced',
      names: { plural: 'plans', singular: 'plan', kind: 'Plan', listKind: 'PlanList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  const made = await send(
    'POST',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    'application/json',
    JSON.stringify(definition),
  );
  expect(made.status).toBe(201);
  await send('POST', CONFIG, 'application/json', '{"metadata":{"name":"patched"},"data":{"a":"1"}}');
  await send(
    'POST',
    PLANS,
    'application/json',
    '{"apiVersion":"fields.example.com/v1","kind":"Plan","metadata":{"name":"patched"}}',
  );
});

afterAll(() => cluster.close());

const CONFIG = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const PLANS = '/apis/fields.example.com/v1/namespaces/default/plans';

interface Answer {
  readonly status: number;
  readonly warning: string | undefined;
  readonly body: JsonObject;
}

async function send(method: string, target: string, type: string, text: string): Promise<Answer> {
  const url = new URL(target, 'http://cluster');
  const headers = { 'content-type': type };
  const response = await cluster.handle({ method, path: url.pathname, query: url.searchParams, headers, body: text });
  const body = isObject(response.body) && !isStream(response.body) ? response.body : {};
  return { status: response.status, warning: response.headers['warning'], body };
}

const deployment = (spec: string): string =>
  `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":0,${spec},"selector":{"matchLabels":{"a":"b"}},` +
  '"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","image":"j","ports":[{"port":1}]}]}}}}';

const map = (rest: string): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},${rest}}`;

describe('Strict', () => {
  test.each<[string, string, string, string]>([
    ['in a map', CONFIG, map('"data":{"a":"1","a":"2"}'), 'duplicate field "data.a"'],
    [
      'in metadata',
      CONFIG,
      map('"metadata":{"labels":{"x":"1","x":"1"}}'),
      'duplicate field "metadata", duplicate field "metadata.labels.x"',
    ],
    ['three times, told once', CONFIG, map('"data":{},"data":{},"data":{}'), 'duplicate field "data"'],
    [
      'in a list',
      DEPLOYMENTS,
      deployment('"paused":true'),
      'duplicate field "spec.template.spec.containers[0].image", unknown field "spec.template.spec.containers[0].ports[0].port"',
    ],
    [
      'among unknown ones, in order',
      DEPLOYMENTS,
      deployment('"x":1,"paused":true,"paused":false,"y":2'),
      'unknown field "spec.x", duplicate field "spec.paused", unknown field "spec.y", duplicate field "spec.template.spec.containers[0].image", unknown field "spec.template.spec.containers[0].ports[0].port"',
    ],
    ['of an unknown field, which is unknown alone', CONFIG, map('"colour":1,"colour":2'), 'unknown field "colour"'],
    ['below an unknown field', CONFIG, map('"colour":{"a":1,"a":2}'), 'unknown field "colour"'],
    [
      'in a custom resource',
      PLANS,
      '{"apiVersion":"fields.example.com/v1","kind":"Plan","metadata":{"name":"p","x":1},"spec":{"a":"1","a":"2","b":1}}',
      'duplicate field "spec.a", unknown field "metadata.x", unknown field "spec.b"',
    ],
  ])('JSON: a key that stands twice %s', async (_about, path, text, faults) => {
    const { status, body } = await send('POST', `${path}?fieldValidation=Strict`, 'application/json', text);
    expect([status, textAt(body, 'message').replace(/^.*strict decoding error: /, '')]).toEqual([400, faults]);
  });

  test('YAML tells the lines first', async () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: strict}\ncolour: blue\ndata:\n  a: "1"\n  a: "2"\ndata:\n  b: "1"\n';
    const lines =
      'yaml: unmarshal errors:\n  line 7: key "a" already set in map\n  line 9: key "data" already set in map';
    const { status, body } = await send('POST', `${CONFIG}?fieldValidation=Strict`, 'application/yaml', text);
    expect([status, textAt(body, 'message')]).toEqual([
      400,
      `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${lines}, unknown field "colour"`,
    ]);
    const warned = await send('POST', CONFIG, 'application/yaml', text.replace('name: strict', 'name: warned'));
    expect([warned.status, warned.body['data']]).toEqual([201, { b: '1' }]);
    expect(warned.warning).toBe(
      '299 - "line 7: key \\"a\\" already set in map", 299 - "line 9: key \\"data\\" already set in map", 299 - "unknown field \\"colour\\""',
    );
  });

  test('what stands twice is laid over what was there, in custom resources it counts alone', async () => {
    const twice = await send(
      'POST',
      CONFIG,
      'application/json',
      '{"metadata":{"name":"n"},"data":{"a":"1"},"metadata":{"labels":{"x":"y"}}}',
    );
    expect(twice.body).toMatchObject({ metadata: { name: 'n', labels: { x: 'y' } }, data: { a: '1' } });
    const text =
      '{"apiVersion":"fields.example.com/v1","kind":"Plan","metadata":{"name":"last"},"spec":{"a":"1"},"spec":{}}';
    const { body, warning } = await send('POST', PLANS, 'application/json', text);
    expect([body['spec'], warning]).toEqual([{}, '299 - "duplicate field \\"spec\\""']);
  });
});

describe('of a patch', () => {
  const refused = (value: string, faults: string): string =>
    ` "" is invalid: patch: Invalid value: ${JSON.stringify(value)}: strict decoding error: ${faults}`;

  test.each<[string, string, string, string]>([
    [
      'strategic-merge-patch+json',
      CONFIG,
      '{"data":{"z":"1"},"colour":{"b":[1,"x"],"a":null}}',
      refused('map[colour:map[b:[1 x]] data:map[z:1]]', 'unknown field "colour"'),
    ],
    [
      'strategic-merge-patch+json',
      CONFIG,
      '{"data":{"z":"1","z":"2"}}',
      refused('map[data:map[z:2]]', 'duplicate field "data.z"'),
    ],
    [
      'merge-patch+json',
      CONFIG,
      '{"data":{"z":"1","z":"2"}}',
      refused('{"data":{"z":"1","z":"2"}}', 'duplicate field "data.z"'),
    ],
    [
      'json-patch+json',
      CONFIG,
      '[{"op":"add","path":"/data/z","value":"1","why":1,"op":"add"}]',
      refused(
        '[{"op":"add","path":"/data/z","value":"1","why":1,"op":"add"}]',
        'json patch unknown field "[0].why", json patch duplicate field "[0].op"',
      ),
    ],
    [
      'merge-patch+json',
      PLANS,
      '{"spec":{"a":"1","a":"2"}}',
      refused('{"spec":{"a":"1","a":"2"}}', 'duplicate field "spec.a"'),
    ],
  ])('%s is refused as a fault of the patch', async (type, path, text, message) => {
    const { status, body } = await send('PATCH', `${path}/patched?fieldValidation=Strict`, `application/${type}`, text);
    expect([status, body['reason'], textAt(body, 'message')]).toEqual([422, 'Invalid', message]);
    expect(at(body, 'details')).toMatchObject({ causes: [{ reason: 'FieldValueInvalid', field: 'patch' }] });
    const warned = await send('PATCH', `${path}/patched?dryRun=All`, `application/${type}`, text);
    expect([warned.status, warned.warning !== undefined]).toEqual([200, true]);
    const ignored = await send(
      'PATCH',
      `${path}/patched?dryRun=All&fieldValidation=Ignore`,
      `application/${type}`,
      text,
    );
    expect([ignored.status, ignored.warning]).toEqual([200, undefined]);
  });

  test('an apply tells keys that stand twice', async () => {
    const nameless = 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: "1"\n  a: "2"\n';
    const text = `${nameless}metadata: {name: applied}\n`;
    const path = `${CONFIG}/applied?fieldManager=me`;
    const strict = await send('PATCH', `${path}&fieldValidation=Strict`, 'application/apply-patch+yaml', nameless);
    expect([strict.status, textAt(strict.body, 'message')]).toEqual([
      400,
      'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key "a" already set in map',
    ]);
    const warned = await send('PATCH', path, 'application/apply-patch+yaml', text);
    expect([warned.status, warned.warning]).toEqual([201, '299 - "line 5: key \\"a\\" already set in map"']);
  });
});
