// Secrets never leave the system: equal values become equal runs of plus signs, so that a change still shows.

import { isObject, type Json, objectAt } from '../../core/json.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import { LAST_APPLIED_ANNOTATION } from './normalise.ts';

/** The given states of one Secret, masked together; other kinds and absent states are passed on. */
export function maskSecrets(states: readonly (KubeObject | undefined)[]): (KubeObject | undefined)[] {
  const runs = new Map<string, string>();
  const mask = (key: string, value: Json | undefined): string => {
    const id = `${key} ${JSON.stringify(value)}`;
    const known = runs.get(id);
    if (known) return known;
    const used = [...runs.keys()].filter((other) => other.startsWith(`${key} `)).length;
    const run = '+'.repeat(8 + used * 4);
    runs.set(id, run);
    return run;
  };
  return states.map((state) => (state && isSecret(state) ? masked(state, mask) : state));
}

function isSecret(object: KubeObject): boolean {
  return object.kind === 'Secret' && object.apiVersion === 'v1';
}

type Mask = (key: string, value: Json | undefined) => string;

function masked(secret: KubeObject, mask: Mask): KubeObject {
  const fields: Record<string, Json> = {};
  for (const field of ['data', 'stringData']) {
    if (!isObject(secret[field])) continue;
    const entries = Object.entries(objectAt(secret, field));
    fields[field] = Object.fromEntries(entries.map(([key, value]) => [key, mask(key, plain(field, value))]));
  }
  const { [LAST_APPLIED_ANNOTATION]: applied, ...annotations } = secret.metadata.annotations ?? {};
  if (applied === undefined) return { ...secret, ...fields };
  const metadata = {
    ...secret.metadata,
    annotations: { ...annotations, [LAST_APPLIED_ANNOTATION]: maskedText(applied, mask) },
  };
  return { ...secret, ...fields, metadata };
}

function maskedText(text: string, mask: Mask): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isKubeObject(parsed)) return JSON.stringify(masked(parsed, mask));
  } catch {
    // What cannot be read cannot be masked in part.
  }
  return '++++++++';
}

/** The same value is the same whether it stands in data or in stringData. */
function plain(field: string, value: Json | undefined): Json | undefined {
  return field === 'stringData' && typeof value === 'string' ? Buffer.from(value).toString('base64') : value;
}
