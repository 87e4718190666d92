// Values of Secrets are never shown, not even how long their masks are; which of them differ is.

import { isObject, type Json, type JsonObject, objectAt, sameJson } from '../core/json.ts';
import { isSecretKind } from '../model/manifest.ts';
import type { ObjectDifference } from './object-difference.ts';

export interface SecretKeys {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Which keys of a Secret differ; undefined for everything else. */
export function secretKeys(difference: ObjectDifference): SecretKeys | undefined {
  if (!isSecretKind(difference)) return undefined;
  const live = valuesOf(difference.live);
  const target = valuesOf(difference.target);
  return {
    added: Object.keys(target).filter((key) => !(key in live)),
    changed: Object.keys(target).filter((key) => key in live && !sameJson(live[key], target[key])),
    removed: Object.keys(live).filter((key) => !(key in target)),
  };
}

const valuesOf = (secret: JsonObject | undefined): JsonObject => ({
  ...objectAt(secret, 'data'),
  ...objectAt(secret, 'stringData'),
});

/** The same difference with a word for each value of a Secret. */
export function withoutValues(difference: ObjectDifference): ObjectDifference {
  if (!isSecretKind(difference)) return difference;
  const changed = new Set(secretKeys(difference)?.changed);
  return {
    ...difference,
    live: hidden(difference.live, () => '(hidden)'),
    target: hidden(difference.target, (key) => (changed.has(key) ? '(hidden, differs)' : '(hidden)')),
  };
}

const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function hidden(secret: JsonObject | undefined, word: (key: string) => string): JsonObject | undefined {
  if (secret === undefined) return undefined;
  const fields: Record<string, Json> = {};
  for (const field of ['data', 'stringData']) {
    const values = secret[field];
    if (isObject(values)) fields[field] = Object.fromEntries(Object.keys(values).map((key) => [key, word(key)]));
  }
  const metadata = objectAt(secret, 'metadata');
  const { [APPLIED]: _applied, ...annotations } = objectAt(metadata, 'annotations');
  const quiet = isObject(metadata['annotations']) ? { ...metadata, annotations } : metadata;
  return { ...secret, metadata: quiet, ...fields };
}
