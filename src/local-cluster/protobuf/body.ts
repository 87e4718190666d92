// Bodies in protobuf, read into JSON before a verb sees them.

import type { JsonObject } from '../../core/json.ts';
import { apiVersionOf } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import type { KubeRequest } from '../request.ts';
import { badRequest } from '../status.ts';
import { unrecognized } from '../unrecognized.ts';
import type { TypeName } from './envelope.ts';
import { loadProtobuf } from './envelope.ts';
import { ProtobufError } from './reader.ts';

const READ: ReadonlySet<string> = new Set(['POST', 'PUT', 'DELETE']);

const NOT_CUSTOM =
  'object *unstructured.Unstructured does not implement the protobuf marshalling interface and cannot be encoded to a protobuf message';

/** The request with its body as JSON. Patches are never protobuf. */
export async function readableRequest({ request, kind, path }: ResourceRequest): Promise<KubeRequest> {
  const { body } = request;
  if (!(body instanceof Uint8Array) || body.length === 0 || !READ.has(request.method)) return request;
  if (kind.custom && request.method !== 'DELETE')
    throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${NOT_CUSTOM}`);
  const below = kind.subresources.find(({ name }) => name === path.subresource);
  const own = apiVersionOf(kind.group, kind.version);
  const usual: TypeName =
    request.method === 'DELETE'
      ? { apiVersion: 'v1', kind: 'DeleteOptions' }
      : {
          apiVersion: below?.version === undefined ? own : apiVersionOf(below.group ?? '', below.version),
          kind: below?.kind ?? kind.kind,
        };
  const headers = { ...request.headers, 'content-type': 'application/json' };
  return { ...request, headers, body: await readProtobuf(body, usual) };
}

async function readProtobuf(body: Uint8Array, usual: TypeName): Promise<JsonObject> {
  const protobuf = await loadProtobuf();
  try {
    return protobuf.decode(body, usual);
  } catch (thrown) {
    if (!(thrown instanceof ProtobufError)) throw thrown;
    throw usual.kind === 'DeleteOptions' ? badRequest(thrown.message) : unrecognized(usual, thrown.message, body);
  }
}
