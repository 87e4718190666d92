import type { ResourceRequest } from '../api.ts';
import { checkAddress } from '../object-meta.ts';
import { createInStore, updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion } from '../response.ts';
import { badRequest, internalError, invalid, invalidValue } from '../status.ts';
import { isCreatedByPut } from '../strategy.ts';
import { answerWrite } from './answer.ts';
import { inNamespace } from './create.ts';
import { decodeIncoming, readIncoming } from './incoming.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

export async function updateObject(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind, path } = call;
  const settings = writeSettings(call, 'UpdateOptions');
  const read = decodeIncoming(call, readIncoming(call), settings);
  checkAddress(path, read);
  if ((read.metadata.name ?? '') === '') {
    throw badRequest(`the name of the object (${path.name} based on URL) was undeterminable: name must be provided`);
  }
  const isThere = api.store.get(kind.storage, path.namespace, path.name) !== undefined;
  if (isThere || isCreatedByPut(kind.storage)) checkVersion(call, read.metadata.resourceVersion ?? '');
  const after = inNamespace(read, path.namespace);
  if (isCreatedByPut(kind.storage) && !api.store.get(kind.storage, path.namespace, path.name)) {
    return answerWrite(call, await createInStore(api, kind, after, settings), { status: 201 });
  }
  const before = inServedVersion(kind, storedObject(call));
  return answerWrite(call, await updateInStore(api, kind, { before, after, settings }));
}

/** Custom resources are only replaced by who says which version he has seen. */
function checkVersion({ kind, path }: ResourceRequest, version: string): void {
  if (!/^\d*$/.test(version)) throw internalError(`strconv.ParseUint: parsing "${version}": invalid syntax`);
  if (!kind.custom || version !== '') return;
  const cause = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
  throw invalid({ group: kind.group, kind: kind.plural }, path.name, [cause]);
}
