// What would need something that runs: Pods are simulated, and say so.

import { textAt } from '../../core/json.ts';
import type { ResourceRequest } from '../api.ts';
import type { KubeResponse } from '../request.ts';
import { ApiError, badRequest } from '../status.ts';
import { containerOf } from './log.ts';
import { storedObject } from './read.ts';

const WHY: Readonly<Record<string, string>> = {
  exec: 'no command can be run in it',
  attach: 'there is no process to attach to',
  portforward: 'no port of it can be reached',
  proxy: 'nothing behind it can be reached',
};

export async function refuseConnection(call: ResourceRequest): Promise<KubeResponse> {
  const { kind, path } = call;
  const object = storedObject(call);
  const [connection = ''] = path.subresource.split('/');
  if (connection === 'exec' || connection === 'attach') containerOf(object, call.request.query.get('container') ?? '');
  if (kind.storage === '/pods' && textAt(object, 'spec', 'nodeName') === '') throw withoutHost(call);
  const why = WHY[connection] ?? 'it cannot be reached';
  const message = `the ${kind.singular} "${path.name}" is simulated: ${why}`;
  throw new ApiError(501, 'NotImplemented', { message, details: { name: path.name, kind: kind.plural } });
}

/** A Pod is reached through its node, but for its proxy, which needs an address. */
function withoutHost({ path }: ResourceRequest): ApiError {
  if (path.subresource.startsWith('proxy')) return badRequest('address not allowed');
  return badRequest(`pod ${path.name} does not have a host assigned`);
}
