// Values held against the fields of Argo CD's types: what does not exist, has another type, or is missing.

import { isList, isObject, type Json } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { argoFields } from '../../model/argo-types.ts';
import { type Fault, pathText } from '../../model/lint.ts';

/** What the custom resource definitions require. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  ApplicationSpec: ['destination', 'project'],
  ApplicationSource: ['repoURL'],
  ResourceIgnoreDifferences: ['kind'],
  Info: ['name', 'value'],
  EnvEntry: ['name', 'value'],
  JsonnetVar: ['name', 'value'],
  KustomizeReplica: ['name', 'count'],
  ProjectRole: ['name'],
  ClusterResourceRestrictionItem: ['group', 'kind'],
  GroupKind: ['group', 'kind'],
  ApplicationSetSpec: ['generators', 'template'],
  ApplicationSetTemplate: ['metadata', 'spec'],
  GitGenerator: ['repoURL', 'revision'],
};

/** Templates of generators only change what the one of the set says: nothing is required of them. */
const PARTIAL = /Generator$/;

const PRIMITIVES: Readonly<Record<string, { readonly expected: string; readonly fits: (value: Json) => boolean }>> = {
  string: { expected: 'a string', fits: (value) => typeof value === 'string' },
  boolean: { expected: 'true or false', fits: (value) => typeof value === 'boolean' },
  integer: { expected: 'a whole number', fits: (value) => typeof value === 'number' && Number.isInteger(value) },
};

interface Checked {
  readonly value: Json | undefined;
  readonly type: string;
  readonly path: Fault['path'];
  readonly isPartial?: boolean;
}

/** All that is wrong with a value of a type. */
export function fieldFaults({ value, type, path, isPartial = false }: Checked): Fault[] {
  if (type === 'any' || value === undefined || value === null) return [];
  const primitive = PRIMITIVES[type];
  if (primitive) return primitive.fits(value) ? [] : [wrongType(value, primitive.expected, path)];
  if (type.startsWith('[]')) {
    if (!isList(value)) return [wrongType(value, 'a list', path)];
    return value.flatMap((item, index) =>
      fieldFaults({ value: item, type: type.slice(2), path: [...path, index], isPartial }),
    );
  }
  if (!isObject(value)) return [wrongType(value, 'a map', path)];
  if (type.startsWith('{}')) {
    return Object.entries(value).flatMap(([key, item]) =>
      fieldFaults({ value: item, type: type.slice(2), path: [...path, key], isPartial }),
    );
  }
  return objectFaults(value, { value, type, path, isPartial });
}

function objectFaults(value: Readonly<Record<string, Json | undefined>>, { type, path, isPartial }: Checked): Fault[] {
  const fields = argoFields(type);
  if (!fields) return [];
  const faults = Object.entries(value).flatMap(([name, item]): Fault[] => {
    const field = fields[name];
    const at = [...path, name];
    if (!field) return [unknownField(name, at, Object.keys(fields))];
    const inner = fieldFaults({ value: item, type: field.type, path: at, isPartial: isPartial || PARTIAL.test(type) });
    if (!field.isDeprecated) return inner;
    return [{ rule: 'deprecated-field', path: at, message: `${pathText(at)} is deprecated` }, ...inner];
  });
  const missing = isPartial
    ? []
    : (REQUIRED[type] ?? []).filter((name) => value[name] === undefined || value[name] === null);
  return [
    ...faults,
    ...missing.map(
      (name): Fault => ({ rule: 'missing-field', path, message: `${pathText([...path, name])} is missing` }),
    ),
  ];
}

export function unknownField(name: string, path: Fault['path'], names: readonly string[]): Fault {
  const [near] = nearest(name, names);
  return {
    rule: 'unknown-field',
    path,
    message: `unknown field ${pathText(path)}`,
    hint: near === undefined ? `valid fields: ${[...names].sort().join(', ')}` : `did you mean '${near}'?`,
  };
}

export function wrongType(value: Json, expected: string, path: Fault['path']): Fault {
  const isText = expected === 'a string' && typeof value !== 'object';
  return {
    rule: 'wrong-type',
    path,
    message: `${pathText(path)} must be ${expected}, not ${describe(value)}`,
    hint: isText ? `put it in quotes: "${String(value)}"` : undefined,
  };
}

function describe(value: Json): string {
  if (isList(value)) return 'a list';
  if (isObject(value)) return 'a map';
  return value === null ? 'null' : `${typeof value} ${JSON.stringify(value)}`;
}
