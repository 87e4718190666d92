// RFC 6902, as the API applies it: a key that is not there is null, and `replace` adds it.

import { HawserError } from '../core/errors.ts';
import { isList, isObject, type Json, type JsonObject, ownField, sameJson, textAt } from '../core/json.ts';

/** A value that an operation asks for is another. */
export class TestFailedError extends HawserError {}

/** The value after all operations; throws `invalid` naming the operation that cannot be done. */
export function jsonPatch(target: Json, operations: readonly Json[]): Json {
  let current = target;
  for (const operation of operations) current = apply(current, operation);
  return current;
}

/** What is wrong with an operation that cannot be done, in the words of the API server's library. */
export function jsonPatchFault(target: Json, operation: JsonObject): string {
  const [op, path, from] = [textAt(operation, 'op'), textAt(operation, 'path'), textAt(operation, 'from')];
  if (!OPERATIONS.includes(op)) return `Unexpected kind: ${op}`;
  const told = op === 'move' || op === 'copy' ? from : path;
  const [key = '', ...above] = pointer(told).toReversed();
  const parent = told === '' ? undefined : parentOf(target, above.toReversed());
  if (parent === undefined) return `${op} operation does not apply: ${ABSENT[op]?.(told) ?? ''}: missing value`;
  if (op === 'replace') return `replace operation does not apply: doc is missing key: ${path}: missing value`;
  const where = op === 'move' || op === 'copy' ? key : path;
  const why = isList(parent)
    ? `Unable to access invalid index: ${key}: invalid index referenced`
    : `Unable to remove nonexistent key: ${key}: missing value`;
  return `error in ${op} for path: '${where}': ${why}`;
}

const quotedPath = (path: string): string => `doc is missing path: ${JSON.stringify(path)}`;

const ABSENT: Readonly<Record<string, (path: string) => string>> = {
  add: quotedPath,
  copy: (path) => `doc is missing from path: ${path}`,
  move: (path) => `doc is missing from path: ${path}`,
  remove: quotedPath,
  replace: (path) => `doc is missing path: ${path}`,
  test: (path) => `is missing path: ${path}`,
};
const OPERATIONS = Object.keys(ABSENT);

function parentOf(target: Json, path: readonly string[]): Json | undefined {
  try {
    const parent = valueAt(target, path, '');
    return isList(parent) || isObject(parent) ? parent : undefined;
  } catch {
    return undefined;
  }
}

function apply(target: Json, operation: Json): Json {
  if (!isObject(operation)) throw new HawserError('invalid', 'a JSON patch operation must be an object');
  const path = pointer(textAt(operation, 'path'));
  const { value = null } = operation;
  switch (operation['op']) {
    case 'add':
      return setAt(target, path, { value, insert: true });
    case 'replace':
      return path.length === 0 ? value : setAt(target, path, { value, insert: false });
    case 'remove':
      return removeAt(target, path, 'remove');
    case 'test':
      if (sameJson(valueAt(target, path, 'test') ?? null, value)) return target;
      throw new TestFailedError('invalid', `testing value ${textAt(operation, 'path')} failed: test failed`);
    case 'move': {
      const from = pointer(textAt(operation, 'from'));
      const moved = valueAt(target, from, 'move') ?? null;
      return setAt(removeAt(target, from, 'move'), path, { value: moved, insert: true });
    }
    case 'copy': {
      const copied = valueAt(target, pointer(textAt(operation, 'from'), 'copy'), 'copy') ?? null;
      return setAt(target, path, { value: copied, insert: true });
    }
    default:
      throw new HawserError('invalid', `unexpected kind: ${String(operation['op'] ?? 'unknown')}`);
  }
}

/** The steps of a path. What stands before its first slash is not looked at. */
function pointer(text: string, operation = ''): string[] {
  if (text === '' && operation === '') return [];
  if (!text.includes('/')) throw new HawserError('invalid', `doc is missing path: ${text}`);
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Undefined for a key that its object has not; all before it must be there. */
function valueAt(target: Json, path: readonly string[], operation: string): Json | undefined {
  let current: Json | undefined = target;
  for (const step of path) {
    if (isList(current)) current = current[indexOf(current, step, operation, false)];
    else if (isObject(current)) current = ownField(current, step);
    else throw missing(operation, path);
  }
  return current;
}

function setAt(
  target: Json,
  path: readonly string[],
  change: { readonly value: Json; readonly insert: boolean },
): Json {
  const [step, ...rest] = path;
  const operation = change.insert ? 'add' : 'replace';
  if (step === undefined) throw missing(operation, path);
  if (isList(target)) return setInList(target, [step, ...rest], change);
  if (!isObject(target)) throw missing(operation, path);
  if (rest.length === 0) return { ...target, [step]: change.value };
  const child = ownField(target, step);
  if (child === undefined) throw missing(operation, path);
  return { ...target, [step]: setAt(child, rest, change) };
}

function setInList(
  target: readonly Json[],
  [step = '', ...rest]: readonly string[],
  change: { readonly value: Json; readonly insert: boolean },
): Json {
  const operation = change.insert ? 'add' : 'replace';
  if (step === '-' && rest.length === 0 && change.insert) return [...target, change.value];
  const index = indexOf(target, step, operation, change.insert && rest.length === 0);
  if (rest.length === 0) return target.toSpliced(index, change.insert ? 0 : 1, change.value);
  const child = target[index];
  if (child === undefined) throw missing(operation, [step]);
  return target.with(index, setAt(child, rest, change));
}

function removeAt(target: Json, path: readonly string[], operation: string): Json {
  const [step, ...rest] = path;
  if (step === undefined) throw missing(operation, path);
  if (isList(target)) {
    const index = indexOf(target, step, operation, false);
    if (rest.length === 0) return target.toSpliced(index, 1);
    return target.with(index, removeAt(target[index] ?? null, rest, operation));
  }
  if (!isObject(target)) throw missing(operation, path);
  const child = ownField(target, step);
  if (child === undefined) throw missing(operation, path);
  if (rest.length > 0) return { ...target, [step]: removeAt(child, rest, operation) };
  const { [step]: _removed, ...kept }: JsonObject = target;
  return kept;
}

/** A place in a list; negative ones count from its end, which is one further on where something is put in. */
function indexOf(list: readonly Json[], step: string, operation: string, end: boolean): number {
  const position = /^[+-]?\d+$/.test(step) ? Number(step) : Number.NaN;
  const places = list.length + (end ? 1 : 0);
  const index = position < 0 ? position + places : position;
  if (index >= 0 && index < places) return index;
  throw new HawserError('invalid', `${operation} operation does not apply: invalid array index: ${step}`);
}

function missing(operation: string, path: readonly string[]): HawserError {
  const text = path.map((part) => `/${part}`).join('');
  return new HawserError(
    'invalid',
    `${operation} operation does not apply: doc is missing path: "${text}": missing value`,
  );
}
