// What the reference's Go types say of each operation: its body, its answer, and the fields of every type. The two ways of
// JSON through them are encode.ts and decode.ts.

import { isList, isObject, type JsonObject, objectAt, textAt } from '../../core/json.ts';
import { CONTRACT } from './generated/contract.ts';

export interface Operation {
  /** The type of the body, if it has one. */
  readonly body: string;
  /** The type of the answer, or of one event of a stream. */
  readonly answer: string;
  /** Fields of the request that must be there, the one that is missed first at the head. */
  readonly required: readonly string[];
}

export interface Field {
  readonly name: string;
  readonly type: string;
  /** Part of every answer, empty or not. */
  readonly isAlways: boolean;
  /** Empty but there, as null. */
  readonly isNullable: boolean;
  /** A pointer in Go: false, 0 and '' are values of their own. */
  readonly isPointer: boolean;
}

let parsed: unknown;

/** Read when the first request comes. */
function contract(): JsonObject {
  parsed ??= JSON.parse(CONTRACT);
  return isObject(parsed) ? parsed : {};
}

/** Of types that are written by hand in Go, where a description does not say it. */
const POINTERS: Readonly<Record<string, readonly string[]>> = {
  v1ObjectMeta: ['deletionGracePeriodSeconds'],
  v1OwnerReference: ['controller', 'blockOwnerDeletion'],
  v1alpha1ApplicationSpec: ['revisionHistoryLimit'],
  v1alpha1ApplicationSourcePluginParameter: ['string'],
  v1alpha1Backoff: ['factor'],
  v1alpha1Cluster: ['shard'],
  v1alpha1OrphanedResourcesMonitorSettings: ['warn'],
  v1alpha1SyncPolicyAutomated: ['prune', 'selfHeal', 'allowEmpty', 'enabled'],
};

/** Messages of proto2, whose fields are all pointers. */
const PROTO2 = /^(application|notification)[A-Z]/;

const operations = new Map<string, Operation | undefined>();

/** By the path of an endpoint; undefined for one of our own. */
export function operationOf(method: string, path: string): Operation | undefined {
  const key = `${method} ${path.replace(/\{.*?\}/g, '{}')}`;
  if (!operations.has(key)) operations.set(key, readOperation(key));
  return operations.get(key);
}

function readOperation(key: string): Operation | undefined {
  const operation = objectAt(contract(), 'operations')[key];
  if (!isObject(operation)) return undefined;
  const { required } = operation;
  const names = isList(required) ? required.filter((name) => typeof name === 'string') : [];
  return { body: textAt(operation, 'body'), answer: textAt(operation, 'answer'), required: names };
}

const types = new Map<string, readonly Field[] | undefined>();

/** The fields of a struct; undefined for what is none. */
export function fieldsOf(type: string): readonly Field[] | undefined {
  if (!types.has(type)) types.set(type, readType(type));
  return types.get(type);
}

function readType(type: string): readonly Field[] | undefined {
  const fields = objectAt(contract(), 'types')[type];
  if (!isObject(fields)) return undefined;
  return Object.entries(fields).map(([name, text]) => {
    const [, base = 'json', sign = ''] = /^(.*?)([!?]?)$/.exec(String(text)) ?? [];
    return {
      name,
      type: base,
      isAlways: sign !== '',
      isNullable: sign === '?',
      isPointer: PROTO2.test(type) || (POINTERS[type] ?? []).includes(name),
    };
  });
}
