// What is said where no verb answers.

import type { ResourceRequest } from './api.ts';
import { ApiError, badRequest, methodNotAllowed, noSuchResource, notFound } from './status.ts';
import { hasSubresource } from './strategy.ts';

export function refusalOf(call: ResourceRequest): ApiError {
  if (call.kind.custom) return refusalOfCustom(call);
  return hasPath(call) ? methodNotAllowed() : noSuchResource();
}

/** Whether some method answers at the path: what is only posted is not there by name, or in all namespaces. */
function hasPath({ kind, path }: ResourceRequest): boolean {
  if (!kind.verbs.includes('get')) return path.name === '' && kind.namespaced === (path.namespace !== '');
  return path.subresource === '' || hasSubresource(kind, path.subresource.replace(/^proxy\/.*/, 'proxy'));
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** A path below a custom resource is as little there as the resource itself. */
function refusalOfCustom({ kind, path, request }: ResourceRequest): ApiError {
  const { group, plural } = kind;
  if (path.subresource !== '' && !hasSubresource(kind, path.subresource)) return notFound(kind, path.name);
  if (path.name === '' && ['PUT', 'PATCH'].includes(request.method)) return badRequest('name must be provided');
  const verb = VERBS[request.method] ?? '';
  const message = `${verb} is not supported on resources of kind "${plural}.${group}"`;
  return new ApiError(405, 'MethodNotAllowed', { message, details: { group, kind: plural } });
}
