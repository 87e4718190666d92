// Webhooks of admission: nothing of them is loaded where none is stored.

import type { KubeObject } from '../../objects/object.ts';
import type { Api, JudgedWrite, ResourceRequest, WriteSettings } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { ApiError, conflict, MODIFIED } from '../status.ts';
import { MUTATING, VALIDATING } from '../webhooks/storages.ts';

/** Whether somebody may have to be asked before a write. */
export const areStored = ({ store }: Api): boolean =>
  store.list(MUTATING).length > 0 || store.list(VALIDATING).length > 0;

/**
 * Does a write with its webhooks asked: it is done without a pause, so that where one has to be asked it is given up, and
 * begun again with the answer.
 */
export const withWebhooks = <T>(api: Api, write: (api: Api) => Promise<T>): Promise<T> =>
  api.webhooks || !areStored(api) ? write(api) : asking(api, write);

async function asking<T>(api: Api, write: (api: Api) => Promise<T>): Promise<T> {
  const { replay } = await import('../webhooks/replay.ts');
  return replay(api, write);
}

type Part = Required<Pick<JudgedWrite, 'told'>> & { readonly object: KubeObject; readonly settings: WriteSettings };

/** What is posted at a subresource as webhooks leave it; throws what they deny. */
export function partByWebhooks({ api, kind }: ResourceRequest, { told, object, settings }: Part): KubeObject {
  if (!api.webhooks) return object;
  const write = { kind, told, operation: 'CREATE', object, before: undefined, settings } as const;
  const changed = api.webhooks.mutate(write) ?? object;
  api.webhooks.validate({ ...write, object: changed });
  return changed;
}

const stale = new WeakSet<ApiError>();

/** Whether an object changed while webhooks were asked about it: who did not say which version he changes begins again. */
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
export function checkStill(api: Api, kind: Kind, { metadata }: JudgedWrite['before'] & {}): void {
  const { name = '', namespace = '', resourceVersion } = metadata;
  if (api.store.get(kind.storage, namespace, name)?.metadata.resourceVersion === resourceVersion) return;
  const error = conflict(kind, name, MODIFIED);
  stale.add(error);
  throw error;
}
