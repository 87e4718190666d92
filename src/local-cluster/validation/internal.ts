// Values as causes print them that show a structure of the API server itself: by the names of its own fields, all of them.

import { isList, isObject, type Json, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { META_FIELDS } from '../object-meta.ts';
import { INTERNAL_TYPES } from './internal-types.ts';
import { lineDiff } from './line-diff.ts';

/** A structure in a field: absent it shows as null, where the field is a pointer or a list, or else as its zero. */
interface Structure {
  readonly of: Shape;
  readonly pointer?: true;
}

/** The fields by their own names, in their order; they are read by the name that users write. */
export type Shape = Readonly<Record<string, null | string | number | boolean | Structure>>;

/** 'RunAsUser' as 'runAsUser', 'SELinuxOptions' as 'seLinuxOptions'. */
const written = (name: string): string =>
  name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (start) => start.toLowerCase());

export function internalForm(value: JsonObject, shape: Shape): Json {
  return Object.fromEntries(
    Object.entries(shape).map(([name, part]): [string, Json] => {
      const own = value[written(name)];
      if (part === null || typeof part !== 'object') return [name, own ?? part];
      if (isList(own)) return [name, own.map((item) => (isObject(item) ? internalForm(item, part.of) : item))];
      if (isObject(own)) return [name, internalForm(own, part.of)];
      return [name, part.pointer ? null : internalForm({}, part.of)];
    }),
  );
}

interface Field {
  readonly name: string;
  /** By which name users write it. */
  readonly from: string;
  readonly zero: Json;
  readonly type?: string;
  /** A structure that is there even when nobody writes it. */
  readonly isWhole?: boolean;
}

const ZEROS: Readonly<Record<string, Json>> = { '""': '', '"0"': '0', '0': 0, '!': false };
const known = new Map<string, readonly Field[]>();

function fieldsOf(type: string): readonly Field[] {
  const before = known.get(type);
  if (before) return before;
  const words = (INTERNAL_TYPES[type] ?? '').split(' ').filter((word) => word !== '@');
  const fields = words.map((word): Field => {
    const [, name = '', given, zero = ''] = /^(\w+?)(?:\((\w+)\))?(""|"0"|0|!|[=>]\w+)?$/.exec(word) ?? [];
    const field = { name, from: given ?? written(name), zero: ZEROS[zero] ?? null };
    return /^[=>]/.test(zero) ? { ...field, type: zero.slice(1), isWhole: zero.startsWith('=') } : field;
  });
  known.set(type, fields);
  return fields;
}

/** A value of a type of INTERNAL_TYPES as the API server prints it. */
export function internalOf(type: string, value: Json | undefined): Json {
  if (isList(value)) return value.map((item) => internalOf(type, item ?? {}));
  const own = isObject(value) ? value : {};
  if (type === 'LabelSelector') return selectorForm(own);
  const meta = INTERNAL_TYPES[type]?.startsWith('@') ? inOrder(META_FIELDS, own['metadata']) : {};
  const given = type === 'PodSpec' ? withHostSettings(own) : own;
  const fields = fieldsOf(type).map(({ name, from, zero, type: inner, isWhole }): [string, Json] => {
    const part = given[from] ?? undefined;
    if (inner === undefined) return [name, part === undefined ? zero : sorted(part)];
    return [name, part === undefined && !isWhole ? null : internalOf(inner, part)];
  });
  return { ...meta, ...Object.fromEntries(fields) };
}

const HOST_SETTINGS = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'];

/** What a Pod shares with its node belongs to what it may do. */
function withHostSettings(spec: JsonObject): JsonObject {
  const shared = HOST_SETTINGS.flatMap((name): [string, Json][] => {
    const value = spec[name];
    return value === undefined ? [] : [[name, value]];
  });
  const { securityContext } = spec;
  return {
    ...spec,
    securityContext: { ...(isObject(securityContext) ? securityContext : {}), ...Object.fromEntries(shared) },
  };
}

/** What a map holds, by its keys. */
export const sortedByKey = (map: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Maps by their keys. */
function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item ?? null)]));
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (isList(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** What is there of some fields, in one order. */
function inOrder(names: readonly string[], value: Json | undefined): JsonObject {
  const own = isObject(value) ? value : {};
  const entries = names.flatMap((name): [string, Json][] => {
    const part = own[name] ?? null;
    return isEmpty(part) ? [] : [[name, sorted(part)]];
  });
  return Object.fromEntries(entries);
}

/** A selector as causes print it: its fields in one order. */
export function selectorForm(selector: JsonObject): JsonObject {
  const { matchLabels, matchExpressions } = selector;
  const expressions = listAt(matchExpressions).map((expression): JsonObject => {
    const values = listAt(expression, 'values');
    const [key, operator] = [textAt(expression, 'key'), textAt(expression, 'operator')];
    return { key, operator, ...(values.length > 0 ? { values } : {}) };
  });
  return {
    ...inOrder(['matchLabels'], { matchLabels: matchLabels ?? null }),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  };
}

/** What of two values of a type differs, as the API server shows it. */
export function internalDiff(type: string, before: Json | undefined, after: Json | undefined): string {
  const print = (value: Json | undefined): string => JSON.stringify(internalOf(type, value), undefined, 1);
  return lineDiff(print(before), print(after));
}
