// One column of a table, and the words that others are made of.

import { at, isObject, type Json, listAt, numberAt, textAt } from '../../core/json.ts';
import { formatDuration } from '../../core/time.ts';
import { formatSelector } from '../../objects/label-selector.ts';
import type { KubeObject } from '../../objects/object.ts';

export interface Column {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  /** 1: only in wide output. */
  readonly priority?: number;
  readonly cell: (object: KubeObject, now: number) => Json;
}

export const NONE = '<none>';
export const UNSET = '<unset>';
export const UNKNOWN = '<unknown>';
export const INVALID = '<invalid>';

export const NAME: Column = {
  name: 'Name',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  cell: (object) => object.metadata.name ?? '',
};
const CREATED =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';
export const AGE: Column = {
  name: 'Age',
  description: CREATED,
  cell: (object, now) => ageOf(object.metadata.creationTimestamp, now),
};
export const CREATED_AT: Column = {
  name: 'Created At',
  type: 'date',
  description: CREATED,
  cell: (object) => object.metadata.creationTimestamp ?? '',
};

/** A cell that is worked out. */
export const cell = (name: string, value: Column['cell'], type = 'string'): Column => ({ name, type, cell: value });

/** A text at a path, or another where there is none. */
export const text = (name: string, path: string, otherwise = ''): Column =>
  cell(name, (object) => textAt(object, ...path.split('.')) || otherwise);

export const integer = (name: string, path: string, type = 'integer'): Column =>
  cell(name, (object) => numberAt(object, ...path.split('.')) ?? 0, type);

/** True, False, or `otherwise` where nothing is said. */
export const flag = (name: string, path: string, otherwise = UNSET): Column =>
  cell(name, (object) => truth(at(object, ...path.split('.')), otherwise), 'boolean');

function truth(value: Json | undefined, otherwise: string): string {
  if (typeof value !== 'boolean') return otherwise;
  return value ? 'True' : 'False';
}

export const wide = (...columns: readonly Column[]): Column[] => columns.map((column) => ({ ...column, priority: 1 }));

/** The first few of a list, and how many more there are. */
export function firstFew(values: readonly string[], most = 3): string {
  const shown = values.slice(0, most).join(',');
  return values.length > most ? `${shown} + ${values.length - most} more...` : shown;
}

export const labelText = (labels: Readonly<Record<string, Json | undefined>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .sort()
    .join(',') || NONE;

export const selectorAt = (name: string, path: string): Column =>
  cell(name, (object) => {
    const selector = at(object, ...path.split('.'));
    return isObject(selector) ? formatSelector(selector) || NONE : NONE;
  });

/** The containers of a Pod's template, their images. */
export const containersAt = (path: string): Column[] => [
  cell('Containers', (object) => namesAt(object, path, 'name')),
  cell('Images', (object) => namesAt(object, path, 'image')),
];

const namesAt = (object: KubeObject, path: string, field: string): string =>
  listAt(object, ...path.split('.'), 'containers')
    .map((container) => textAt(container, field))
    .join(',');

/** The time that has passed, in the largest unit or two. */
export function ageOf(since: string | undefined, now: number): string {
  const start = Date.parse(since ?? '');
  return Number.isNaN(start) ? UNKNOWN : duration(now - start);
}

export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  // Clocks differ by a little.
  if (milliseconds <= -2000) return INVALID;
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return formatDuration(seconds * 1000).replace(/m0s$/, 'm');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return `${hours}h${minutes % 60 === 0 ? '' : `${minutes % 60}m`}`;
  if (hours < 48) return `${hours}h`;
  if (days < 8) return `${days}d${hours % 24 === 0 ? '' : `${hours % 24}h`}`;
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 2920 && days % 365 !== 0 ? `${years}y${days % 365}d` : `${years}y`;
}
