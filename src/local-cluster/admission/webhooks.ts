// Webhooks of admission: nothing of them is loaded where none is stored.

import type { KubeObject } from '../../objects/object.ts';
import type { Api, JudgedWrite, ResourceRequest, WriteSettings } from '../api.ts';
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
