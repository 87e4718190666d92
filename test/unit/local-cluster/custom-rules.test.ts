// Custom resources: limits of their schemas, rules in CEL, and definitions that are refused.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { type JsonObject, listAt, objectAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeEach(async () => {
  kube = await openKubeCalls(systemClock);
});
afterEach(() => kube.close());

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const THINGS = '/apis/example.com/v1/namespaces/default/things';

const definition = (schema: JsonObject, more: JsonObject = {}): JsonObject => ({
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', ...schema } } }],
    ...more,
  },
});

const ofSpec = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  properties: { spec: { type: 'object', properties, ...more } },
});

async function define(schema: JsonObject): Promise<KubeAnswer> {
  const made = await kube.call('POST', DEFINITIONS, definition(schema));
  expect(made).toMatchObject({ status: 201 });
  await expect.poll(async () => (await kube.call('GET', THINGS)).status).toBe(200);
  return made;
}

const thing = (spec: JsonObject, name = 'a'): JsonObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name },
  spec,
});

const invalid = (faults: string): JsonObject => ({
  status: 422,
  message: `Thing.example.com "a" is invalid: ${faults}`,
});

describe('limits', () => {
  const number = { type: 'number' };
  const text = { type: 'string' };
  test.each<[JsonObject, JsonObject, string]>([
    [
      { n: { ...number, minimum: 1, exclusiveMinimum: true } },
      { n: 1 },
      'spec.n: Invalid value: 1: spec.n in body should be greater than 1',
    ],
    [
      { n: { ...number, maximum: 1, exclusiveMaximum: true } },
      { n: 1 },
      'spec.n: Invalid value: 1: spec.n in body should be less than 1',
    ],
    [
      { n: { ...number, minimum: 0 } },
      { n: -1 },
      'spec.n: Invalid value: -1: spec.n in body should be greater than or equal to 0',
    ],
    [
      { n: { ...number, multipleOf: 3 } },
      { n: 4 },
      'spec.n: Invalid value: 4: spec.n in body should be a multiple of 3',
    ],
    [
      { t: { ...text, minLength: 2 } },
      { t: 'é' },
      'spec.t: Invalid value: "é": spec.t in body should be at least 2 chars long',
    ],
    [
      { t: { ...text, format: 'ipv4' } },
      { t: 'x' },
      'spec.t: Invalid value: "x": spec.t in body must be of type ipv4: "x"',
    ],
    [
      { t: { ...text, format: 'date-time' } },
      { t: 'now' },
      'spec.t: Invalid value: "now": spec.t in body must be of type date-time: "now"',
    ],
    [
      { m: { type: 'object', maxProperties: 1, additionalProperties: text } },
      { m: { a: '', b: '' } },
      'spec.m: Too many: 2: must have at most 1 item',
    ],
    [
      { m: { type: 'object', minProperties: 1, additionalProperties: text } },
      { m: {} },
      'spec.m: Invalid value: 0: spec.m in body should have at least 1 properties',
    ],
    [
      { l: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' } },
      { l: ['a', 'a'] },
      'spec.l[1]: Duplicate value: "a"',
    ],
    [
      { s: { type: 'string', maxLength: 1, pattern: '^a', enum: ['b'] } },
      { s: 'ccc' },
      '[spec.s: Too long: may not be more than 1 byte, spec.s: Unsupported value: "ccc": supported values: "b"]',
    ],
    [
      { n: { type: 'integer', format: 'int32', multipleOf: 2 } },
      { n: 3_000_000_001 },
      '[<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.n, spec.n: Invalid value: 3000000001: spec.n in body should be a multiple of 2]',
    ],
    [
      { l: { type: 'array', minItems: 2, items: { type: 'integer', maximum: 3 } } },
      { l: [7] },
      '[spec.l[0]: Invalid value: 7: spec.l[0] in body should be less than or equal to 3, spec.l: Invalid value: 1: spec.l in body should have at least 2 items]',
    ],
    [
      { h: { type: 'string', format: 'hostname' } },
      { h: 'a.b' },
      'spec.h: Invalid value: "a.b": spec.h in body must be of type hostname: "a.b"',
    ],
    [{ d: { type: 'string', format: 'duration' } }, { d: '1d 2 hours' }, ''],
    [{ a: text, b: text }, {}, ''],
    [{ n: number }, { n: 1.5 }, ''],
  ])('%j of %j', async (properties, spec, faults) => {
    await define(ofSpec(properties));
    const answer = await kube.call('POST', THINGS, thing(spec));
    expect(answer).toMatchObject(faults === '' ? { status: 201 } : invalid(faults));
  });

  test.each<[string, JsonObject, JsonObject, string]>([
    [
      'oneOf',
      { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      '[<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid, spec.a: Required value]',
    ],
    [
      'oneOf, both',
      { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      { a: 'x', b: 'x' },
      '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    [
      'anyOf',
      { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      '[<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf), spec.a: Required value]',
    ],
    [
      'not',
      { not: { required: ['a'] } },
      { a: 'x' },
      '<nil>: Invalid value: "": "spec" must not validate the schema (not)',
    ],
  ])('%s', async (_name, more, spec, faults) => {
    await define(ofSpec({ a: { type: 'string' }, b: { type: 'string' } }, more));
    expect(await kube.call('POST', THINGS, thing(spec))).toMatchObject(invalid(faults));
  });
});

const integer = { type: 'integer' };
const rules = (...list: JsonObject[]): JsonObject => ({ 'x-kubernetes-validations': list });

test('patterns are RE2: in time that their length bounds, and in words of Go', async () => {
  const pattern = (text: string): JsonObject => ({ type: 'string', pattern: text });
  await define(ofSpec({ slow: pattern('^(a+)+$'), posix: pattern('^[[:alpha:]]+\\z'), any: pattern('(?i)^abc$') }));
  const make = async (spec: JsonObject) => (await kube.call('POST', THINGS, thing(spec))).status;
  expect(await make({ slow: `${'a'.repeat(60)}b` })).toBe(422);
  expect(await make({ posix: 'x1' })).toBe(422);
  expect(await make({ any: 'abcd' })).toBe(422);
  expect(await make({ slow: 'aaa', posix: 'xy', any: 'ABC' })).toBe(201);
});

test('a multiple of a fraction is reckoned as the API server reckons', async () => {
  await define(ofSpec({ n: { type: 'number', multipleOf: 0.1 } }));
  expect((await kube.call('POST', THINGS, thing({ n: 0.35 }))).status).toBe(422);
  expect((await kube.call('POST', THINGS, thing({ n: 0.3 }))).status).toBe(201);
});

describe('rules in CEL', () => {
  test.each<[JsonObject, JsonObject, string]>([
    [
      { rule: 'self.min <= self.max', message: 'min is more than max' },
      { min: 3, max: 1 },
      'spec: Invalid value: min is more than max',
    ],
    [{ rule: 'self.min <= self.max' }, { min: 3, max: 1 }, 'spec: Invalid value: failed rule: self.min <= self.max'],
    [
      { rule: 'self.min <= self.max', messageExpression: 'string(self.min)' },
      { min: 3, max: 1 },
      'spec: Invalid value: 3',
    ],
    [
      { rule: 'self.min > 0', message: 'no', reason: 'FieldValueForbidden', fieldPath: '.min' },
      { min: 0 },
      'spec.min: Forbidden: no',
    ],
    [
      { rule: 'has(self.max)', message: 'max', reason: 'FieldValueRequired', fieldPath: '.max' },
      { min: 0 },
      'spec.max: Required value: max',
    ],
    [
      { rule: 'self.max > 0' },
      { min: 1 },
      'spec: Invalid value: "object": no such key: max evaluating rule: self.max > 0',
    ],
    [
      { rule: 'self.names.all(n, n.startsWith("x-"))', message: 'names' },
      { names: ['x-a', 'b'] },
      'spec: Invalid value: names',
    ],
    [
      { rule: 'quantity(self.size).isLessThan(quantity("1Gi"))', message: 'too big' },
      { size: '2Gi' },
      'spec: Invalid value: too big',
    ],
    [
      { rule: 'cidr("10.0.0.0/8").containsIP(self.size)', message: 'elsewhere' },
      { size: '11.0.0.1' },
      'spec: Invalid value: elsewhere',
    ],
    [{ rule: 'self.__dash__dashed == 1', message: 'odd' }, { '-dashed': 2 }, 'spec: Invalid value: odd'],
    [
      { rule: 'type(self.port) == int ? self.port < 100 : true', message: 'port' },
      { port: 200 },
      'spec: Invalid value: port',
    ],
    [{ rule: 'self.min <= self.max' }, { min: 1, max: 3 }, ''],
    [{ rule: 'self.names.size() == 0 || true' }, { names: [] }, ''],
  ])('%j of %j', async (rule, spec, faults) => {
    const properties = {
      min: integer,
      max: integer,
      '-dashed': integer,
      size: { type: 'string' },
      names: { type: 'array', items: { type: 'string' } },
      port: { 'x-kubernetes-int-or-string': true },
    };
    await define(ofSpec(properties, rules(rule)));
    const answer = await kube.call('POST', THINGS, thing(spec));
    expect(answer).toMatchObject(faults === '' ? { status: 201 } : invalid(faults));
  });

  test('a field may have the name of what every object has', async () => {
    const properties = { constructor: { type: 'string' }, min: integer };
    await define(ofSpec(properties, rules({ rule: 'self.constructor == "x"', message: 'other' })));
    expect((await kube.call('POST', THINGS, thing({ constructor: 'x', min: 1 }))).status).toBe(201);
    expect(await kube.call('POST', THINGS, thing({ constructor: 'y' }))).toMatchObject(
      invalid('spec: Invalid value: other'),
    );
  });

  test('what was may not change, also in items that have a key', async () => {
    const fixed = { type: 'string', maxLength: 30, ...rules({ rule: 'self == oldSelf', message: 'fixed' }) };
    const item = { type: 'object', properties: { name: { type: 'string' }, value: fixed }, required: ['name'] };
    const list = {
      type: 'array',
      maxItems: 100,
      items: item,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    };
    await define(ofSpec({ kind: fixed, list }));
    const put = (spec: JsonObject) =>
      kube.call('PATCH', `${THINGS}/a`, { spec }, { headers: { 'content-type': 'application/merge-patch+json' } });
    expect((await kube.call('POST', THINGS, thing({ kind: 'x', list: [{ name: 'a', value: '1' }] }))).status).toBe(201);
    expect(await put({ kind: 'y' })).toMatchObject(invalid('spec.kind: Invalid value: "y": fixed'));
    expect(
      await put({
        list: [
          { name: 'b', value: '2' },
          { name: 'a', value: '3' },
        ],
      }),
    ).toMatchObject(invalid('spec.list[1].value: Invalid value: "3": fixed'));
    expect(
      (
        await put({
          list: [
            { name: 'b', value: '2' },
            { name: 'a', value: '1' },
          ],
        })
      ).status,
    ).toBe(200);
  });

  test('are not asked of an object that is broken already', async () => {
    await define(ofSpec({ min: integer }, { required: ['min'], ...rules({ rule: 'self.min > 0' }) }));
    expect(await kube.call('POST', THINGS, thing({}))).toMatchObject(
      invalid(
        '[spec.min: Required value, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
      ),
    );
  });

  test.each([
    ['semver("1.2.3").isGreaterThan(semver("1.2.3-rc.1"))', 'semver("1.0.0-2").isGreaterThan(semver("1.0.0-a"))'],
    ['semver("v1.02", true).compareTo(semver("1.2.0")) == 0', 'isSemver("v1.2.3")'],
    ['isSemver("v1.2", true) && !isSemver("1.2")', 'isSemver("1.02.0")'],
    ['semver("1.10.0+b").minor() == 10', 'semver("1.0.0").isLessThan(semver("1.0.0-rc"))'],
    ['semver("1.0.0-rc.1.1").isGreaterThan(semver("1.0.0-rc.1"))', 'semver("2.0.0").major() == 1'],
  ])('versions: %s holds, %s does not', async (holds, fails) => {
    const spec = ofSpec({ min: integer }, rules({ rule: holds }, { rule: fails, message: 'the second' }));
    const made = await define(spec);
    expect(made.warning).toBe('');
    expect(await kube.call('POST', THINGS, thing({ min: 1 }))).toMatchObject(
      invalid('spec: Invalid value: the second'),
    );
  });

  test('a rule that is none is refused, one that is not known here is warned of and lets all pass', async () => {
    const broken = await kube.call(
      'POST',
      DEFINITIONS,
      definition(ofSpec({ min: integer }, rules({ rule: 'self.min >' }))),
    );
    expect(broken).toMatchObject({
      status: 422,
      message: expect.stringContaining(
        'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.min \\u003e","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:11: Syntax error: mismatched input \'<EOF>\' expecting',
      ),
    });
    const made = await define(ofSpec({ min: integer }, rules({ rule: 'dyn(self).labelSelector(1) == 1' })));
    expect(made.warning).toContain('this cluster does not check the rule dyn(self).labelSelector(1) == 1: ');
    expect((await kube.call('POST', THINGS, thing({ min: 1 }))).status).toBe(201);
  });
});

const list = { type: 'array', maxItems: 9, items: { ...integer } };
const objects = {
  type: 'array',
  maxItems: 9,
  items: { type: 'object', properties: { a: { type: 'string', maxLength: 9 } } },
};

describe('macros with two variables, and has() of an item', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['self.l.all(i, v, v >= i)', { l: [0, 1] }, { l: [0, 0] }],
    ['self.l.exists(i, v, i == 1 && v == 7)', { l: [0, 7] }, { l: [7, 0] }],
    ['self.l.existsOne(i, v, v == 7)', { l: [7, 0] }, { l: [7, 7] }],
    ['self.l.transformList(i, v, v + i) == [1, 3]', { l: [1, 2] }, { l: [1, 3] }],
    ['self.l.transformList(i, v, i > 0, v) == [2]', { l: [1, 2] }, { l: [2, 1] }],
    ['self.l.transformMap(i, v, v)[1] == 5', { l: [1, 5] }, { l: [5, 1] }],
    ['has(self.o[0].a)', { o: [{ a: 'x' }] }, { o: [{}] }],
    ['(has(self.o[0].a)) ? true : false', { o: [{ a: 'x' }] }, { o: [{}] }],
    ['1 + ((has(self.o[0].a)) ? 1 : 0) == 2', { o: [{ a: ')' }] }, { o: [{}] }],
    [
      '(size(self.o) != 1 || !has(self.o[0].a) || self.o[0].a != "x)") ? false : true',
      { o: [{ a: 'x)' }] },
      { o: [{}] },
    ],
    ['has(self.o.filter(x, true)[0].a)', { o: [{ a: 'x' }] }, { o: [{}] }],
  ])('%s', async (rule, good, bad) => {
    await define(ofSpec({ l: list, o: objects }, rules({ rule })));
    expect((await kube.call('POST', THINGS, thing(good))).status).toBe(201);
    const refused = await kube.call('POST', THINGS, thing(bad));
    expect(refused).toMatchObject({ status: 422, message: expect.stringContaining(`failed rule: ${rule}`) });
  });
});

describe('definitions that are refused', () => {
  const keyed = {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    items: { type: 'object', properties: { k: { type: 'string' } } },
  };

  test.each<[JsonObject, JsonObject, string]>([
    [
      {},
      { scope: 'Everywhere' },
      'spec.scope: Unsupported value: "Everywhere": supported values: "Cluster", "Namespaced"',
    ],
    [{}, { versions: [] }, 'status.storedVersions: Invalid value: null: must have at least one stored version'],
    [
      { properties: { a: {} } },
      {},
      'spec.validation.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields',
    ],
    [
      { properties: { a: { type: 'array' } } },
      {},
      'spec.validation.openAPIV3Schema.properties[a].items: Required value: must be specified',
    ],
    [{ type: 'array' }, {}, 'spec.validation.openAPIV3Schema.type: Invalid value: "array": must be object at the root'],
    [
      { properties: { a: { type: 'string', default: true } } },
      {},
      'spec.validation.openAPIV3Schema.properties[a].default: Invalid value: "boolean":  in body must be of type string: "boolean"',
    ],
    [
      { properties: { a: { type: 'object', default: { b: 1 } } } },
      {},
      'spec.validation.openAPIV3Schema.properties[a].default: Invalid value: {"b":1}: must not have unknown fields',
    ],
    [
      { properties: { a: { type: 'object', anyOf: [{ type: 'object' }] } } },
      {},
      'spec.validation.openAPIV3Schema.properties[a].anyOf[0].type: Forbidden: must be empty to be structural',
    ],
    [
      { properties: { a: { type: 'string', 'x-kubernetes-list-type': 'set' } } },
      {},
      'spec.validation.openAPIV3Schema.properties[a].type: Invalid value: "string": must be array if x-kubernetes-list-type is specified',
    ],
    [
      { properties: { a: { ...keyed, 'x-kubernetes-list-map-keys': ['k'] } } },
      {},
      'spec.validation.openAPIV3Schema.properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ],
    [
      { properties: { a: { ...keyed, 'x-kubernetes-list-map-keys': ['z'] } } },
      {},
      'spec.validation.openAPIV3Schema.properties[a].x-kubernetes-list-map-keys: Invalid value: ["z"]: entries must all be names of item properties',
    ],
    [
      { properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
      {},
      'spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
    [
      { anyOf: [{ properties: { b: {} } }] },
      {},
      'spec.validation.openAPIV3Schema.properties[b]: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[0].properties[b]',
    ],
    [
      {},
      { conversion: { strategy: 'Webhook' } },
      'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
    ],
    [
      {},
      { preserveUnknownFields: true },
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
    [
      {},
      { names: { plural: 'things', kind: 'Thing', listKind: 'Thing' } },
      'spec.names.listKind: Invalid value: "Thing": kind and listKind may not be the same',
    ],
    [{}, { group: 'a.k8s.io' }, 'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups'],
  ])('%j %j', async (schema, more, faults) => {
    const answer = await kube.call('POST', DEFINITIONS, definition(schema, more));
    expect(answer.status).toBe(422);
    expect(answer.message).toContain(faults);
  });

  test.each<[JsonObject, string, string]>([
    [
      { additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: '.spec' }] },
      'additionalPrinterColumns[0].type',
      'Invalid value: "text": must be one of boolean,date,integer,number,string',
    ],
    [
      { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: 'spec' }] },
      'additionalPrinterColumns[0].JSONPath',
      'Invalid value: "spec": must be a simple json path starting with .',
    ],
    [
      { subresources: { scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.n' } } },
      'subresources.scale.statusReplicasPath',
      'Invalid value: ".n": should be a json path under .status',
    ],
    [
      { selectableFields: [{ jsonPath: '.spec.z' }] },
      'selectableFields[0].jsonPath',
      'Invalid value: ".spec.z": is an invalid path: does not refer to a valid field',
    ],
  ])('a version with %j', async (part, field, fault) => {
    const [{ spec, ...made }, plain] = [definition({}), listAt(definition({}), 'spec', 'versions')];
    const post = async (...versions: readonly JsonObject[]): Promise<string> =>
      (await kube.call('POST', DEFINITIONS, { ...made, spec: { ...objectAt(spec), versions } })).message;
    const version = { ...objectAt(plain[0]), ...part };
    expect(await post(version)).toContain(`spec.${field}: ${fault}`);
    // Where versions differ, the one is named.
    const other = { ...objectAt(plain[0]), name: 'v2', storage: false };
    expect(await post(version, other)).toContain(`spec.versions[0].${field}: ${fault}`);
  });

  test('a name that another has is not accepted, and not served, until it is given up', async () => {
    await define({});
    const second = definition({}, { names: { plural: 'others', kind: 'Thing' } });
    await kube.call('POST', DEFINITIONS, { ...second, metadata: { name: 'others.example.com' } });
    const path = `${DEFINITIONS}/others.example.com`;
    const condition = (type: string, status: string, reason: string, message: string): JsonObject => ({
      type,
      status,
      lastTransitionTime: expect.any(String),
      reason,
      message,
    });
    const status = async (): Promise<unknown> => (await kube.call('GET', path)).body['status'];
    await expect.poll(status).toEqual({
      conditions: [
        condition('NamesAccepted', 'False', 'ListKindConflict', '"ThingList" is already in use'),
        condition('Established', 'False', 'NotAccepted', 'not all names are accepted'),
      ],
      acceptedNames: { plural: 'others', kind: '' },
      storedVersions: ['v1'],
    });
    expect((await kube.call('GET', THINGS.replace('things', 'others'))).status).toBe(404);
    await kube.call('DELETE', `${DEFINITIONS}/things.example.com`);
    await expect.poll(status).toMatchObject({
      conditions: [
        condition('NamesAccepted', 'True', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'True', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: { plural: 'others', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    });
  });

  test('definitions of the groups of the community say who lets them be', async () => {
    const annotations = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/enhancements/pull/1' };
    const own = { ...definition({}, { group: 'a.k8s.io' }), metadata: { name: 'things.a.k8s.io', annotations } };
    expect((await kube.call('POST', DEFINITIONS, own)).status).toBe(201);
    const first = async (): Promise<unknown> =>
      listAt((await kube.call('GET', `${DEFINITIONS}/things.a.k8s.io`)).body, 'status', 'conditions')[0];
    await expect.poll(first).toMatchObject({
      type: 'KubernetesAPIApprovalPolicyConformant',
      status: 'True',
      reason: 'ApprovedAnnotation',
      message: 'approved in https://github.com/kubernetes/enhancements/pull/1',
    });
  });

  test('a version that was stored stays', async () => {
    await define({});
    const headers = { 'content-type': 'application/merge-patch+json' };
    const versions = [{ name: 'v2', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
    const answer = await kube.call('PATCH', `${DEFINITIONS}/things.example.com`, { spec: { versions } }, { headers });
    expect(answer).toMatchObject({
      status: 422,
      message: expect.stringContaining(
        'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain',
      ),
    });
  });

  test('the scope is for good', async () => {
    await define({});
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await kube.call(
      'PATCH',
      `${DEFINITIONS}/things.example.com`,
      { spec: { scope: 'Cluster' } },
      { headers },
    );
    expect(answer).toMatchObject({
      status: 422,
      message: expect.stringContaining('spec.scope: Invalid value: "Cluster": field is immutable'),
    });
  });
});
