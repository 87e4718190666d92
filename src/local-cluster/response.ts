// Answers in the shapes and media types that clients ask for.

import { at, type JsonObject, listAt, textAt } from '../core/json.ts';
import { convert } from '../objects/conversion.ts';
import { apiVersionOf, type KubeObject } from '../objects/object.ts';
import type { Kind } from './kinds.ts';
import type { KubeResponse } from './request.ts';
import { asServed } from './served.ts';
import type { ApiError, Subject } from './status.ts';
import { byPriority } from './version-order.ts';

export const JSON_HEADERS = { 'content-type': 'application/json' } as const;

export function jsonResponse(
  body: JsonObject,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): KubeResponse {
  return { status, headers: { ...JSON_HEADERS, ...headers }, body };
}

/** Warnings as the header that clients print. */
export function warningHeader(warnings: readonly string[]): Readonly<Record<string, string>> {
  const quoted = warnings.map((text) => `299 - ${JSON.stringify(text.replace(CONTROLS, ' '))}`);
  return quoted.length === 0 ? {} : { warning: quoted.join(', ') };
}

/** A header is one line. */
const CONTROLS = /\p{Cc}+/gu;

/** The answer with more to warn of. */
export function withWarnings(response: KubeResponse, warnings: readonly string[]): KubeResponse {
  if (warnings.length === 0) return response;
  const { warning = '' } = warningHeader(warnings);
  const before = response.headers['warning'];
  const headers = { ...response.headers, warning: before === undefined ? warning : `${before}, ${warning}` };
  return { ...response, headers };
}

const DEPRECATED: Readonly<Record<string, string>> = {
  '/endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  '/componentstatuses': 'v1 ComponentStatus is deprecated in v1.19+',
};

/** The answer with a warning, where the kind has had its time. */
export function withDeprecation(kind: Kind, response: KubeResponse): KubeResponse {
  const text = DEPRECATED[kind.storage] ?? ofDeprecatedVersion(kind);
  if (text === undefined) return response;
  const { warning = '', ...headers } = response.headers;
  const first = withWarnings({ ...response, headers }, [text]);
  if (warning === '') return first;
  return { ...first, headers: { ...first.headers, warning: `${first.headers['warning']}, ${warning}` } };
}

/** A version of a definition says itself what to use in its place; else it is the newest of those that are better. */
function ofDeprecatedVersion({ custom, group, version, kind }: Kind): string | undefined {
  if (custom?.version['deprecated'] !== true) return undefined;
  const told = textAt(custom.version, 'deprecationWarning');
  if (told !== '') return told;
  const [better] = listAt(custom.definition, 'spec', 'versions')
    .filter((one) => at(one, 'served') === true && at(one, 'deprecated') !== true)
    .map((one) => textAt(one, 'name'))
    .filter((one) => byPriority(one, version) < 0)
    .sort(byPriority);
  return `${group}/${version} ${kind} is deprecated${better === undefined ? '' : `; use ${group}/${better} ${kind}`}`;
}

export function textResponse(body: string, status = 200): KubeResponse {
  const guessed: Record<string, string> = status === 404 ? { 'x-content-type-options': 'nosniff' } : {};
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...guessed }, body };
}

export function errorResponse(error: ApiError): KubeResponse {
  return jsonResponse(error.status, error.code, error.headers);
}

/** An object as a version of its kind answers it. */
export function inServedVersion(kind: Kind, object: KubeObject): KubeObject {
  const converted = convert(asServed(kind, object), apiVersionOf(kind.group, kind.version));
  return converted.kind === kind.kind ? converted : { ...converted, kind: kind.kind };
}

/** The answer to a delete that left nothing behind. */
export function deletedStatus(kind: Subject, object: KubeObject): JsonObject {
  const details = {
    name: object.metadata.name,
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.plural,
    uid: object.metadata.uid,
  };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** Built-in kinds leave kind and apiVersion out of the items of a list. */
export function listItem(kind: Kind, object: KubeObject): JsonObject {
  const answered = inServedVersion(kind, object);
  if (kind.custom) return answered;
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = answered;
  return rest;
}

/** What is answered of something done that leaves nothing to show. */
export const success = (warnings: readonly string[]): KubeResponse =>
  jsonResponse(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    201,
    warningHeader(warnings),
  );
