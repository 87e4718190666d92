// The wire contract: an endpoint is a method, a path and the shapes of what goes in and out. The client encodes a call
// by it, the server decodes a request by it, so the two cannot drift.

import { HawserError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { isObject } from '../core/json.ts';
import { parse, type Shape } from '../core/shape.ts';
import type { ApplicationRight, EndpointRight } from './rights.ts';

export interface Endpoint<Input, Output> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** '/api/v1/applications/{name}': each variable is a field of the input. `{x...}` may hold slashes. */
  readonly path: string;
  /** '*': all fields that are not in the path; a name: that field alone. What is in neither travels in the query. */
  readonly body?: string;
  readonly input: Shape<Input>;
  /** Of one event, where the answer is a stream of `{"result": …}` lines. */
  readonly output: Shape<Output>;
  readonly stream?: boolean;
  /** What is said of a parameter that may stand once and stands more often; of others the last one counts. */
  readonly once?: Readonly<Record<string, string>>;
  /** Bytes; absent means what the right allows: an open endpoint takes short bodies alone. */
  readonly maxBody?: number;
  /** Who may call it. */
  readonly right: EndpointRight<Input>;
}

/** An endpoint for one application, which the server finds when it asks for the right. */
export interface ApplicationEndpoint<Input, Output> extends Endpoint<Input, Output> {
  readonly right: ApplicationRight<Input>;
}

/** A request as it travels, whatever carries it. */
export interface WireRequest {
  readonly method: string;
  /** With query, percent-encoded. */
  readonly url: string;
  readonly body?: unknown;
}

/** An endpoint's input as a request. */
export function encode<Input, Output>(endpoint: Endpoint<Input, Output>, input: Input): WireRequest {
  const fields: Record<string, unknown> = isObject(input) ? { ...input } : {};
  const path = endpoint.path.replace(/\{([\w.]+?)(\.\.\.)?\}/g, (_, name: string, rest?: string) => {
    const value = String(fields[name] ?? '');
    delete fields[name];
    return rest ? encodePath(value) : encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const name of queryOf(endpoint).keys()) {
    for (const value of [fields[name] ?? []].flat()) query.append(name, String(value));
    delete fields[name];
  }
  const search = query.toString();
  return { method: endpoint.method, url: search === '' ? path : `${path}?${search}`, ...bodyOf(endpoint.body, fields) };
}

/** Slashes stay, but for one with nothing before it: routers take `//` for a slip and redirect. */
function encodePath(value: string): string {
  return value
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^\/|(?<=\/)\//g, '%2F');
}

type Query = ReadonlyMap<string, Shape<unknown>>;

const queries = new WeakMap<object, Query>();

/** The fields of an endpoint's input that travel in the query. */
export function queryOf(endpoint: Pick<Endpoint<unknown, unknown>, 'path' | 'body' | 'input'>): Query {
  const cached = queries.get(endpoint);
  if (cached) return cached;
  const { path, body, input } = endpoint;
  const elsewhere = [...variablesOf(path), ...(body === undefined ? [] : [body])];
  const fields = body === '*' ? [] : Object.entries(input.fields ?? {});
  const query = new Map(fields.filter(([name]) => !elsewhere.includes(name)));
  queries.set(endpoint, query);
  return query;
}

const variablesOf = (path: string): string[] =>
  [...path.matchAll(/\{([\w.]+?)(\.\.\.)?\}/g)].map((variable) => variable[1] ?? '');

function bodyOf(body: string | undefined, fields: Record<string, unknown>): { readonly body?: unknown } {
  if (body === undefined) return {};
  return { body: body === '*' ? fields : fields[body] };
}

/** The path variables of a URL path that an endpoint serves, undefined when it serves another. */
export function matchPath(endpoint: Pick<Endpoint<unknown, unknown>, 'path'>, path: string): JsonObject | undefined {
  const match = pattern(endpoint.path).exec(path);
  if (!match) return undefined;
  return Object.fromEntries(
    variablesOf(endpoint.path).map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]),
  );
}

const patterns = new Map<string, RegExp>();

function pattern(path: string): RegExp {
  const cached = patterns.get(path);
  if (cached) return cached;
  const source = path
    .replace(/[.*+?^$()[\]|\\]/g, '\\$&')
    .replace(/\{[\w\\.]+?(\\\.\\\.\\\.)?\}/g, (_, rest?: string) => (rest ? '(.*)' : '([^/]*)'));
  const compiled = new RegExp(`^${source}$`);
  patterns.set(path, compiled);
  return compiled;
}

/** A request as an endpoint's input: unknown parameters are ignored, what is in the path wins over the body. */
export function decode<Input, Output>(
  endpoint: Endpoint<Input, Output>,
  variables: JsonObject,
  query: URLSearchParams,
  body: unknown,
): Input {
  const fromQuery: Record<string, unknown> = {};
  for (const [name, shape] of queryOf(endpoint)) {
    if (name in variables || !query.has(name)) continue;
    const { [name]: refusal } = endpoint.once ?? {};
    if (refusal !== undefined && query.getAll(name).length > 1) throw new HawserError('invalid', refusal);
    fromQuery[name] = readQuery(shape, query.getAll(name));
  }
  const input = { ...bodyFields(endpoint.body, body), ...fromQuery, ...fromPath(endpoint, variables) };
  try {
    return parse(endpoint.input, input, 'request');
  } catch (thrown) {
    throw new HawserError('invalid', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

/** A variable that the input has as a number or flag is read as one. */
function fromPath({ input }: Pick<Endpoint<unknown, unknown>, 'input'>, variables: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const type = input.fields?.[name]?.type;
      return [name, typeof value === 'string' ? readParameter(type, value) : value];
    }),
  );
}

/** The fields of an input that its body brings. */
export function bodyFields(field: string | undefined, body: unknown): Record<string, unknown> {
  if (field === undefined || body === undefined || body === null) return {};
  if (field !== '*') return { [field]: body };
  return isObject(body) ? { ...body } : {};
}

/** A list repeats its key; of others the last one counts. */
function readQuery({ type, item }: Shape<unknown>, values: readonly string[]): unknown {
  if (type === 'list') return values.map((value) => readParameter(item?.type, value));
  return readParameter(type, values.at(-1) ?? '');
}

function readParameter(type: Shape<unknown>['type'] | undefined, value: string): string | number | boolean {
  if (type === 'object') throw new HawserError('invalid', 'field type *v1.Time is not supported in query parameters');
  if (type === 'number') return readNumber(value);
  return type === 'boolean' ? readFlag(value) : value;
}

function readNumber(value: string): number {
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  throw new HawserError('invalid', `strconv.ParseInt: parsing "${value}": invalid syntax`);
}

function readFlag(value: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return false;
  throw new HawserError('invalid', `strconv.ParseBool: parsing "${value}": invalid syntax`);
}
