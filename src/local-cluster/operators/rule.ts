// A user's rule for a kind: a ConfigMap that says which status its objects get, and when.

import { HawserError } from '../../core/errors.ts';
import { at, isList, isObject, type Json, type JsonObject, objectAt, toJson } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { parseDuration } from '../../core/time.ts';
import { parseYamlDocuments } from '../../core/yaml.ts';
import { groupOf, type KubeObject } from '../../objects/object.ts';
import { builtinResources } from '../../objects/types.ts';
import type { Simulation } from './simulation.ts';

const KEYS = ['apiVersion', 'kind', 'after', 'before', 'status'] as const;
const DEFAULT_AFTER = '1s';
const MAX_AFTER_MS = 24 * 3_600_000;

export interface ParsedRule {
  /** Undefined where there is any problem. */
  readonly simulation: Simulation | undefined;
  readonly problems: readonly string[];
}

export function parseRule(configMap: KubeObject): ParsedRule {
  const data = objectAt(configMap, 'data');
  const problems: string[] = [];
  for (const key of Object.keys(data)) if (!KEYS.some((known) => known === key)) problems.push(unknownKey(key));
  const apiVersion = text(data, 'apiVersion');
  const kind = text(data, 'kind');
  if (apiVersion === '') problems.push('apiVersion is missing: it names the kind, as example.com/v1 does');
  if (kind === '') problems.push('kind is missing');
  if (!Object.hasOwn(data, 'status')) problems.push('status is missing: it is the YAML that is written as the status');
  if (apiVersion !== '' && kind !== '') problems.push(...unsuitable(apiVersion, kind));
  const after = durationOf(text(data, 'after') || DEFAULT_AFTER, problems);
  const status = statusOf('status', text(data, 'status'), problems);
  const before = Object.hasOwn(data, 'before') ? statusOf('before', text(data, 'before'), problems) : undefined;
  if (problems.length > 0) return { simulation: undefined, problems };
  const simulation: Simulation = {
    group: groupOf(apiVersion),
    kind,
    after,
    ...(before ? { before: (object: KubeObject) => filled(before, object) } : {}),
    status: (object) => filled(status, object),
  };
  return { simulation, problems };
}

const text = (data: JsonObject, key: string): string => {
  const value = Object.hasOwn(data, key) ? data[key] : undefined;
  return typeof value === 'string' ? value.trim() : '';
};

function unknownKey(key: string): string {
  const [near] = nearest(key, KEYS);
  return `unknown key "${key}": ${near === undefined ? `a rule has ${KEYS.join(', ')}` : `did you mean "${near}"?`}`;
}

const RECORDS: readonly string[] = ['Application', 'AppProject', 'ApplicationSet'];

/** Kinds that have somebody who writes their status already. */
function unsuitable(apiVersion: string, kind: string): string[] {
  const group = groupOf(apiVersion);
  if (group === 'argoproj.io' && RECORDS.includes(kind))
    return [`${kind} is a kind of Hawser's own: its controller writes its status`];
  const isBuiltin = Object.entries(builtinResources()).some(
    ([version, entries]) => groupOf(version) === group && entries.some((entry) => entry.kind === kind),
  );
  return isBuiltin
    ? [`${kind} of ${apiVersion} is a built-in kind: a rule is about kinds of CustomResourceDefinitions`]
    : [];
}

function durationOf(value: string, problems: string[]): number {
  try {
    const milliseconds = parseDuration(value);
    if (milliseconds >= 0 && milliseconds <= MAX_AFTER_MS) return milliseconds;
  } catch (thrown) {
    if (!(thrown instanceof HawserError)) throw thrown;
  }
  problems.push(`after must be a time like 500ms, 5s or 2m, not "${value}"`);
  return 0;
}

function statusOf(key: string, source: string, problems: string[]): JsonObject {
  if (source === '') return {};
  try {
    const [document, ...more] = parseYamlDocuments(source, key, { strict: true });
    const value = toJson(document ?? null);
    if (isObject(value) && more.length === 0) return value;
    problems.push(`${key} must be one YAML mapping`);
  } catch (thrown) {
    if (!(thrown instanceof HawserError)) throw thrown;
    problems.push(thrown.message);
  }
  return {};
}

const PLACEHOLDER = /\$\{([^${}]+)\}/g;

/** The status with what the object says in the place of `${spec.replicas}`; a field whose only text is about nothing is left out. */
function filled(template: JsonObject, object: KubeObject): JsonObject {
  const entries = Object.entries(template).flatMap(([key, value]): [string, Json][] => {
    const result = value === undefined ? undefined : fill(value, object);
    return result === undefined ? [] : [[key, key === 'conditions' ? withTextStatus(result) : result]];
  });
  return Object.fromEntries(entries);
}

function fill(value: Json, object: KubeObject): Json | undefined {
  if (typeof value === 'string') return fillText(value, object);
  if (isList(value)) return value.flatMap((entry) => fill(entry, object) ?? []);
  return isObject(value) ? filled(value, object) : value;
}

function fillText(text: string, object: KubeObject): Json | undefined {
  const [whole, path] = /^\$\{([^${}]+)\}$/.exec(text) ?? [];
  if (whole !== undefined && path !== undefined) return valueAt(object, path);
  return text.replaceAll(PLACEHOLDER, (_, path: string) => {
    const value = valueAt(object, path);
    return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function valueAt(object: KubeObject, path: string): Json | undefined {
  const steps = path
    .trim()
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return at(object, ...steps);
}

/** YAML reads True as a boolean, and conditions have texts. */
function withTextStatus(conditions: Json): Json {
  if (!isList(conditions)) return conditions;
  return conditions.map((entry) => {
    if (!isObject(entry) || typeof entry['status'] !== 'boolean') return entry;
    return { ...entry, status: entry['status'] ? 'True' : 'False' };
  });
}
