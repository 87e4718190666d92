// A patch as its client sent it, refused in the words of Go's decoder.

import { goJsonFault } from '../../core/go-json.ts';
import { isList, isObject, type Json, type JsonObject, parseJson } from '../../core/json.ts';
import { goKind } from '../../objects/go-types.ts';
import { fromYaml } from '../body.ts';
import type { KubeRequest } from '../request.ts';
import { badRequest } from '../status.ts';
import { readOr } from '../unrecognized.ts';

/** The operations of a JSON patch. */
export function readOperations(request: KubeRequest): readonly Json[] {
  const operations = readJson(request, DECODING);
  if (operations === null) return [];
  if (!isList(operations)) throw unfit(operations, '[]handlers.jsonPatchOp', DECODING);
  for (const operation of operations) checkOperation(operation);
  return operations;
}

const DECODING = 'error decoding patch: ';
const MAP = 'map[string]interface {}';

function checkOperation(operation: Json): void {
  if (operation === null) return;
  if (!isObject(operation)) throw unfit(operation, 'handlers.jsonPatchOp', DECODING);
  for (const [name, value] of Object.entries(operation)) {
    if (!['op', 'path', 'from'].includes(name) || value === null || typeof value === 'string') continue;
    const into = `Go struct field jsonPatchOp.${name} of type string`;
    throw badRequest(`${DECODING}json: cannot unmarshal ${goKind(value)} into ${into}`);
  }
}

export function readMergePatch(request: KubeRequest): JsonObject {
  const patch = readJson(request, DECODING);
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (!isObject(patch)) throw unfit(patch, MAP, DECODING);
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
