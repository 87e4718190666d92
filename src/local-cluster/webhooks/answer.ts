// What a webhook answers: read as the review that it should be, and what it allows or denies.

import { goJsonFault } from '../../core/go-json.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, parseJson, textAt } from '../../core/json.ts';
import { faultOf, goKind } from '../../objects/go-types.ts';
import { fromYaml } from '../body.ts';
import { ApiError } from '../status.ts';
import { kindFault } from '../unrecognized.ts';
import { type HttpAnswer, invalidResponse, uncalled } from './words.ts';

export interface Response {
  readonly allowed: boolean;
  readonly warnings: readonly string[];
  readonly status: JsonObject;
  readonly patchType: string;
  /** Undefined without one. */
  readonly patch: string | undefined;
}

export type Outcome = { readonly response: Response } | { readonly fault: string };

interface Expected {
  readonly version: string;
  readonly uid: string;
  readonly mutates: boolean;
}

export function readAnswer(answer: HttpAnswer, expected: Expected): Outcome {
  const review = reviewIn(answer);
  if ('fault' in review) return { fault: uncalled(review.fault) };
  const fault = typeFault(review.value, expected.version) ?? fieldFault(review.value, expected.version);
  if (fault !== undefined) return { fault: uncalled(fault) };
  const { value } = review;
  const { response } = value;
  if (!isObject(response)) return { fault: invalidResponse('webhook response was absent') };
  const wrong = expected.version === 'v1' ? strictFault(value, response, expected) : undefined;
  return wrong === undefined ? { response: responseIn(response) } : { fault: invalidResponse(wrong) };
}

type Review = { readonly value: JsonObject } | { readonly fault: string };

function reviewIn({ text, code, type }: HttpAnswer): Review {
  if (text === '') return { fault: `0-length response with status code: ${code} and content type: ${type}` };
  try {
    const value = text.trimStart().startsWith('{') ? jsonOf(text) : fromYaml(text);
    const fault = kindFault(value);
    if (fault !== undefined) return { fault };
    return { value: isObject(value) ? value : {} };
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function jsonOf(text: string): Json {
  const fault = goJsonFault(text);
  if (fault !== undefined) throw new Error(`couldn't get version/kind; json parse error: ${fault}`);
  return parseJson(text);
}

const SCHEME = 'in scheme "pkg/runtime/scheme.go:111"';

/** An answer of another kind or version; what it leaves out is as it should be. */
function typeFault(value: JsonObject, version: string): string | undefined {
  const expected = `admission.k8s.io/${version}`;
  const [apiVersion, kind] = [textAt(value, 'apiVersion') || expected, textAt(value, 'kind') || 'AdmissionReview'];
  const isKnown = /^admission\.k8s\.io\/v1(beta1)?$/.test(apiVersion) && kind === 'AdmissionReview';
  if (!isKnown)
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} ${SCHEME}`;
  if (apiVersion === expected) return undefined;
  const other = apiVersion.split('/')[1] ?? '';
  return `converting (${other}.AdmissionReview) to (${version}.AdmissionReview): unknown conversion`;
}

type Field = readonly [name: string, kind: string, type: string, item?: string];

const FIELDS: readonly Field[] = [
  ['uid', 'string', 'types.UID'],
  ['allowed', 'bool', 'bool'],
  ['status', 'object', 'v1.Status'],
  ['patch', 'string', '[]uint8'],
  ['patchType', 'string', 'VERSION.PatchType'],
  ['auditAnnotations', 'object', 'map[string]string', 'string'],
  ['warnings', 'array', '[]string', 'string'],
];

const STATUS_FIELDS: readonly Field[] = [
  ['status', 'string', 'string'],
  ['message', 'string', 'string'],
  ['reason', 'string', 'v1.StatusReason'],
  ['code', 'number', 'int32'],
  ['details', 'object', 'v1.StatusDetails'],
];

/** A value of another type than its field has, in the words of Go's decoder. */
function fieldFault({ response = null }: JsonObject, version: string): string | undefined {
  if (response === null) return undefined;
  if (!isObject(response)) return mismatch(response, 'AdmissionReview.response', `${version}.AdmissionResponse`);
  const patch = response['patch'];
  const own = firstFault(response, FIELDS, { prefix: 'AdmissionResponse.response', version });
  if (own !== undefined) return own;
  const ofStatus = firstFault(objectAt(response, 'status'), STATUS_FIELDS, {
    prefix: 'Status.response.status',
    version,
  });
  if (ofStatus !== undefined || typeof patch !== 'string') return ofStatus;
  return faultOf(patch, { type: 'string', format: 'byte' }, (schema) => schema)?.text;
}

interface Place {
  readonly prefix: string;
  readonly version: string;
}

function firstFault(object: JsonObject, fields: readonly Field[], { prefix, version }: Place): string | undefined {
  for (const [name, kind, type, item] of fields) {
    const value = object[name] ?? null;
    const path = `${prefix}.${name}`;
    if (value === null) continue;
    if (goKind(value) !== kind) return mismatch(value, path, type.replace('VERSION', version));
    const other = item === undefined ? undefined : Object.values(value).find((one: Json) => goKind(one) !== item);
    if (other !== undefined && item !== undefined) return mismatch(other, path, item);
  }
  return undefined;
}

const mismatch = (value: Json, path: string, type: string): string =>
  `json: cannot unmarshal ${goKind(value)} into Go struct field ${path} of type ${type}`;

/** What the present version asks of an answer, and the older did not. */
function strictFault(review: JsonObject, response: JsonObject, { uid, mutates }: Expected): string | undefined {
  const given = textAt(response, 'uid');
  if (given !== uid) return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(given)}`;
  const [apiVersion, kind] = [textAt(review, 'apiVersion'), textAt(review, 'kind')];
  if (apiVersion === '' || kind === '') {
    const got = `${apiVersion === '' ? '/' : apiVersion}, Kind=${kind}`;
    return `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${got}`;
  }
  const [hasPatch, hasType] = [textAt(response, 'patch') !== '', response['patchType'] !== undefined];
  if (!mutates && hasPatch) return 'validating webhook may not return response.patch';
  if (!mutates && hasType) return 'validating webhook may not return response.patchType';
  if (hasPatch && !hasType) return 'webhook returned response.patch but not response.patchType';
  if (!hasPatch && hasType) return 'webhook returned response.patchType but not response.patch';
  return undefined;
}

function responseIn(response: JsonObject): Response {
  const patch = textAt(response, 'patch');
  return {
    allowed: response['allowed'] === true,
    // What could not stand in a header is not told.
    warnings: listAt(response, 'warnings').flatMap((text) => (isTold(String(text)) ? [String(text)] : [])),
    status: objectAt(response, 'status'),
    patchType: textAt(response, 'patchType'),
    patch: patch === '' ? undefined : Buffer.from(patch, 'base64').toString(),
  };
}

const isTold = (text: string): boolean => text !== '' && !/\p{Cc}/u.test(text);

/** The refusal of a request that a webhook does not allow. */
export function denied(name: string, { status }: Response): ApiError {
  const about = `admission webhook ${JSON.stringify(name)} denied the request`;
  const [message, reason] = [textAt(status, 'message'), textAt(status, 'reason')];
  const why = message || reason;
  const given = status['code'];
  const { details } = status;
  const wait = isObject(details) ? details['retryAfterSeconds'] : undefined;
  return new ApiError(typeof given === 'number' && given >= 400 ? given : 400, reason, {
    message: why === '' ? `${about} without explanation` : `${about}: ${why}`,
    ...(isObject(details) ? { details } : {}),
    metadata: objectAt(status, 'metadata'),
    ...(typeof wait === 'number' ? { headers: { 'retry-after': String(wait) } } : {}),
  });
}
