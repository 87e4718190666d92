import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { KubeObject } from '../../../../src/objects/object.ts';
import { fieldChanges } from '../../../../src/server/audit/changes.ts';

const object = (fields: JsonObject, kind = 'Application'): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  ...fields,
});

test.each<[string, JsonObject, JsonObject, unknown]>([
  ['a field', { spec: { a: 1 } }, { spec: { a: 2 } }, [{ path: 'spec.a', before: '1', after: '2' }]],
  ['a new field', { spec: {} }, { spec: { a: 'b' } }, [{ path: 'spec.a', after: 'b' }]],
  ['a field that went', { spec: { a: 'b' } }, { spec: {} }, [{ path: 'spec.a', before: 'b' }]],
  ['a whole branch', {}, { spec: { a: { b: true } } }, [{ path: 'spec.a.b', after: 'true' }]],
  [
    'lists',
    { a: [1, 2] },
    { a: [1, 3, 4] },
    [
      { path: 'a[1]', before: '2', after: '3' },
      { path: 'a[2]', after: '4' },
    ],
  ],
  ['another type', { a: { b: 1 } }, { a: [1] }, [{ path: 'a', before: '{"b":1}', after: '[1]' }]],
  ['a name with dots', { a: {} }, { a: { 'b.c/d': 'e' } }, [{ path: 'a["b.c/d"]', after: 'e' }]],
  ['null', { a: null }, { a: '' }, [{ path: 'a', before: 'null', after: '' }]],
  ['what the cluster writes', { status: { a: 1 } }, { status: { a: 2 } }, []],
  [
    'a password',
    { a: { password: 'one' } },
    { a: { password: 'two' } },
    [{ path: 'a.password', before: '(hidden)', after: '(hidden)' }],
  ],
  ['all below a secret', {}, { a: { token: { b: ['one'] } } }, [{ path: 'a.token.b[0]', after: '(hidden)' }]],
  [
    'a parameter by its name',
    { p: [{ name: 'db.password', value: 'one' }] },
    {
      p: [
        { name: 'db.password', value: 'two' },
        { name: 'image', value: 'web' },
      ],
    },
    [
      { path: 'p[0].value', before: '(hidden)', after: '(hidden)' },
      { path: 'p[1].name', after: 'image' },
      { path: 'p[1].value', after: 'web' },
    ],
  ],
  [
    'what is only true or false',
    { passCredentials: false },
    { passCredentials: true },
    [{ path: 'passCredentials', before: 'false', after: 'true' }],
  ],
  ['a URL with a login', {}, { url: 'https://a:b@c/d' }, [{ path: 'url', after: 'https://(hidden)@c/d' }]],
])('tells %s', (_, before, after, fields) => {
  expect(fieldChanges(object(before), object(after))).toEqual({ fields, leftOut: 0 });
});

test('tells of a Secret its keys alone', () => {
  const before = object({ data: { a: 'b25l', gone: 'b25l' } }, 'Secret');
  const after = object({ data: { a: 'dHdv', new: 'dHdv' }, stringData: { c: 'three' } }, 'Secret');
  expect(fieldChanges(before, after).fields).toEqual([
    { path: 'data.a', before: '(hidden)', after: '(hidden)' },
    { path: 'data.gone', before: '(hidden)' },
    { path: 'data.new', after: '(hidden)' },
    { path: 'stringData.c', after: '(hidden)' },
  ]);
});

test('is bounded in number and length', () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field${index}`, 'x'.repeat(10_000)]));
  const { fields, leftOut } = fieldChanges(undefined, object(many));
  expect([fields.length, leftOut]).toEqual([40, 60]);
  expect(JSON.stringify(fields).length).toBeLessThan(12_000);
});
