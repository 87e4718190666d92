// What a kubeconfig is with the local cluster in it, or without: everything else stays as it is.

import { HawserError } from '../../core/errors.ts';
import { isObject, type Json, type JsonObject, sameJson, textAt } from '../../core/json.ts';

export const LISTS = ['clusters', 'users', 'contexts'] as const;

/** The entry of each list, without its name. */
export type Entries = Readonly<Record<(typeof LISTS)[number], JsonObject>>;

const PARTS = { clusters: 'cluster', users: 'user', contexts: 'context' } as const;

/** Throws `usage` for what is no kubeconfig; `path` is named. */
export function checkKubeconfig(value: unknown, path: string): JsonObject {
  if (value === undefined || value === null) return { apiVersion: 'v1', kind: 'Config' };
  if (!isObject(value)) throw notOne(path, 'it is not a map');
  const kind = value['kind'];
  if (kind !== undefined && kind !== 'Config') throw notOne(path, `its kind is ${JSON.stringify(kind)}`);
  for (const list of LISTS) {
    const entries = value[list];
    if (entries === undefined || entries === null) continue;
    if (!Array.isArray(entries)) throw notOne(path, `'${list}' is not a list`);
    const index = entries.findIndex((entry: unknown) => !isObject(entry) || typeof entry['name'] !== 'string');
    if (index >= 0) throw notOne(path, `${list}[${index}] has no name`);
  }
  return value;
}

const notOne = (path: string, why: string): HawserError =>
  new HawserError('usage', `'${path}' is not a kubeconfig: ${why}; nothing was changed`, { hint: otherFile(path) });

export const otherFile = (path: string): string =>
  `mend ${path}, or choose another file: KUBECONFIG=FILE hawser local kubeconfig --merge`;

const listIn = (config: JsonObject, list: string): readonly Json[] => {
  const entries = config[list];
  return Array.isArray(entries) ? entries : [];
};

export const holds = (config: JsonObject, name: string): boolean =>
  LISTS.some((list) => listIn(config, list).some((entry) => textAt(entry, 'name') === name));

/** An entry of that name is replaced where it stands, else the new one comes last. */
export function withEntries(config: JsonObject, name: string, entries: Entries): JsonObject {
  const next: Record<string, Json | undefined> = { ...config };
  for (const list of LISTS) {
    const entry = { name, [PARTS[list]]: entries[list] };
    const before = listIn(config, list);
    const isThere = before.some((other) => textAt(other, 'name') === name);
    next[list] = isThere ? before.map((other) => (textAt(other, 'name') === name ? entry : other)) : [...before, entry];
  }
  return next;
}

export function withoutEntries(config: JsonObject, name: string): JsonObject {
  const next: Record<string, Json | undefined> = { ...config };
  for (const list of LISTS)
    if (config[list] !== undefined) next[list] = listIn(config, list).filter((entry) => textAt(entry, 'name') !== name);
  return textAt(config, 'current-context') === name ? { ...next, 'current-context': '' } : next;
}

export const isChanged = (before: JsonObject, after: JsonObject): boolean => !sameJson(before, after);
