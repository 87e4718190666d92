// Which fields of an object a write changed, without what is secret.

import type { FieldChange } from '../../api/audit.ts';
import { isList, isObject, type Json, type JsonObject, sameJson, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { HIDDEN, isSecretName, withoutSecrets } from './secrets.ts';

export interface Changes {
  readonly fields: readonly FieldChange[];
  readonly leftOut: number;
}

const MOST_FIELDS = 40;

/** What the cluster or a controller writes, and what repeats the whole object. */
const OF_THE_CLUSTER: Readonly<Record<string, readonly string[]>> = {
  '': ['apiVersion', 'kind', 'status'],
  metadata: [
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'managedFields',
    'selfLink',
    'deletionGracePeriodSeconds',
  ],
  'metadata.annotations': [
    'kubectl.kubernetes.io/last-applied-configuration',
    'argocd.argoproj.io/refresh',
    'argocd.argoproj.io/hydrate',
  ],
};

/** Both undefined are no change; fields stand in the order of their paths. */
export function fieldChanges(before: KubeObject | undefined, after: KubeObject | undefined): Changes {
  const { kind = '' } = after ?? before ?? {};
  const found: FieldChange[] = [];
  compare(before, after, { path: '', owner: '', isHidden: false, hides: HIDES[kind] ?? [] }, found);
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { fields: found.slice(0, MOST_FIELDS), leftOut: Math.max(0, found.length - MOST_FIELDS) };
}

/** Everything below these. */
const HIDES: Readonly<Record<string, readonly string[]>> = { Secret: ['data', 'stringData'] };

interface Place {
  readonly path: string;
  /** As OF_THE_CLUSTER names it: without the indexes of lists. */
  readonly owner: string;
  readonly isHidden: boolean;
  readonly hides: readonly string[];
}

function compare(before: Json | undefined, after: Json | undefined, place: Place, found: FieldChange[]): void {
  if (sameJson(before, after)) return;
  const [a, b] = [asObject(before), asObject(after)];
  const [x, y] = [asList(before), asList(after)];
  if (a && b) compareFields(a, b, place, found);
  else if (x && y) {
    for (let index = 0; index < Math.max(x.length, y.length); index += 1)
      compare(x[index], y[index], { ...inList(place, index), isHidden: place.isHidden }, found);
  } else
    found.push({
      path: place.path || '.',
      ...(before === undefined ? {} : { before: textOf(before, place) }),
      ...(after === undefined ? {} : { after: textOf(after, place) }),
    });
}

/** What is not there is compared as if it were empty, so that each field of it is told. */
const asObject = (value: Json | undefined): JsonObject | undefined =>
  isObject(value) ? value : value === undefined ? {} : undefined;

const asList = (value: Json | undefined): readonly Json[] | undefined =>
  isList(value) ? value : value === undefined ? [] : undefined;

function compareFields(before: JsonObject, after: JsonObject, place: Place, found: FieldChange[]): void {
  const ignored = OF_THE_CLUSTER[place.owner] ?? [];
  // Of `{name: db.password, value: word}` the name tells what the value is.
  const called = textAt(after, 'name') || textAt(after, 'key') || textAt(before, 'name') || textAt(before, 'key');
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (ignored.includes(key)) continue;
    const isHidden =
      place.isHidden ||
      (place.path === '' && place.hides.includes(key)) ||
      isSecretName(key) ||
      (/^(value|string|values?From)$/i.test(key) && isSecretName(called));
    compare(before[key], after[key], { ...inObject(place, key), isHidden }, found);
  }
}

const PLAIN = /^[A-Za-z_][\w-]*$/;

function inObject(place: Place, key: string): Place {
  const step = PLAIN.test(key) ? `${place.path === '' ? '' : '.'}${key}` : `[${JSON.stringify(key)}]`;
  return { ...place, path: `${place.path}${step}`, owner: place.owner === '' ? key : `${place.owner}.${key}` };
}

const inList = (place: Place, index: number): Place => ({ ...place, path: `${place.path}[${index}]` });

function textOf(value: Json, { isHidden }: Place): string {
  if (isHidden && (typeof value === 'number' || (value && typeof value !== 'boolean'))) return HIDDEN;
  return withoutSecrets(typeof value === 'string' ? value : JSON.stringify(value));
}
