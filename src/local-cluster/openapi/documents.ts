// The documents: paths and structures in OpenAPI's second and third version.

import type { Json, JsonObject } from '../../core/json.ts';
import { compareText } from '../../core/order.ts';
import { apiVersionOf } from '../../objects/object.ts';
import type { BuiltinTypes } from '../../objects/types.ts';
import type { Kind } from '../kinds.ts';
import { asSecondVersion, closedRoot, customSchemas } from './custom-schemas.ts';
import { type Operation, type Parameter, type PathItem, rootOf, stem, tagOf } from './operation.ts';
import { pathsOf } from './operations.ts';
import { type Root, rootsOf, WRITTEN } from './roots.ts';
import {
  besideCustom,
  builtinSchema,
  createNames,
  GENERAL,
  located,
  ofVersions,
  referencesIn,
  type Subject,
  thirdSchema,
  withoutDefaults,
} from './schemas.ts';

const INFO = { title: 'Kubernetes', version: '1.36' } as const;
const CUSTOM_INFO = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' } as const;
const CUSTOM_FORMS = ['application/json', 'application/yaml'] as const;
const STREAMED = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'] as const;
const PATCHES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
] as const;

const SECURITY = {
  BearerToken: { type: 'apiKey', description: 'Bearer Token authentication', name: 'authorization', in: 'header' },
} as const;

/** How one version of OpenAPI writes what they share. */
interface Style {
  readonly isThird: boolean;
  readonly reference: (subject: Operation['answer'] | Operation['body']) => JsonObject | undefined;
}

/** Everything, in one document. */
export function secondVersion(types: BuiltinTypes, kinds: readonly Kind[]): JsonObject {
  const found = new Map<string, Json>();
  for (const name of Object.keys(types.definitions)) {
    const schema = builtinSchema(types, name);
    if (schema) found.set(name, located(withoutDefaults(schema), '#/definitions/'));
  }
  for (const [name, schema] of kinds.filter(({ custom }) => custom).flatMap((kind) => [...customSchemas(kind)])) {
    found.set(name, located(asSecondVersion(closedRoot(schema)), '#/definitions/'));
  }
  const definitions = sorted(found);
  const style = { isThird: false, reference: referring(types, '#/definitions/') };
  const paths = pathObjects(kinds, style, rootsOf(kinds));
  const security = { securityDefinitions: SECURITY, security: [{ BearerToken: [] }] };
  return { swagger: '2.0', info: INFO, paths, definitions, ...security };
}

const PREFIX = '#/components/schemas/';

/** The kinds of one version of a group, with every structure that they name. */
export function thirdVersion(types: BuiltinTypes, kinds: readonly Kind[]): JsonObject {
  const paths = pathObjects(kinds, { isThird: true, reference: referring(types, PREFIX) });
  return thirdDocument(types, paths, kinds);
}

/** A path that stands for itself. */
export function thirdRoot(types: BuiltinTypes, root: Root): JsonObject {
  const paths = { [root.path]: rootObject(root, { isThird: true, reference: referring(types, PREFIX) }) };
  return thirdDocument(types, paths, []);
}

function thirdDocument(types: BuiltinTypes, paths: JsonObject, kinds: readonly Kind[]): JsonObject {
  const custom = new Map(kinds.filter((kind) => kind.custom).flatMap((kind) => [...customSchemas(kind)]));
  const versions = new Set(kinds.map(({ group, version }) => apiVersionOf(group, version)));
  const isWhole = custom.size > 0;
  const schemas = new Map<string, Json>();
  const add = (name: string): void => {
    if (schemas.has(name)) return;
    const schema = custom.get(name) ?? thirdSchema(types, name);
    if (!schema) return;
    schemas.set(
      name,
      located(isWhole ? besideCustom(schema) : ofVersions(schema, versions), PREFIX, { isThird: true, name }),
    );
    for (const reference of referencesIn(schema)) add(reference);
  };
  for (const name of custom.keys()) add(name);
  for (const reference of referencesIn(paths)) add(reference.slice(PREFIX.length));
  const components = {
    ...(schemas.size > 0 ? { schemas: sorted(schemas) } : {}),
    ...(isWhole ? {} : { securitySchemes: SECURITY }),
  };
  return { openapi: '3.0.0', info: isWhole ? CUSTOM_INFO : INFO, paths, components };
}

const sorted = (entries: ReadonlyMap<string, Json>): JsonObject =>
  Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));

function referring(types: BuiltinTypes, prefix: string): Style['reference'] {
  const nameOf = createNames(types);
  return (subject) => {
    if (subject === undefined) return undefined;
    if (subject === 'text') return { type: 'string' };
    const name = typeof subject === 'string' ? GENERAL[subject] : nameOf(subject);
    return name === undefined ? { type: 'object' } : { $ref: `${prefix}${name}` };
  };
}

function pathObjects(kinds: readonly Kind[], style: Style, roots: readonly Root[] = []): JsonObject {
  const paths = new Map<string, Json>();
  for (const kind of kinds) {
    const { group, version } = kind;
    for (const item of pathsOf(kind)) paths.set(item.path, pathObject(item, style, tagOf({ group, version })));
  }
  for (const root of [...kinds.filter(({ custom }) => !custom).map(resourcesRoot), ...roots])
    paths.set(root.path, rootObject(root, style));
  return sorted(paths);
}

/** The list of a version's resources. */
const resourcesRoot = (kind: Kind): Root => ({
  name: '',
  path: `${rootOf(kind)}/`,
  tag: tagOf(kind),
  id: `get${stem(kind)}APIResources`,
  types: WRITTEN,
  answer: GENERAL.resources,
});

function rootObject({ tag, id, types, answer }: Root, { isThird }: Style): JsonObject {
  const prefix = isThird ? '#/components/schemas/' : '#/definitions/';
  const schema = answer === undefined ? { type: 'string' } : { $ref: `${prefix}${answer}` };
  const ok = { description: 'OK', ...(isThird ? { content: contents(types, schema) } : { schema }) };
  const second = { ...(answer === undefined ? {} : { consumes: types }), produces: types, schemes: ['https'] };
  const responses = { 200: ok, 401: { description: 'Unauthorized' } };
  return { get: { tags: [tag], operationId: id, ...(isThird ? {} : second), responses } };
}

/** What all operations of a path take stands beside them. */
function pathObject(item: PathItem, style: Style, tag: string): JsonObject {
  const [first, ...others] = item.operations;
  const shared = (first?.query ?? []).filter(({ name }) =>
    others.every(({ query }) => query.some((parameter) => parameter.name === name)),
  );
  const operations = item.operations.map((operation): [string, Json] => {
    const query = operation.query.filter((parameter) => !shared.includes(parameter));
    return [operation.method, operationObject({ ...operation, query }, style, tag)];
  });
  const parameters = parameterObjects([...item.parameters, ...shared], style);
  return { ...Object.fromEntries(operations), ...(parameters.length > 0 ? { parameters } : {}) };
}

const parameterObjects = (parameters: readonly Parameter[], style: Style): JsonObject[] =>
  [...parameters]
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.in, b.in))
    .map((parameter) => parameterObject(parameter, style));

function operationObject(operation: Operation, style: Style, tag: string): JsonObject {
  const { group, version, kind } = operation.kind;
  const parameters: Json[] = parameterObjects(operation.query, style);
  const body = style.reference(operation.body);
  const answer = style.reference(operation.answer);
  const consumed = consumedBy(operation);
  const produced = producedBy(operation);
  const ok = style.isThird
    ? { description: 'OK', ...(answer ? { content: contents(produced, answer) } : {}) }
    : { description: 'OK', ...(answer ? { schema: answer } : {}) };
  if (body && !style.isThird) parameters.unshift({ name: 'body', in: 'body', ...mustBe(operation), schema: body });
  return {
    tags: [tag],
    operationId: operation.id,
    ...(style.isThird ? {} : { consumes: consumed, produces: produced, schemes: ['https'] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body && style.isThird ? { requestBody: { content: contents(consumed, body), ...mustBe(operation) } } : {}),
    responses: { ...codesOf(operation, ok), 401: { description: 'Unauthorized' } },
    'x-kubernetes-action': operation.action,
    'x-kubernetes-group-version-kind': { group, kind, version },
  };
}

const mustBe = ({ body }: Operation): JsonObject => (body === 'options' ? {} : { required: true });

function consumedBy({ body, kind }: Operation): readonly string[] {
  if (body === 'patch') return patchesOf(kind);
  return kind.custom ? CUSTOM_FORMS : ['*/*'];
}

function producedBy(operation: Operation): readonly string[] {
  if (operation.kind.custom) return CUSTOM_FORMS;
  if (operation.action === 'connect') return ['*/*'];
  if (operation.answer === 'text') return ['text/plain', ...WRITTEN];
  return isListing(operation) ? [...WRITTEN, ...STREAMED] : WRITTEN;
}

const isListing = ({ action }: Operation): boolean => ['list', 'watch', 'watchlist'].includes(action);

/** Custom resources know nothing of strategic merges. */
const patchesOf = ({ custom }: Subject): string[] => PATCHES.filter((type) => !custom || !type.includes('strategic'));

function codesOf({ method, action, kind }: Operation, ok: JsonObject): JsonObject {
  const created = { ...ok, description: 'Created' };
  const accepted = { ...ok, description: 'Accepted' };
  if (action === 'connect' || action === 'deletecollection') return { 200: ok };
  if (method === 'post') return { 200: ok, 201: created, 202: accepted };
  if (method === 'patch' && kind.custom) return { 200: ok };
  if (method === 'put' || method === 'patch') return { 200: ok, 201: created };
  return method === 'delete' ? { 200: ok, 202: accepted } : { 200: ok };
}

const contents = (types: readonly string[], schema: JsonObject): JsonObject =>
  Object.fromEntries([...types].sort(compareText).map((type) => [type, { schema }]));

function parameterObject({ name, in: where, type }: Parameter, { isThird }: Style): JsonObject {
  const schema = { type, uniqueItems: true };
  const required = where === 'path' ? { required: true } : {};
  return isThird ? { name, in: where, ...required, schema } : { name, in: where, ...required, ...schema };
}
