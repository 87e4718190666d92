// What a patch makes of an object, read as an object of its kind; when it cannot be read, the patch is what is wrong.

import { HawserError } from '../../core/errors.ts';
import { goText } from '../../core/go-text.ts';
import { canonicalJson, isList, isObject, type Json, type JsonObject, textAt } from '../../core/json.ts';
import { jsonPatch } from '../../objects/json-patch.ts';
import { mergePatch } from '../../objects/merge-patch.ts';
import { apiVersionOf, groupOf, type KubeObject } from '../../objects/object.ts';
import { restoreFault } from '../../objects/restore.ts';
import { DirectiveError, strategicMerge } from '../../objects/strategic-merge.ts';
import type { ResourceRequest } from '../api.ts';
import { conversionFault, metadataFault } from '../as-object.ts';
import { mediaType } from '../body.ts';
import { decode, typeOfKind } from '../decode.ts';
import type { Kind } from '../kinds.ts';
import { META_FIELDS, unnamed } from '../object-meta.ts';
import { ApiError, badRequest, internalError, invalid, invalidValue } from '../status.ts';
import { kindFault } from '../unrecognized.ts';
import { readMergePatch, readOperations, readStrategicPatch, rejected } from './patch-body.ts';

export interface Patched {
  readonly object: KubeObject;
  /** Paths of fields that the type does not know. */
  readonly unknown: readonly string[];
  readonly patch: Json;
  /** Refuses the patch for a fault of what it makes. */
  readonly refuse: (why: string) => ApiError;
}

export function patchedObject(call: ResourceRequest, before: KubeObject): Patched {
  const { kind, request } = call;
  const type = mediaType(request);
  if (isStrategic(type)) return strategic(call, before);
  const [patch, value] =
    type === 'application/merge-patch+json' ? merged(readMergePatch(request), before) : operated(call, before);
  const text = kind.custom ? canonicalJson(value) : patchedText(value, before);
  const refuse = (why: string): ApiError => refusedPatch(text, why);
  const read = asPatched(call, value, { text, refuse });
  return { ...decode(call.api.types(), kind, read, { refuse }), patch, refuse };
}

export const isStrategic = (type: string): boolean => type === 'application/strategic-merge-patch+json';

export const refusedPatch = (patch: string, why: string): ApiError =>
  invalid({ group: '', kind: '' }, '', [invalidValue('patch', patch, why)]);

function strategic({ api, kind, request }: ResourceRequest, before: KubeObject): Patched {
  const types = api.types();
  const type = typeOfKind(types, kind);
  const { object, patch } = mergedBy(before, readStrategicPatch(request), type);
  const refuse = (why: string): ApiError => refusedPatch(goText(patch), why);
  const fault = restoreFault(object, type);
  if (fault !== undefined) throw refuse(fault);
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { apiVersion, kind: kindName } = before;
  return { ...decode(types, kind, { ...object, apiVersion, kind: kindName, metadata }, { refuse }), patch, refuse };
}

function mergedBy(...[before, patch, type]: Parameters<typeof strategicMerge>): ReturnType<typeof strategicMerge> {
  try {
    return strategicMerge(before, patch, type);
  } catch (thrown) {
    if (thrown instanceof DirectiveError) throw badRequest(thrown.message);
    throw thrown instanceof HawserError ? internalError(thrown.message) : thrown;
  }
}

const merged = (patch: Json, before: KubeObject): readonly [Json, Json] => [patch, mergePatch(before, patch)];

function operated({ request }: ResourceRequest, before: KubeObject): readonly [Json, Json] {
  const operations = readOperations(request);
  try {
    return [operations, jsonPatch(before, operations)];
  } catch (thrown) {
    throw thrown instanceof HawserError ? rejected() : thrown;
  }
}

interface Told {
  readonly text: string;
  readonly refuse: (why: string) => ApiError;
}

/** The value as an object of the kind; a patch may leave its kind out. */
function asPatched(call: ResourceRequest, value: Json, told: Told): KubeObject {
  const { kind } = call;
  const fault = kindFault(value);
  if (fault !== undefined || !isObject(value)) throw told.refuse(fault ?? '');
  const apiVersion = textAt(value, 'apiVersion');
  const name = textAt(value, 'kind');
  if (kind.custom) checkCustom(kind, value, told);
  // In what names no version, no name is found.
  else if (apiVersion === '') throw unnamed(call.path);
  else {
    const { api } = call;
    const isKnown = (...type: readonly [string, string, string]): boolean => api.types().ofKind(...type) !== undefined;
    const wrong = conversionFault(kind, { kind: name || kind.kind, apiVersion }, isKnown);
    if (wrong !== undefined) throw told.refuse(wrong);
  }
  const metadata = value['metadata'] ?? {};
  if (!isObject(metadata)) throw told.refuse(metadataFault(kind, metadata));
  return { ...value, apiVersion: apiVersionOf(kind.group, kind.version), kind: kind.kind, metadata };
}

function checkCustom(kind: Kind, value: JsonObject, { text, refuse }: Told): void {
  const apiVersion = textAt(value, 'apiVersion');
  const name = textAt(value, 'kind');
  if (name === '') throw refuse(`Object 'Kind' is missing in '${text}'`);
  if (apiVersion === '') throw noApiVersion();
  const expected = apiVersionOf(kind.group, kind.version);
  const causes = [
    ...(name === kind.kind ? [] : [invalidValue('kind', name, `must be ${kind.kind}`)]),
    ...(apiVersion === expected ? [] : [invalidValue('apiVersion', apiVersion, `must be ${expected}`)]),
  ];
  const group = groupOf(apiVersion);
  if (causes.length > 0) throw invalid({ group, kind: name }, textAt(value, 'metadata', 'name'), causes);
}

function noApiVersion(): ApiError {
  const why = "Object 'apiVersion' is missing in 'object has no apiVersion field'";
  const message = `Internal error occurred: ${why}`;
  return new ApiError(500, 'InternalError', { message, details: { causes: [{ message: why }] } });
}

/** The text of what a patch made: objects that it changed with their keys in order, the others as they were. */
function patchedText(value: Json, before: JsonObject): string {
  const untouched = new Set<Json>();
  const note = (part: Json | undefined): void => {
    if (isList(part)) part.forEach(note);
    else if (isObject(part)) {
      untouched.add(part);
      Object.values(part).forEach(note);
    }
  };
  note(before);
  untouched.delete(before);
  return JSON.stringify(value, (_key, part: Json) => {
    if (!isObject(part)) return part;
    if (untouched.has(part)) return part === before['metadata'] ? inGoOrder(part) : part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

const inGoOrder = (metadata: JsonObject): JsonObject =>
  Object.fromEntries(META_FIELDS.flatMap((field) => (metadata[field] === undefined ? [] : [[field, metadata[field]]])));
