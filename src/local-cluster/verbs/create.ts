import type { KubeObject } from '../../objects/object.ts';
import type { ResourceRequest, WriteSettings } from '../api.ts';
import { checkMediaType } from '../body.ts';
import { checkAddress } from '../object-meta.ts';
import { createInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { answerWrite, warned } from './answer.ts';
import { decodeIncoming, readIncoming } from './incoming.ts';
import { writeSettings } from './settings.ts';

export async function createObject(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind, path } = call;
  checkMediaType(call.request);
  const settings: WriteSettings = { ...writeSettings(call, 'CreateOptions'), isRead: true };
  const { object: read, warnings } = decodeIncoming(call, readIncoming(call), settings);
  return warned(call, warnings, async () => {
    checkAddress({ ...path, name: '' }, read);
    const object = await createInStore(api, kind, inNamespace(read, path.namespace), settings);
    return answerWrite(call, object, { status: 201, warnings });
  });
}

export function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const { namespace: _given, ...metadata } = object.metadata;
  return { ...object, metadata: namespace === '' ? metadata : { ...metadata, namespace } };
}
