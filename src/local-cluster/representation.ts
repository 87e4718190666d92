// In which form an answer goes out: what the client accepts, and what the API can write.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../core/json.ts';
import { formatYaml } from '../core/yaml.ts';
import { groupOf } from '../objects/object.ts';
import type { Kind } from './kinds.ts';
import { isOn } from './query.ts';
import { isStream, type KubeRequest, type KubeResponse } from './request.ts';
import type { ResourcePath } from './route.ts';
import { ApiError } from './status.ts';

export interface Representation {
  readonly format: Format;
  /** What the object is turned into; '' for itself. */
  readonly as: '' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  /** The version of what it is turned into. */
  readonly version?: 'v1' | 'v1beta1';
  /** Whether what is turned into something is of a kind that is defined here. */
  readonly isCustom?: boolean;
}

/** The version of what an answer is turned into, as such objects tell it. */
export const partVersion = ({ version = 'v1' }: Representation): string => `meta.k8s.io/${version}`;

type Format = 'json' | 'yaml' | 'protobuf';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';
/** What the media types of OpenAPI's documents in protobuf begin with. */
export const OPENAPI_PROTOBUF = 'application/com.github.proto-openapi.spec.';

/** Whether the body is protobuf. */
export function isProtobuf({ headers }: KubeRequest): boolean {
  return headers['content-type']?.startsWith(PROTOBUF) ?? false;
}

/** In the order of preference for a client that accepts anything. */
export const FORMATS: readonly { readonly format: Format; readonly type: string }[] = [
  { format: 'json', type: 'application/json' },
  { format: 'yaml', type: 'application/yaml' },
  { format: 'protobuf', type: PROTOBUF },
];

export const NAMES = FORMATS.map(({ type }) => type).join(', ');
const STREAMED = `application/json;stream=watch, ${PROTOBUF};stream=watch`;

/** What limits the choice: custom kinds are not written in protobuf, nothing is streamed in YAML. */
export interface Limits {
  readonly isCustom: boolean;
  readonly isWatch: boolean;
  /** Whether there is a watch at the path. */
  readonly isWatchable: boolean;
  /** Whether the answer is a text: it is none of an object, and asked for in the forms of one. */
  readonly isText?: boolean;
  /** Whether what is answered has columns. */
  readonly hasTable?: boolean;
}

export const JSON_FORM: Representation = { format: 'json', as: '' };

/** The first clause that can be served; refuses (406) when there is none. */
export function negotiate(request: KubeRequest, limits: Limits): Representation {
  const accept = request.headers['accept'] || '*/*';
  if (accept === 'application/json' || accept === '*/*') return JSON_FORM;
  const clauses = parseAccept(accept);
  for (const clause of clauses) {
    for (const { format, type } of FORMATS) {
      const as = matches(clause.type, type) ? representedAs(clause, format, limits) : undefined;
      if (as !== undefined)
        return as === '' ? { format, as } : { format, as, isCustom: limits.isCustom, ...versionOf(clause) };
    }
  }
  const types = [...(limits.isText ? ['text/plain'] : []), ...FORMATS.map(({ type }) => type)];
  const isNear = clauses.some((clause) => types.some((type) => matches(clause.type, type)));
  // A type that no path answers is refused before the path is looked at.
  if (isNear || limits.isCustom) throw notAcceptable(onlyAccepted(NAMES));
  const names = limits.isWatchable ? `${NAMES}, ${STREAMED}` : types.join(', ');
  const message = `406: Not Acceptable\n\nAvailable representations: ${names}`;
  throw new ApiError(406, 'NotAcceptable', { message, details: {} });
}

const versionOf = ({ parameters }: Clause): Pick<Representation, 'version'> =>
  parameters.get('v') === 'v1beta1' ? { version: 'v1beta1' } : {};

/** The form in which a refusal goes out: that of the first clause that turns nothing into something else. */
export function formOfRefusal(request: KubeRequest): Representation {
  const limits = { isCustom: false, isWatch: false, isWatchable: false };
  for (const clause of parseAccept(request.headers['accept'] || '*/*')) {
    const format = FORMATS.find((one) => matches(clause.type, one.type))?.format;
    if (format !== undefined && representedAs(clause, format, limits) === '') return { format, as: '' };
  }
  return JSON_FORM;
}

export const onlyAccepted = (names: string): string => `only the following media types are accepted: ${names}`;

export const notAcceptable = (message: string): ApiError => new ApiError(406, 'NotAcceptable', { message });

/** Nothing is streamed in YAML. */
export function checkStreamed({ format }: Representation, { isWatch }: Limits): void {
  if (isWatch && format === 'yaml') throw notAcceptable(onlyAccepted(STREAMED));
}

interface Clause {
  readonly type: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The clauses of an Accept header, the most wanted first. */
export function parseAccept(header: string): Clause[] {
  const clauses = header.split(',').flatMap((text) => {
    const [type = '', ...rest] = text.split(';').map((part) => part.trim());
    const parameters = new Map(
      rest.map((part): [string, string] => {
        const [name = '', value = ''] = part.split('=');
        return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
      }),
    );
    const quality = Number(parameters.get('q') ?? '1');
    return type === '' ? [] : [{ type, quality: Number.isNaN(quality) ? 1 : quality, parameters }];
  });
  return clauses.sort((a, b) => b.quality - a.quality || breadth(a.type) - breadth(b.type));
}

const breadth = (type: string): number => (type === '*/*' ? 1 : 0);

const matches = (accepted: string, type: string): boolean => accepted === type || accepted === '*/*';

/** What a clause turns the answer into; undefined where it cannot be served. */
function representedAs({ parameters }: Clause, format: Format, limits: Limits): Representation['as'] | undefined {
  const stream = parameters.get('stream') ?? '';
  if (stream !== '' && (stream !== 'watch' || format === 'yaml')) return undefined;
  const [kind = '', group = '', version = ''] = ['as', 'g', 'v'].map((name) => parameters.get(name) ?? '');
  if (kind + group + version === '') return limits.isCustom && format === 'protobuf' ? undefined : '';
  if (group !== 'meta.k8s.io' || !['v1', 'v1beta1'].includes(version)) return undefined;
  if (kind === 'Table') return format === 'protobuf' || !limits.hasTable ? undefined : kind;
  return kind === 'PartialObjectMetadata' || kind === 'PartialObjectMetadataList' ? kind : undefined;
}

/** The answer in its representation. What is protobuf in the end is JSON until it leaves the process. */
export function represent(representation: Representation, response: KubeResponse): KubeResponse {
  const { format } = representation;
  const { body } = response;
  if (typeof body === 'string' || response.headers['content-type'] !== 'application/json') return response;
  const stream = isStream(body);
  const whole = stream ? body : partialBody(representation, body, response.status);
  const formatted = !stream && format === 'yaml' && isObject(whole) ? formatYaml(whole, { sortKeys: true }) : whole;
  return {
    ...response,
    headers: { ...response.headers, 'content-type': contentType(format, stream) },
    body: stream ? partialEvents(representation, body) : formatted,
  };
}

function contentType(format: Format, stream: boolean): string {
  if (format === 'yaml') return 'application/yaml';
  if (format === 'json') return 'application/json';
  return stream ? `${PROTOBUF};stream=watch` : PROTOBUF;
}

/** Refuses before anything is written what the answer could not be turned into. */
export function checkAnswer(representation: Representation, kind: Kind, method: string, isList: boolean): void {
  const { as } = representation;
  if (method === 'GET' || !as.startsWith('Partial')) return;
  checkShape(as, isList, goName(representation, kind.group, isList ? kind.listKind : kind.kind));
}

/** The Go type of what would be answered. */
const goName = ({ isCustom = false }: Representation, group: string, kind: string): string =>
  isCustom ? `unstructured.Unstructured${kind.endsWith('List') ? 'List' : ''}` : `${packageOf(group)}.${kind}`;

/** The Go package with the types of a group. */
const packageOf = (group: string): string =>
  group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? '');

function checkShape(as: Representation['as'], isList: boolean, type: string): void {
  if (isList === (as === 'PartialObjectMetadataList')) return;
  throw notAcceptable(
    `you requested ${as}, but the requested object is ${isList ? 'a list' : 'not a list'} (*${type})`,
  );
}

function partialBody(representation: Representation, body: JsonObject, status: number): JsonObject {
  const { as } = representation;
  if (!as.startsWith('Partial') || status >= 400 || body['kind'] === 'Status') return body;
  const isList = Array.isArray(body['items']);
  checkShape(as, isList, goName(representation, groupOf(textAt(body, 'apiVersion')), textAt(body, 'kind')));
  const apiVersion = partVersion(representation);
  if (!isList) return partialObject(body, apiVersion);
  const items = listAt(body, 'items')
    .filter(isObject)
    .map((item) => partialObject(item, apiVersion));
  const { continue: next, ...metadata } = objectAt(body, 'metadata');
  return { kind: as, apiVersion, metadata: next ? { ...metadata, continue: next } : metadata, items };
}

function partialObject(object: JsonObject, apiVersion: string): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion, metadata: object['metadata'] };
}

async function* partialEvents(
  representation: Representation,
  events: AsyncIterable<JsonObject | string>,
): AsyncGenerator<JsonObject | string> {
  const apiVersion = partVersion(representation);
  for await (const event of events) {
    const isPart = representation.as.startsWith('Partial') && typeof event !== 'string' && event['type'] !== 'ERROR';
    yield isPart && isObject(event['object'])
      ? { ...event, object: partialObject(event['object'], apiVersion) }
      : event;
  }
}

export const limitsOf = (kind: Kind, request: KubeRequest, { name, subresource }: Place): Limits => ({
  isCustom: kind.custom !== undefined,
  isWatch: name === '' && request.method === 'GET' && isOn(request.query, 'watch'),
  isWatchable: name === '' && request.method === 'GET',
  isText: subresource === 'log',
  hasTable: kind.verbs.includes('list') && hasColumns(kind, subresource),
});

type Place = Pick<ResourcePath, 'name' | 'subresource'>;

/** Kinds whose status, apart from the whole, has no columns. */
const PLAIN_STATUS: ReadonlySet<string> = new Set([
  'apiextensions.k8s.io/customresourcedefinitions',
  'apiregistration.k8s.io/apiservices',
  'resource.k8s.io/resourceclaims',
]);

function hasColumns({ storage }: Kind, subresource: string): boolean {
  if (subresource === 'status') return !PLAIN_STATUS.has(storage);
  return subresource === '' || subresource === 'scale';
}
