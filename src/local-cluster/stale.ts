// A write of what is another object by now, or gone: it was read before a webhook was asked, or a controller wrote elsewhere.

import type { KubeObject } from '../objects/object.ts';
import type { Api } from './api.ts';
import type { Kind } from './kinds.ts';
import { ApiError, conflict, MODIFIED } from './status.ts';

const stale = new WeakSet<ApiError>();

/** Whether a write was refused for that: who did not say which version he changes begins again. */
export const isStale = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && stale.has(thrown as ApiError);

/** A new object of who would change what is there: where another came first, while webhooks were asked, he begins again. */
export async function unlessMade<T>(create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status['reason'] === 'AlreadyExists') stale.add(thrown);
    throw thrown;
  }
}

/** Refuses to write over what somebody else has changed or removed since it was read. */
export function checkStill(api: Api, kind: Kind, { metadata }: KubeObject): void {
  const { name = '', namespace = '', resourceVersion } = metadata;
  if (api.store.get(kind.storage, namespace, name)?.metadata.resourceVersion === resourceVersion) return;
  const error = conflict(kind, name, MODIFIED);
  stale.add(error);
  throw error;
}
