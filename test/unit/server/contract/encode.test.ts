import { describe, expect, test } from 'vitest';
import { readGoJson } from '../../../../src/core/go-json.ts';
import { operationOf } from '../../../../src/server/contract/contract.ts';
import { decodeBody } from '../../../../src/server/contract/decode.ts';
import { encodeAnswer } from '../../../../src/server/contract/encode.ts';

const result = { kind: 'ConfigMap', name: 'a', namespace: 'b', version: 'v1' };

describe('an answer', () => {
  test.each<[string, string, unknown, unknown]>([
    ['has what every answer has', 'v1alpha1ResourceResult', result, { group: '', ...result }],
    ['has nothing that is empty else', 'v1alpha1ResourceResult', { ...result, message: '' }, { group: '', ...result }],
    [
      'has no field that the type does not have',
      'v1alpha1Info',
      { name: 'a', value: 'b', more: 1 },
      { name: 'a', value: 'b' },
    ],
    ['keeps false and 0 of a pointer', 'v1alpha1SyncPolicyAutomated', { prune: false }, { prune: false }],
    ['drops false of a value', 'v1alpha1SyncStrategyApply', { force: false }, {}],
    ['keeps a struct that is there and empty', 'v1alpha1SyncPolicy', { automated: {} }, { automated: {} }],
    ['has null for a list of nothing', 'v1alpha1ApplicationList', { items: [] }, { metadata: {}, items: null }],
    ['leaves out an empty map', 'v1ObjectMeta', { name: 'a', labels: {} }, { name: 'a' }],
    ['hands raw JSON on', 'v1ManagedFieldsEntry', { fieldsV1: { 'f:a': {} } }, { fieldsV1: { 'f:a': {} } }],
  ])('%s', (_, type, value, expected) => {
    expect(encodeAnswer(value, type)).toEqual(expected);
  });

  test('of chosen fields has no other, but each zero that it was given', () => {
    const history = [{ id: 0, revision: 'a' }];
    expect(
      encodeAnswer({ items: [{ status: { history } }] }, 'v1alpha1ApplicationList', { isProjected: true }),
    ).toEqual({
      metadata: {},
      items: [{ status: { history } }],
    });
  });
});

describe('a body', () => {
  const type = 'applicationApplicationSyncRequest';
  test.each<[unknown, string]>([
    [[], 'json: cannot unmarshal array into Go value of type application.ApplicationSyncRequest'],
    [{ dryRun: 'x' }, 'json: cannot unmarshal string into Go struct field ApplicationSyncRequest.dryRun of type bool'],
    [
      { resources: {} },
      'json: cannot unmarshal object into Go struct field ApplicationSyncRequest.resources of type []*v1alpha1.SyncOperationResource',
    ],
    [
      { strategy: { apply: { force: 1 } } },
      'json: cannot unmarshal number into Go struct field SyncStrategyApply.strategy.apply.force of type bool',
    ],
    [
      { retryStrategy: { limit: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field RetryStrategy.retryStrategy.limit of type int64',
    ],
  ])('%j is refused in the words of Go', (body, message) => {
    expect(() => decodeBody(body, type)).toThrow(message);
  });

  test('is read in any case, without nulls and unknown fields', () => {
    expect(decodeBody({ DRYRUN: true, prune: null, nonsense: 1 }, type)).toEqual({ dryRun: true });
  });

  test.each([
    ['{', 'unexpected EOF'],
    ['nonsense', "invalid character 'o' in literal null (expecting 'u')"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
  ])('%s is no JSON', (text, message) => {
    expect(() => readGoJson(text)).toThrow(message);
  });

  test.each([
    ['', undefined],
    ['  \n', undefined],
    ['{"a":1} nonsense', { a: 1 }],
    ['[] []', []],
  ])('%j is read up to the end of its first value', (text, value) => {
    expect(readGoJson(text)).toEqual(value);
  });
});

test('an operation is known by its path, whatever its variables are called', () => {
  expect(operationOf('POST', '/api/v1/applications/{x}/rollback')?.required).toEqual(['id', 'name']);
  expect(operationOf('GET', '/api/hawser/webhooks')).toBeUndefined();
});
