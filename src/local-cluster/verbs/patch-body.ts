// A patch as its client sent it, refused in the words of Go's decoder.

import { goJsonFault } from '../../core/go-json.ts';
import { isList, isObject, type Json, type JsonObject, parseJson } from '../../core/json.ts';
import { goKind } from '../../objects/go-types.ts';
import { fromYaml } from '../body.ts';
import type { KubeRequest } from '../request.ts';
import { ApiError, badRequest } from '../status.ts';
import { readOr } from '../unrecognized.ts';

/** The operations of a JSON patch. */
export function readOperations(request: KubeRequest): readonly Json[] {
  const words = isLax(request) ? LAX : STRICT;
  const operations = readJson(request, words.before);
  if (operations === null) return [];
  if (!isList(operations)) throw unfit(operations, words.list, words.before);
  for (const operation of operations) checkOperation(operation, words);
  return operations;
}

/** Where fields are not validated, a patch is read only once, by who carries it out. */
const isLax = ({ query }: KubeRequest): boolean => query.get('fieldValidation') === 'Ignore';

const DECODING = 'error decoding patch: ';
const STRICT = { before: DECODING, list: '[]handlers.jsonPatchOp', one: 'handlers.jsonPatchOp' };
const LAX: typeof STRICT = { before: '', list: 'jsonpatch.Patch', one: 'jsonpatch.Operation' };
const MAP = 'map[string]interface {}';

function checkOperation(operation: Json, words: typeof STRICT): void {
  if (operation === null) return;
  if (!isObject(operation)) throw unfit(operation, words.one, words.before);
  for (const [name, value] of Object.entries(operation)) {
    if (!['op', 'path', 'from'].includes(name) || value === null || typeof value === 'string') continue;
    if (words === LAX) throw rejected();
    const into = `Go struct field jsonPatchOp.${name} of type string`;
    throw badRequest(`${DECODING}json: cannot unmarshal ${goKind(value)} into ${into}`);
  }
}

/** A patch that cannot be carried out. */
export const rejected = (): ApiError =>
  new ApiError(422, 'Invalid', {
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });

const NO_PATCH = 'Invalid JSON Patch';

export function readMergePatch(request: KubeRequest): Json {
  if (isLax(request)) return readLaxly(request);
  const patch = readJson(request, DECODING);
  if (patch === null) throw badRequest(NO_PATCH);
  if (!isObject(patch)) throw unfit(patch, MAP, DECODING);
  return patch;
}

/** A list stands for what it is patched into, which is no object then. */
function readLaxly(request: KubeRequest): Json {
  const patch = readOr(
    () => readJson(request, ''),
    () => badRequest(NO_PATCH),
  );
  if (!isObject(patch) && !isList(patch)) throw badRequest(NO_PATCH);
  return patch;
}

export function readStrategicPatch(request: KubeRequest): JsonObject {
  const patch = readJson(request, '') ?? {};
  if (!isObject(patch)) throw unfit(patch, MAP, '');
  return patch;
}

export function readConfiguration({ body = '' }: KubeRequest): Json {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body;
  const configuration = readOr(
    () => fromYaml(Buffer.from(body).toString('utf8')),
    (why) => badRequest(`error decoding YAML: error converting YAML to JSON: ${why}`),
  );
  if (configuration === null || isObject(configuration)) return configuration ?? {};
  const why = `json: cannot unmarshal ${goKind(configuration)} into Go value of type ${MAP}`;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${why}`);
}

function readJson({ body = '' }: KubeRequest, before: string): Json {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body;
  const text = Buffer.from(body).toString('utf8');
  const fault = goJsonFault(text);
  if (fault !== undefined) throw badRequest(`${before}${fault}`);
  return parseJson(text);
}

const unfit = (value: Json, type: string, before: string): Error =>
  badRequest(`${before}json: cannot unmarshal ${goKind(value)} into Go value of type ${type}`);
