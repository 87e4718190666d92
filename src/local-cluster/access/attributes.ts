// What a request asks to do, as roles speak of it.

import { isOn } from '../query.ts';
import type { KubeRequest } from '../request.ts';
import { parseResourcePath } from '../route.ts';
import { type ApiError, forbidden, NO_PAGE } from '../status.ts';
import type { User } from './user.ts';

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** '' for all namespaces, or what belongs to none. */
  readonly namespace: string;
  /** '' for a collection. */
  readonly name: string;
}

export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export type Attributes = ResourceAttributes | PathAttributes;

export const isResource = (attributes: Attributes): attributes is ResourceAttributes => 'resource' in attributes;

/** Any other method is no verb. */
const ON_OBJECT: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const ON_COLLECTION: Readonly<Record<string, string>> = {
  ...ON_OBJECT,
  GET: 'list',
  HEAD: 'list',
  DELETE: 'deletecollection',
};

export function attributesOf({ method, path, query }: KubeRequest): Attributes {
  const resource = path.startsWith('/openapi/') ? undefined : parseResourcePath(path);
  if (!resource) return { verb: method.toLowerCase(), path };
  const { group, plural, subresource } = resource;
  const isNamespace = group === '' && plural === 'namespaces';
  const selected = /^metadata\.name=([^,=!]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
  const watches = method === 'GET' && resource.name === '' && isOn(query, 'watch');
  const name = resource.name === '' && method === 'GET' ? selected : resource.name;
  const verb = (resource.name === '' ? ON_COLLECTION : ON_OBJECT)[method] ?? '';
  return {
    verb: watches ? 'watch' : verb,
    group,
    resource: plural,
    // What follows a subresource is a path of what is behind it.
    subresource: subresource.split('/', 1)[0] ?? '',
    namespace: isNamespace ? resource.name : resource.namespace,
    name,
  };
}

/** The refusal of a request, as the API words it. */
export function refusal(user: User, attributes: Attributes, reason = ''): ApiError {
  const why = reason === '' ? '' : `: ${reason}`;
  if (!isResource(attributes)) {
    const { verb, path } = attributes;
    return forbidden(NOTHING, '', `User "${user.name}" cannot ${verb} path "${path}"${why}`, NO_PAGE);
  }
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const text = `User "${user.name}" cannot ${verb} resource "${whole}" in API group "${group}" ${where}${why}`;
  return forbidden({ group, plural: resource, kind: '' }, name, text, NO_PAGE);
}

const NOTHING = { group: '', plural: '', kind: '' } as const;
