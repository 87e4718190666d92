import type { KubeObject } from '../../objects/object.ts';
import type { ResourceRequest, WriteSettings } from '../api.ts';
import { checkMediaType } from '../body.ts';
import { checkNamed } from '../object-meta.ts';
import { createInStore, updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion } from '../response.ts';
import { otherUid } from '../seen.ts';
import { unlessMade } from '../stale.ts';
import { internalError } from '../status.ts';
import { isCreatedByPut } from '../strategy.ts';
import { answerWrite, warned } from './answer.ts';
import { inNamespace } from './create.ts';
import { decodeIncoming, readIncoming } from './incoming.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

export async function updateObject(call: ResourceRequest): Promise<KubeResponse> {
  const settings: WriteSettings = { ...writeSettings(call, 'UpdateOptions'), isRead: true };
  checkMediaType(call.request);
  const { object: read, warnings } = decodeIncoming(call, readIncoming(call), settings);
  return warned(call, warnings, () => store(call, read, { settings, warnings }));
}

interface Reading {
  readonly settings: WriteSettings;
  readonly warnings: readonly string[];
}

async function store(call: ResourceRequest, read: KubeObject, { settings, warnings }: Reading): Promise<KubeResponse> {
  const { api, kind, path } = call;
  checkNamed(path, read);
  checkVersion(read.metadata.resourceVersion ?? '');
  const isThere = api.store.get(kind.storage, path.namespace, path.name) !== undefined;
  const after = inNamespace(read, path.namespace);
  if (isCreatedByPut(kind.storage) && !isThere) {
    const { uid: asked = '' } = read.metadata;
    if (asked !== '') throw otherUid(kind, after, { asked, found: '', dryRun: settings.dryRun });
    const made = await unlessMade(() => createInStore(api, kind, after, settings));
    return answerWrite(call, made, { status: 201, warnings });
  }
  const before = inServedVersion(kind, storedObject(call));
  return answerWrite(call, await updateInStore(api, kind, { before, after, settings }), { warnings, before });
}

/** Refuses a version that no object can have. */
export function checkVersion(version: string): void {
  if (!/^\d*$/.test(version)) throw internalError(`strconv.ParseUint: parsing "${version}": invalid syntax`);
}
