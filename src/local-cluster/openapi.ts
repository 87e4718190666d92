// The structures of all kinds, as OpenAPI tells them.

import { createHash } from 'node:crypto';
import { at, isObject, type Json, type JsonObject, toJson } from '../core/json.ts';
import { apiVersionOf } from '../objects/object.ts';
import type { BuiltinTypes } from '../objects/types.ts';
import type { Api } from './api.ts';
import type { Kind } from './kinds.ts';
import type { KubeRequest, KubeResponse } from './request.ts';
import { jsonResponse } from './response.ts';

const HEAD = { title: 'Kubernetes', version: 'v1.36.1' } as const;

/** The answer to a path below /openapi, or undefined. */
export async function describe(api: Api, request: KubeRequest): Promise<KubeResponse | undefined> {
  if (!request.path.startsWith('/openapi/')) return undefined;
  if (request.path === '/openapi/v3') {
    return jsonResponse({ paths: documents(api) }, 200, { 'content-type': 'text/plain; charset=utf-8' });
  }
  await api.ready();
  const types = api.types();
  if (request.path === '/openapi/v2') {
    const definitions = located(toJson(types.definitions), '#/definitions/');
    return jsonResponse({ swagger: '2.0', info: HEAD, paths: {}, definitions });
  }
  const match = /^\/openapi\/v3\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(request.path);
  const kinds = kindsOf(api, match?.[1] ?? '', match?.[2] ?? '');
  return kinds.length === 0 ? undefined : jsonResponse(documentOf(types, kinds));
}

function kindsOf(api: Api, group: string, version: string): Kind[] {
  return api.kinds.all().filter((kind) => kind.group === group && kind.version === version);
}

function documents(api: Api): JsonObject {
  const versions = new Map<string, string[]>();
  for (const kind of api.kinds.all()) {
    const path = kind.group === '' ? `api/${kind.version}` : `apis/${apiVersionOf(kind.group, kind.version)}`;
    const part = kind.custom ? `${kind.kind}@${kind.custom.definition.metadata.resourceVersion ?? ''}` : kind.kind;
    versions.set(path, [...(versions.get(path) ?? []), part]);
  }
  return Object.fromEntries(
    [...versions].map(([path, parts]) => {
      const hash = createHash('sha256').update(parts.join()).digest('hex').toUpperCase();
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
    }),
  );
}

/** The kinds of one version, with every structure that they name. */
function documentOf(types: BuiltinTypes, kinds: readonly Kind[]): JsonObject {
  const schemas: Record<string, Json> = {};
  const add = (name: string): void => {
    const schema = types.definitions[name];
    if (!schema || name in schemas) return;
    const json = toJson(schema);
    schemas[name] = located(json, '#/components/schemas/');
    for (const reference of referencesIn(json)) add(reference);
  };
  for (const kind of kinds) {
    if (kind.custom) schemas[customName(kind)] = customSchema(kind);
    for (const [name, schema] of Object.entries(types.definitions)) {
      const definedKinds = schema['x-kubernetes-group-version-kind'] ?? [];
      if (!kind.custom && definedKinds.some((entry) => isSame(entry, kind))) add(name);
    }
  }
  return { openapi: '3.0.0', info: HEAD, paths: {}, components: { schemas } };
}

function isSame(entry: Json, kind: Kind): boolean {
  return at(entry, 'group') === kind.group && at(entry, 'version') === kind.version && at(entry, 'kind') === kind.kind;
}

/** The group turned around, as names of Go packages are: 'io.argoproj.v1alpha1.Application'. */
function customName(kind: Kind): string {
  return [...kind.group.split('.').reverse(), kind.version, kind.kind].join('.');
}

function customSchema(kind: Kind): JsonObject {
  const schema = at(kind.custom?.version, 'schema', 'openAPIV3Schema');
  const gvk = [{ group: kind.group, version: kind.version, kind: kind.kind }];
  return { ...(isObject(schema) ? schema : {}), 'x-kubernetes-group-version-kind': gvk };
}

/** References of the table are bare names; a document wants to know where. */
function located(value: Json, prefix: string): Json {
  if (Array.isArray(value)) return value.map((item) => located(item, prefix));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string'
        ? `${prefix}${item}`
        : item === undefined
          ? item
          : located(item, prefix),
    ]),
  );
}

function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' && typeof item === 'string' ? [item] : item === undefined ? [] : referencesIn(item),
  );
}
