// Rules of a schema in CEL (x-kubernetes-validations): each is evaluated where it stands, on a change also against the old value.

import { isList, isObject, type Json, type JsonObject, sameJson, textAt } from '../../../core/json.ts';
import { fieldType, itemType, type Schema, type TypeOf } from '../../../objects/schema.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../../status.ts';
import { RULES, rulesOf } from '../schema-parts.ts';
import { celValue } from './values.ts';

type Program = (context: Readonly<Record<string, unknown>>) => unknown;

interface Language {
  /** Throws for what is no expression. */
  parse(
    expression: string,
  ): Program & { check(): { readonly valid: boolean; readonly error?: { readonly message: string } } };
  duration(text: string): unknown;
}

let language: Language | undefined;

/** To be awaited before objects of a kind with rules are written: the language is not loaded without need. */
export async function loadRules(): Promise<void> {
  if (language) return;
  const [{ Environment }, { registerFunctions }] = await Promise.all([
    import('@marcbachmann/cel-js'),
    import('./functions.ts'),
  ]);
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  });
  registerFunctions(environment);
  const durationOf = environment.parse('duration(text)');
  language = { parse: (expression) => environment.parse(expression), duration: (text) => durationOf({ text }) };
}

/** An expression that is read once, or why it cannot be. */
interface Compiled {
  readonly program: Program | undefined;
  /** Why it is none. */
  readonly fault: string | undefined;
  /** What it calls that is not known here: it is not evaluated. */
  readonly unknown: string | undefined;
}

const compiled = new Map<string, Compiled>();

function compile(expression: string): Compiled {
  const earlier = compiled.get(expression);
  if (earlier) return earlier;
  const made = compileAnew(expression);
  compiled.set(expression, made);
  return made;
}

function compileAnew(expression: string): Compiled {
  if (!language) throw new Error('the language of rules is not loaded');
  try {
    const program = language.parse(expression);
    const { valid, error } = program.check();
    return { program, fault: undefined, unknown: valid ? undefined : firstLine(error) };
  } catch (thrown) {
    return { program: undefined, fault: firstLine(thrown), unknown: undefined };
  }
}

const expressionOf = (rule: JsonObject): string => textAt(rule, 'rule');

const firstLine = (thrown: unknown): string =>
  (isObjectWithMessage(thrown) ? thrown.message : String(thrown)).split('\n')[0] ?? '';

const isObjectWithMessage = (value: unknown): value is { readonly message: string } =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';

/** What is wrong with the rules of a definition's schema: those that are no expressions, and those that are not evaluated here. */
export function examineRules(schema: Schema, path: string): { readonly faults: Cause[]; readonly unknown: string[] } {
  const own = rulesOf(schema).map((rule) => ({ expression: expressionOf(rule), ...compile(expressionOf(rule)) }));
  const faults = own.flatMap(({ fault, expression }, index) =>
    fault === undefined
      ? []
      : [invalidValue(`${path}.${RULES}[${index}].rule`, expression, `compilation failed: ${fault}`)],
  );
  const unknown = own.flatMap((rule) => (rule.unknown === undefined ? [] : [`${rule.expression}: ${rule.unknown}`]));
  const rest = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const inner: readonly (readonly [string, Schema | undefined])[] = [
    ...Object.entries(schema.properties ?? {}).map(([name, one]) => [`${path}.properties[${name}]`, one] as const),
    [`${path}.items`, schema.items],
    [`${path}.additionalProperties`, rest],
  ];
  const below = inner.flatMap(([place, one]) => (one ? [examineRules(one, place)] : []));
  return {
    faults: [...faults, ...below.flatMap((one) => one.faults)],
    unknown: [...unknown, ...below.flatMap((one) => one.unknown)],
  };
}

/** Every rule that a custom resource breaks. */
export function ruleCauses(object: JsonObject, before: JsonObject | undefined, type: TypeOf): Cause[] {
  return language ? causesAt(object, before, { type, path: '' }) : [];
}

interface Place {
  readonly type: TypeOf;
  readonly path: string;
}

function causesAt(value: Json | undefined, old: Json | undefined, { type, path }: Place): Cause[] {
  const { schema } = type;
  if (value === undefined || value === null || schema === undefined) return [];
  const own = rulesOf(schema).flatMap((rule) => brokenRule(rule, { value, old, type, path }));
  if (isList(value)) {
    const items = itemType(type);
    return [
      ...own,
      ...value.flatMap((item, index) =>
        causesAt(item, correlated(item, old, schema), { type: items, path: `${path}[${index}]` }),
      ),
    ];
  }
  if (!isObject(value)) return own;
  const children = Object.entries(value).flatMap(([key, item]) => {
    const isField = schema.properties?.[key] !== undefined;
    const inner = isField ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;
    return causesAt(item, isObject(old) ? old[key] : undefined, { type: fieldType(type, key), path: inner });
  });
  return [...own, ...children];
}

/** The item of before that an item goes on: only in lists whose items have a key. */
function correlated(item: Json, old: Json | undefined, schema: Schema): Json | undefined {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (!isList(old) || schema['x-kubernetes-list-type'] !== 'map' || !isObject(item)) return undefined;
  return old.find((other) => isObject(other) && keys.every((key) => sameJson(other[key], item[key])));
}

interface Subject extends Place {
  readonly value: Json;
  readonly old: Json | undefined;
}

const REASONS: Readonly<Record<string, (field: string, value: Json, message: string) => Cause>> = {
  FieldValueForbidden: (field, _value, message) => forbiddenField(field, message),
  FieldValueRequired: (field, _value, message) => required(field, message),
  FieldValueDuplicate: (field, value) => duplicate(field, value),
};

function brokenRule(rule: JsonObject, { value, old, type, path }: Subject): Cause[] {
  const { program, unknown } = compile(expressionOf(rule));
  const isOptional = rule['optionalOldSelf'] === true;
  const comparesOld = /\boldSelf\b/.test(expressionOf(rule));
  if (!program || !language || unknown !== undefined || (comparesOld && old === undefined && !isOptional)) return [];
  const { duration } = language;
  const context = {
    self: celValue(value, type, { duration }),
    ...(old === undefined || old === null ? {} : { oldSelf: celValue(old, type, { duration }) }),
  };
  const kind = type.schema?.type ?? 'object';
  const field = fieldOf(path, textAt(rule, 'fieldPath'));
  try {
    if (program(context) === true) return [];
  } catch (thrown) {
    // Functions that are known here by another type of what they are given.
    if (/overload/.test(firstLine(thrown))) return [];
    const why = firstLine(thrown).replace('No such key', 'no such key');
    return [invalidValue(field, kind, `${why} evaluating rule: ${messageOf(rule, context)}`)];
  }
  const cause = REASONS[textAt(rule, 'reason')] ?? invalidValue;
  return [cause(field, kind, messageOf(rule, context))];
}

const fieldOf = (path: string, relative: string): string =>
  path === '' ? relative.replace(/^\./, '') || '<nil>' : `${path}${relative}`;

function messageOf(rule: JsonObject, context: Readonly<Record<string, unknown>>): string {
  const fixed = textAt(rule, 'message').trim() || `failed rule: ${expressionOf(rule)}`;
  const words = textAt(rule, 'messageExpression');
  const program = words === '' ? undefined : compile(words).program;
  if (!program) return fixed;
  try {
    const text = program(context);
    return typeof text === 'string' && text.trim() !== '' && !text.includes('\n') ? text.trim() : fixed;
  } catch {
    return fixed;
  }
}
