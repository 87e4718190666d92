// What the schema of a custom resource holds that costs something to check: rules in CEL, patterns.

import { isObject, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { isSchema, type Schema } from '../../objects/schema.ts';

export const RULES = 'x-kubernetes-validations';

export const rulesOf = (schema: Schema | undefined): readonly JsonObject[] => listAt(schema, RULES).filter(isObject);

/** Whether a schema has rules anywhere. */
export const hasRules = (schema: Schema | undefined): boolean => findings(schema).rules;

/** Whether a schema has patterns anywhere. */
export const hasPatterns = (schema: Schema | undefined): boolean => findings(schema).patterns;

interface Findings {
  readonly rules: boolean;
  readonly patterns: boolean;
}

const NOTHING: Findings = { rules: false, patterns: false };
const looked = new WeakMap<Schema, Findings>();

/** Schemas are large, and asked for at each write: each is looked through once. */
function findings(schema: Schema | undefined): Findings {
  if (!isSchema(schema)) return NOTHING;
  const earlier = looked.get(schema);
  if (earlier) return earlier;
  const rest = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const parts = ['anyOf', 'oneOf', 'allOf']
    .flatMap((word) => listAt(schema, word))
    .flatMap((one): Schema[] => (isSchema(one) ? [one] : []));
  const inner = [...Object.values(schema.properties ?? {}), schema.items, rest, ...parts].map(findings);
  const found = {
    rules: rulesOf(schema).length > 0 || inner.some(({ rules }) => rules),
    patterns: textAt(schema, 'pattern') !== '' || inner.some(({ patterns }) => patterns),
  };
  looked.set(schema, found);
  return found;
}
