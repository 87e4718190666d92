// Secrets never leave the system: equal values become equal runs of plus signs, so that a change still shows.

import { isObject, type Json, objectAt } from '../../core/json.ts';
import { isSecret } from '../../model/manifest.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import { foldSecret, LAST_APPLIED_ANNOTATION } from './normalise.ts';

/** The given states of one Secret, masked together; other kinds and absent states are passed on. */
export function maskSecrets(states: readonly (KubeObject | undefined)[]): (KubeObject | undefined)[] {
  const runs = new Map<string, string>();
  const mask = (key: string, value: Json | undefined): string => {
    const id = `${key} ${JSON.stringify(value)}`;
    const mark = runs.get(id);
    if (mark) return mark;
    const used = [...runs.keys()].filter((other) => other.startsWith(`${key} `)).length;
    const run = '+'.repeat(8 + used * 4);
    runs.set(id, run);
    return run;
  };
  return states.map((state) => (state && isSecret(state) ? masked(foldSecret(state), mask) : state));
}

type Mask = (key: string, value: Json | undefined) => string;

function masked(secret: KubeObject, mask: Mask): KubeObject {
  const entries = Object.entries(objectAt(secret, 'data'));
  const data = Object.fromEntries(entries.map(([key, value]) => [key, mask(key, value)]));
  const hidden = isObject(secret['data']) ? { ...secret, data } : secret;
  const { [LAST_APPLIED_ANNOTATION]: applied, ...annotations } = secret.metadata.annotations ?? {};
  if (applied === undefined) return hidden;
  const text = maskedText(applied, mask);
  return {
    ...hidden,
    metadata: { ...secret.metadata, annotations: { ...annotations, [LAST_APPLIED_ANNOTATION]: text } },
  };
}

function maskedText(text: string, mask: Mask): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isKubeObject(parsed)) return JSON.stringify(masked(foldSecret(parsed), mask));
  } catch {
    // What cannot be read cannot be masked in part.
  }
  return '++++++++';
}
