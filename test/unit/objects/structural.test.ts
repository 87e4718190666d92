import { describe, expect, test } from 'vitest';
import type { Schema } from '../../../src/objects/schema.ts';
import { readStructured } from '../../../src/objects/structural.ts';

const text: Schema = { type: 'string' };
const read = (properties: Record<string, Schema>, spec: Record<string, never> | object) =>
  readStructured(
    { apiVersion: 'a/v1', kind: 'A', spec: { ...spec } },
    { schema: { type: 'object', properties: { spec: { type: 'object', properties } } }, resolve: (schema) => schema },
    { fillIn: true },
  ).object['spec'];

describe('a null', () => {
  test.each<[string, Schema, object, object]>([
    ['goes where the schema does not allow it', text, { a: null }, {}],
    ['gives way to the default', { ...text, default: 'usual' }, { a: null }, { a: 'usual' }],
    ['stays where it is allowed', { ...text, nullable: true, default: 'usual' }, { a: null }, { a: null }],
    ['goes from a map', { type: 'object', additionalProperties: text }, { a: { b: null, c: 'd' } }, { a: { c: 'd' } }],
    [
      'goes deep inside',
      { type: 'array', items: { type: 'object', properties: { b: text } } },
      { a: [{ b: null }] },
      { a: [{}] },
    ],
    ['stays in a list', { type: 'array', items: text }, { a: [null] }, { a: [null] }],
    [
      'stays in what the schema does not know',
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      { a: { b: null } },
      { a: { b: null } },
    ],
  ])('%s', (_what, schema, given, wanted) => {
    expect(read({ a: schema }, given)).toEqual(wanted);
  });
});
