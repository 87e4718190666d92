// May they? Asked before a request is looked at any further.

import type { Api } from '../api.ts';
import { mediaType } from '../body.ts';
import type { KubeRequest } from '../request.ts';
import { isCreatedByPut } from '../strategy.ts';
import { type Attributes, attributesOf, isResource, refusal } from './attributes.ts';
import { decide } from './rules.ts';
import { isMaster, type User } from './user.ts';

/** Throws the API's refusal when no role allows the request. */
export function authorize(api: Api, user: User, request: KubeRequest): void {
  if (isMaster(user)) return;
  const attributes = attributesOf(request);
  check(api, user, attributes);
  if (creates(api, request, attributes)) check(api, user, { ...attributes, verb: 'create' });
}

function check(api: Api, user: User, attributes: Attributes): void {
  const { allowed, reason } = decide(api.store, user, attributes);
  if (!allowed) throw refusal(user, attributes, reason);
}

/** A write to an object that is not there makes it: that is a right of its own. */
function creates(api: Api, request: KubeRequest, attributes: Attributes): boolean {
  if (!isResource(attributes) || attributes.subresource !== '' || attributes.name === '') return false;
  const { group, resource, name } = attributes;
  const storage = `${group}/${resource}`;
  // A Namespace is asked for as if it were in itself.
  const namespace = storage === '/namespaces' ? '' : attributes.namespace;
  const isApply = request.method === 'PATCH' && mediaType(request) === 'application/apply-patch+yaml';
  const mayCreate = isApply || (request.method === 'PUT' && isCreatedByPut(storage));
  return mayCreate && api.store.get(storage, namespace, name) === undefined;
}
