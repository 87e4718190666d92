// What would need something that runs: Pods are simulated, and say so.

import type { ResourceRequest } from '../api.ts';
import type { KubeResponse } from '../request.ts';
import { ApiError } from '../status.ts';
import { storedObject } from './read.ts';

const WHY: Readonly<Record<string, string>> = {
  exec: 'no command can be run in it',
  attach: 'there is no process to attach to',
  portforward: 'no port of it can be reached',
  proxy: 'nothing behind it can be reached',
};

export async function refuseConnection(call: ResourceRequest): Promise<KubeResponse> {
  const { kind, path } = call;
  storedObject(call);
  const why = WHY[path.subresource.split('/')[0] ?? ''] ?? 'it cannot be reached';
  const message = `the ${kind.singular} "${path.name}" is simulated: ${why}`;
  throw new ApiError(501, 'NotImplemented', { message, details: { name: path.name, kind: kind.plural } });
}
