// What the API answers when it refuses: one Status object a failure, in the API's own words.

import { goQuote } from '../core/go-text.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';

/** A refusal on its way to the client. */
export class ApiError extends Error {
  readonly status: JsonObject;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly fault: Fault | undefined;

  constructor(code: number, reason: string, extra: StatusExtra) {
    super(extra.message);
    this.name = 'ApiError';
    this.code = code;
    this.headers = extra.headers ?? {};
    this.fault = extra.fault;
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: extra.metadata ?? {},
      status: 'Failure',
      message: extra.message,
      ...(reason === '' ? {} : { reason }),
      ...omitUndefined({ details: extra.details }),
      code,
    };
  }
}

/** What a verb tells apart; not part of the answer. */
type Fault = 'unknown-fields';

interface StatusExtra {
  readonly message: string;
  readonly fault?: Fault;
  readonly details?: JsonObject;
  readonly metadata?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an error speaks of: the resource, or the kind where the API names kinds. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** One thing that is wrong with a field. */
export interface Cause {
  readonly field: string;
  readonly reason: CauseReason;
  /** What follows 'Required value', 'Invalid value: …' and so on. */
  readonly message: string;
}

type CauseReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueDuplicate'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'FieldValueNotFound'
  | 'FieldManagerConflict'
  | 'InternalError';

export function notFound(subject: Subject, name: string): ApiError {
  return new ApiError(404, 'NotFound', {
    message: `${qualified(subject.plural, subject.group)} "${name}" not found`,
    details: details(subject.plural, subject.group, name),
  });
}

export function alreadyExists(subject: Subject, name: string, going = false): ApiError {
  return new ApiError(409, 'AlreadyExists', {
    message: `${going ? 'object is being deleted: ' : ''}${qualified(subject.plural, subject.group)} "${name}" already exists`,
    details: details(subject.plural, subject.group, name),
  });
}

export function conflict(subject: Subject, name: string, why: string): ApiError {
  return new ApiError(409, 'Conflict', {
    message: `Operation cannot be fulfilled on ${qualified(subject.plural, subject.group)} "${name}": ${why}`,
    details: details(subject.plural, subject.group, name),
  });
}

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(
  subject: Subject,
  name: string,
  reason: string | { readonly why: string; readonly causes: readonly Json[] },
  headers: Readonly<Record<string, string>> = {},
): ApiError {
  const { why, causes } = typeof reason === 'string' ? { why: reason, causes: undefined } : reason;
  const what = `${qualified(subject.plural, subject.group)}${name === '' ? '' : ` "${name}"`}`;
  return new ApiError(403, 'Forbidden', {
    message: `${what === '' ? '' : `${what} is `}forbidden: ${why}`,
    details: { ...details(subject.plural, subject.group, name), ...(causes ? { causes } : {}) },
    headers,
  });
}

export function badRequest(message: string, fault?: Fault): ApiError {
  return new ApiError(400, 'BadRequest', { message, fault });
}

/** What is said to who may not ask is no page to be looked at. */
export const NO_PAGE = { 'x-content-type-options': 'nosniff' } as const;

/** A body of which no object of its kind can be read. */
export function cannotBeHandled(
  { kind, version }: { readonly kind: string; readonly version: string },
  why: string,
): ApiError {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

export function internalError(message: string): ApiError {
  return new ApiError(500, '', { message });
}

/** The object does not hold what it must; every cause is named. */
export function invalid(subject: Pick<Subject, 'group' | 'kind'>, name: string, causes: readonly Cause[]): ApiError {
  const text = causesLine(causes);
  const listed = causes.map((cause): Json => ({ reason: cause.reason, message: causeText(cause), field: cause.field }));
  return new ApiError(422, 'Invalid', {
    message: `${qualified(subject.kind, subject.group)} "${name}" is invalid: ${text}`,
    details: { ...details(subject.kind, subject.group, name), causes: listed },
  });
}

/** All that is wrong, each once. */
export function causesLine(causes: readonly Cause[]): string {
  const [first = '', ...more] = [...new Set(causes.map(causeLine))];
  return more.length === 0 ? first : `[${[first, ...more].join(', ')}]`;
}

/** An option of the request is wrong. */
export function invalidOptions(kind: string, causes: readonly Cause[]): ApiError {
  return invalid({ group: 'meta.k8s.io', kind }, '', causes);
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', {
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });
}

export function noSuchResource(): ApiError {
  return new ApiError(404, 'NotFound', { message: 'the server could not find the requested resource', details: {} });
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError(415, 'UnsupportedMediaType', {
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  });
}

export function required(field: string, message = ''): Cause {
  return { field, reason: 'FieldValueRequired', message };
}

export function invalidValue(field: string, value: Json | undefined, message: string): Cause {
  return {
    field,
    reason: 'FieldValueInvalid',
    message: message === '' ? goValue(value) : `${goValue(value)}: ${message}`,
  };
}

export function unsupported(field: string, value: Json | undefined, supported: readonly string[]): Cause {
  const listed = supported.map((text) => JSON.stringify(text)).join(', ');
  return { field, reason: 'FieldValueNotSupported', message: `${goValue(value)}: supported values: ${listed}` };
}

export function forbiddenField(field: string, message: string): Cause {
  return { field, reason: 'FieldValueForbidden', message };
}

export function tooLong(field: string, bytes: number): Cause {
  return { field, reason: 'FieldValueTooLong', message: `may not be more than ${bytes} bytes` };
}

export function notFoundField(field: string, value: Json): Cause {
  return { field, reason: 'FieldValueNotFound', message: goValue(value) };
}

export function duplicate(field: string, value: Json): Cause {
  return { field, reason: 'FieldValueDuplicate', message: goValue(value) };
}

const PREFIXES: Readonly<Record<CauseReason, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueNotFound: 'Not found',
  FieldManagerConflict: '',
  InternalError: 'Internal error',
};

/** A cause as it is told in a line. */
export const causeLine = (cause: Cause): string => `${cause.field}: ${causeText(cause)}`;

function causeText(cause: Cause): string {
  const prefix = PREFIXES[cause.reason];
  return prefix === '' || cause.message === '' ? `${prefix}${cause.message}` : `${prefix}: ${cause.message}`;
}

/** A value as the API prints it: texts quoted, the rest as JSON, nothing as null. */
function goValue(value: Json | undefined): string {
  if (value === undefined) return 'null';
  return typeof value === 'string' ? goQuote(value) : JSON.stringify(value).replace(/[<>&]/g, escaped);
}

/** Go's JSON is made to stand in HTML. */
const escaped = (letter: string): string => `\\u00${letter.charCodeAt(0).toString(16)}`;

function details(kind: string, group: string, name: string): JsonObject {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), ...(kind === '' ? {} : { kind }) };
}

const qualified = (word: string, group: string): string => (group === '' ? word : `${word}.${group}`);
