// A body of which the API server cannot tell what it is: its sentence, with the beginning of the body.

import { isObject, type Json, textAt } from '../core/json.ts';
import { goKind } from '../objects/go-types.ts';
import { readBody } from './body.ts';
import type { KubeRequest } from './request.ts';
import { ApiError, badRequest } from './status.ts';

/** What begins as JSON is shown as text, all else in hexadecimal digits. */
export function unrecognized({ kind }: { readonly kind: string }, why: string, body: string | Uint8Array): ApiError {
  const bytes = Buffer.from(body);
  const isJson = bytes.subarray(0, 1).toString() === '{';
  const start = bytes.subarray(0, SHOWN).toString(isJson ? 'utf8' : 'hex');
  const shown = bytes.length === 0 ? '<empty>' : bytes.length > SHOWN ? `${start} ...` : start;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${shown})`);
}

const SHOWN = 30;

/** The body of a write as JSON; refuses one of which no kind can be read: broken, no object, a kind that is no text. */
export function readRecognized(kind: { readonly kind: string }, request: KubeRequest): Json | undefined {
  const body = textOf(request);
  const value = readOr(
    () => readBody(request),
    (why) => unrecognized(kind, why, body),
  );
  const fault = kindFault(value);
  if (fault !== undefined) throw unrecognized(kind, fault, body);
  return value;
}

/** The body as it was sent; of a call in this process as it would be. */
function textOf({ body = '' }: KubeRequest): string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
}

/** What is read, or the refusal of a body that cannot be. */
export function readOr<T>(read: () => T, refusal: (why: string) => ApiError): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof ApiError && thrown.code === 400 ? refusal(thrown.message) : thrown;
  }
}

const NO_KIND = "couldn't get version/kind";
const TYPE_META =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** Why the kind of an object cannot be read. */
export function kindFault(value: Json | undefined): string | undefined {
  const fault = typeMetaFault(value);
  if (fault !== undefined) return `${NO_KIND}; json parse error: ${fault}`;
  const apiVersion = textAt(value, 'apiVersion');
  return apiVersion.split('/').length > 2 ? `unexpected GroupVersion string: ${apiVersion}` : undefined;
}

function typeMetaFault(value: Json | undefined): string | undefined {
  if (value === undefined) return 'unexpected end of JSON input';
  if (value === null) return undefined;
  if (!isObject(value)) return `json: cannot unmarshal ${goKind(value)} into Go value of type ${TYPE_META}`;
  for (const [key, field] of Object.entries(value)) {
    if (!['kind', 'apiVersion'].includes(key) || field === null || typeof field === 'string') continue;
    return `json: cannot unmarshal ${goKind(field)} into Go struct field .${key} of type string`;
  }
  return undefined;
}
