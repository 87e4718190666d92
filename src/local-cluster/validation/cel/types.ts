// The types that a schema gives to expressions: what `self` is, and what its fields are.

import type { Environment } from '@marcbachmann/cel-js';
import { isSchema, type Schema } from '../../../objects/schema.ts';
import { celName } from './values.ts';

const META: Schema = { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } };

/** What every object has, whether its schema says so or not. */
export const withMeta = (schema: Schema): Schema => ({
  ...schema,
  type: 'object',
  properties: { ...schema.properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: META },
});

const FORMATS: Readonly<Record<string, string>> = {
  byte: 'bytes',
  date: 'google.protobuf.Timestamp',
  'date-time': 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
};

const PLAIN: Readonly<Record<string, string>> = { boolean: 'bool', integer: 'int', number: 'double' };

/** The values of a map. */
export const valuesOf = ({ additionalProperties: rest }: Schema): Schema | undefined =>
  isSchema(rest) ? rest : undefined;

/** The schema as expressions see it. */
export const seen = (schema: Schema): Schema =>
  schema['x-kubernetes-embedded-resource'] === true ? withMeta(schema) : schema;

/** The type of a schema's values, made known to the environment; undefined for what expressions may not look at. */
export function declareType(environment: Environment, given: Schema, name = 'Object'): string | undefined {
  const schema = seen(given);
  const { type = '', format = '', items } = schema;
  if (schema['x-kubernetes-int-or-string'] === true) return 'dyn';
  if (type === 'array') {
    const inner = items && declareType(environment, items, `${name}.idx__`);
    return inner && `list<${inner}>`;
  }
  if (type === 'string') return FORMATS[format] ?? 'string';
  if (type !== 'object') return PLAIN[type];
  const rest = valuesOf(schema);
  if (rest) {
    const inner = declareType(environment, rest, `${name}.elem__`);
    return inner && `map<string, ${inner}>`;
  }
  const fields: Record<string, string> = {};
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const inner = declareType(environment, property, `${name}.${celName(key)}`);
    if (inner !== undefined) fields[celName(key)] = inner;
  }
  environment.registerType({ name, schema: fields });
  environment.registerOperator(`${name} == ${name}`, () => true);
  environment.registerOperator(`${name} == null`, () => true);
  return name;
}
