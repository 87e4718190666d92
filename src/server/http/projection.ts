// `fields=items.metadata.name,items.spec` selects fields of an answer; a leading `-` leaves them out.

import { isList, isObject } from '../../core/json.ts';

/** The fields that are named below one another; one that is named itself is whole. */
interface Selection {
  readonly isWhole: boolean;
  readonly fields: ReadonlyMap<string, Selection>;
}

/** `prefix` is where the value stands in what the fields name: an event stands in `result`. */
export function projectAt(prefix: string, value: unknown, fields: string): unknown {
  if (fields === '') return value;
  const isExcluding = fields.startsWith('-');
  const paths = fields.replace(/^-/, '').split(',');
  // The version of a list is what a watch goes on from.
  const all = selectionOf(prefix === '' && !isExcluding ? [...paths, 'metadata'] : paths);
  const selection = prefix === '' ? all : all.fields.get(prefix);
  if (isExcluding) return selection ? without(value, selection) : value;
  if (selection?.isWhole) return value;
  return only(value, selection ?? NOTHING);
}

const NOTHING: Selection = { isWhole: false, fields: new Map() };

interface GrowingSelection extends Selection {
  isWhole: boolean;
  readonly fields: Map<string, GrowingSelection>;
}

function selectionOf(paths: readonly string[]): Selection {
  const root: GrowingSelection = { isWhole: false, fields: new Map() };
  for (const path of paths) {
    let at = root;
    for (const name of path.split('.')) {
      const next = at.fields.get(name) ?? { isWhole: false, fields: new Map() };
      at.fields.set(name, next);
      at = next;
    }
    at.isWhole = true;
  }
  return root;
}

/** A key with dots in it is more than one name of a path. */
function below({ fields }: Selection, key: string): Selection | undefined {
  const inner = fields.get(key);
  if (inner || !key.includes('.')) return inner;
  let at: Selection | undefined = { isWhole: false, fields };
  for (const name of key.split('.')) at = at?.fields.get(name);
  return at;
}

function only(value: unknown, selection: Selection): unknown {
  if (isList(value)) return value.map((item) => only(item, selection));
  if (!isObject(value)) return value;
  const selected: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = below(selection, key);
    const item = value[key];
    if (inner && item !== undefined) selected[key] = inner.isWhole ? item : only(item, inner);
  }
  return selected;
}

function without(value: unknown, selection: Selection): unknown {
  if (isList(value)) return value.map((item) => without(item, selection));
  if (!isObject(value)) return value;
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = below(selection, key);
    const item = value[key];
    if (item !== undefined && !inner?.isWhole) fields[key] = inner ? without(item, inner) : item;
  }
  return fields;
}
