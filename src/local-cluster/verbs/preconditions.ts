// What must hold of an object that is to be deleted.

import type { Json, JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';
import { type ApiError, conflict, forbidden } from '../status.ts';

/** Kinds whose end takes more than one step: also the last one answers the object. */
export const IN_STEPS: ReadonlySet<string> = new Set(['/namespaces', 'apiextensions.k8s.io/customresourcedefinitions']);

/** Namespaces that no cluster is without. */
const KEPT: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

export function checkMayGo(kind: Kind, name: string): void {
  if (kind.storage === '/namespaces' && KEPT.has(name))
    throw forbidden(kind, name, 'this namespace may not be deleted');
}

export function checkPreconditions(
  kind: Kind,
  { metadata }: KubeObject,
  { preconditions }: { readonly preconditions: JsonObject },
): void {
  const { uid, resourceVersion } = preconditions;
  const name = metadata.name ?? '';
  if (uid !== undefined && uid !== metadata.uid)
    throw unmet(kind, name, { ...OF_UID, asked: uid, present: metadata.uid });
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw unmet(kind, name, { ...OF_VERSION, asked: resourceVersion, present: metadata.resourceVersion });
}

const OF_UID = { what: 'UID', else: 'The object might have been deleted and then recreated' };
const OF_VERSION = { what: 'ResourceVersion', else: 'The object might have been modified' };

interface Unmet {
  readonly what: string;
  readonly else: string;
  readonly asked: Json;
  readonly present: string | undefined;
}

function unmet(kind: Kind, name: string, { what, else: otherwise, asked, present = '' }: Unmet): ApiError {
  const wish = typeof asked === 'string' ? asked : JSON.stringify(asked);
  if (IN_STEPS.has(kind.storage)) {
    const why = `Precondition failed: ${what} in precondition: ${wish}, ${what} in object meta: ${present}`;
    return conflict(kind, name, why);
  }
  const why = `the ${what} in the precondition (${wish}) does not match the ${what} in record (${present}). ${otherwise}`;
  return conflict({ ...kind, plural: kind.kind }, name, why);
}
