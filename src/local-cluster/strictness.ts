// What a body holds that its type does not know, and what it holds twice: told as warnings, or refused (fieldValidation).

import { isObject, ownField } from '../core/json.ts';
import { type RepeatedKey, repeatedKeys } from '../core/repeated-keys.ts';
import { yamlPositions } from '../core/yaml-positions.ts';
import { fieldType, isStructure, itemType, type TypeOf } from '../objects/schema.ts';
import type { FieldValidation } from './decode.ts';

/** The text that a body was read from; absent where it was no text. */
export interface Source {
  readonly text: string;
  readonly isYaml: boolean;
}

const MOST = 100;

/** Faults of an object: the fields that are unknown, and what its text says twice. */
export function faultsOf(
  source: Source | undefined,
  {
    unknown,
    type,
    isCustom,
  }: { readonly unknown: readonly string[]; readonly type: TypeOf; readonly isCustom: boolean },
): string[] {
  const unknownTexts = unknown.map((path) => `unknown field "${path}"`);
  if (source?.isYaml) return limited([...yamlFaults(source.text), ...unknownTexts]);
  const repeated = source ? repeatedKeys(source.text) : [];
  const read = isCustom ? repeated : repeated.filter(({ steps }) => isRead(steps, type));
  if (read.length === 0 || isCustom) return limited([...read.map(repeatedText), ...unknownTexts]);
  const text = source?.text ?? '';
  const placed = [
    ...read.map((key) => ({ text: repeatedText(key), offset: key.offset })),
    ...unknown.map((path, index) => ({ text: unknownTexts[index] ?? '', offset: placeOf(text, path) })),
  ];
  return limited(placed.sort((a, b) => a.offset - b.offset).map((fault) => fault.text));
}

/** Whether the decoder of the type looks at a place: not into what is unknown, nor into values of any type. */
function isRead(steps: readonly (string | number)[], type: TypeOf): boolean {
  let inner = type;
  for (const step of steps) {
    const schema = inner.resolve(inner.schema);
    if (!schema) return false;
    if (typeof step === 'number') inner = itemType(inner);
    else if (isStructure(inner) && ownField(schema.properties, step) === undefined) return false;
    else if (!isStructure(inner) && !isObject(schema.additionalProperties)) return false;
    else inner = fieldType(inner, step);
  }
  return true;
}

/** About where an unknown field stands: its last name, behind those before it. */
function placeOf(text: string, path: string): number {
  let offset = 0;
  for (const name of path.split(/[.[\]]+/).filter((part) => part !== '' && !/^\d+$/.test(part))) {
    const next = text.indexOf(`"${name}"`, offset);
    if (next >= 0) offset = next + 1;
  }
  return offset;
}

function repeatedText({ steps }: RepeatedKey): string {
  return `duplicate field "${pathText(steps)}"`;
}

function pathText(steps: readonly (string | number)[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

/** Every fault once, and no more than a client can read. */
const limited = (texts: readonly string[]): string[] => [...new Set(texts)].slice(0, MOST);

const YAML_FAULTS = 'yaml: unmarshal errors:\n  ';

function yamlFaults(text: string): string[] {
  const lines = repeatedLines(text);
  return lines.length === 0 ? [] : [`${YAML_FAULTS}${lines.join('\n  ')}`];
}

/** A line of talk for each key that stands twice in a YAML text. */
export function repeatedLines(text: string): string[] {
  // Most are JSON, which is looked through far faster.
  if (isJson(text) && repeatedKeys(text).length === 0) return [];
  return yamlPositions(text).repeated.map(
    ({ key, valueLine }) => `line ${valueLine}: key ${JSON.stringify(key)} already set in map`,
  );
}

function isJson(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Faults of a patch in JSON; of a list of operations only their own members count. */
export function faultsOfPatch(text: string, isOperations: boolean): string[] {
  const repeated = repeatedKeys(text);
  if (!isOperations) return limited(repeated.map(repeatedText));
  const operations: unknown = JSON.parse(text);
  const unknown = (Array.isArray(operations) ? operations : []).flatMap((operation, index) =>
    Object.keys(isObject(operation) ? operation : {})
      .filter((name) => !OPERATION.has(name))
      .map((name) => `json patch unknown field "[${index}].${name}"`),
  );
  const twice = repeated.filter(({ steps }) => steps.length === 2).map((key) => `json patch ${repeatedText(key)}`);
  return limited([...unknown, ...twice]);
}

const OPERATION: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value']);

/** What to warn of; thrown by `refuse` when the client wants no faults. */
export function judge(
  faults: readonly string[],
  validation: FieldValidation,
  refuse: (text: string) => Error,
): readonly string[] {
  if (validation === 'Ignore') return [];
  if (validation === 'Strict' && faults.length > 0) throw refuse(`strict decoding error: ${faults.join(', ')}`);
  return faults.flatMap((text) =>
    text.startsWith(YAML_FAULTS) ? text.slice(YAML_FAULTS.length).split('\n  ') : [text],
  );
}
