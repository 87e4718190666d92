// What a rule of a schema says beside its expressions.

import { type JsonObject, textAt } from '../../core/json.ts';
import type { Schema } from '../../objects/schema.ts';
import { type Cause, invalidValue, required, unsupported } from '../status.ts';
import { valuesOf } from './cel/types.ts';
import { hasUnreadable, stepsOf } from './schema-parts.ts';

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** What is wrong with a rule before its expressions are looked at. */
export function ruleCauses(rule: JsonObject, field: string, schema: Schema): Cause[] {
  const { message, reason } = rule;
  const text = textAt(rule, 'rule').trim();
  const refuse = (word: string, why: string): Cause => invalidValue(`${field}.${word}`, rule[word], why);
  const causes: Cause[] = [];
  if (text === '') causes.push(required(`${field}.rule`, 'rule is not specified'));
  else if (typeof message === 'string' && message !== '') {
    if (message.trim() === '') causes.push(refuse('message', 'must be non-empty if specified'));
    else if (/[\n\r]/.test(message)) causes.push(refuse('message', 'must not contain line breaks'));
  } else if (/[\n\r]/.test(text))
    causes.push(required(`${field}.message`, 'message must be specified if rule contains line breaks'));
  const told = textAt(rule, 'messageExpression');
  if (text !== '' && told !== '' && told.trim() === '')
    causes.push(required(`${field}.messageExpression`, 'messageExpression must be non-empty if specified'));
  if (typeof reason === 'string' && !REASONS.includes(reason))
    causes.push(unsupported(`${field}.reason`, reason, REASONS));
  const path = textAt(rule, 'fieldPath');
  if (/[\n\r]/.test(path)) causes.push(refuse('fieldPath', 'must not contain line breaks'));
  if (path !== '' && !hasUnreadable(schema) && !leadsSomewhere(schema, path))
    causes.push(refuse('fieldPath', 'must be a valid path'));
  return causes;
}

/** Whether a path goes by fields and keys that the schema has. */
function leadsSomewhere(root: Schema, path: string): boolean {
  let schema: Schema | undefined = root;
  const steps = stepsOf(path);
  for (const name of steps) schema = schema && (schema.properties?.[name] ?? valuesOf(schema));
  return steps.length > 0 && schema !== undefined;
}
