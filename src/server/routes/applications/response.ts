// An Application of the cluster as the reference's API answers it.

import { isObject, type JsonObject, objectAt } from '../../../core/json.ts';
import { parse } from '../../../core/shape.ts';
import { type Application, application, type Health } from '../../../model/application.ts';
import type { KubeObject } from '../../../objects/object.ts';

const FRESH_STATUS: JsonObject = {
  sync: { status: '', comparedTo: { source: { repoURL: '' }, destination: {} } },
  health: {},
  summary: {},
  sourceHydrator: {},
};

export type HealthLookup = (group: string, kind: string, namespace: string, name: string) => Health | undefined;

interface Answered {
  readonly of: KubeObject;
  readonly response: Application;
}

/** By their metadata, which every change of an object makes anew: a list has thousands, and most are as they were. */
const answered = new WeakMap<object, Answered>();

const isSame = (a: KubeObject, b: KubeObject): boolean =>
  a.spec === b.spec && a['status'] === b['status'] && a['operation'] === b['operation'];

/** Without apiVersion and kind; a status that was never written has the reference's empty one. */
export function applicationResponse(object: KubeObject, health?: HealthLookup): Application {
  if (health) return makeResponse(object, health);
  const known = answered.get(object.metadata);
  if (known && isSame(known.of, object)) return known.response;
  const response = makeResponse(object);
  answered.set(object.metadata, { of: object, response });
  return response;
}

function makeResponse(object: KubeObject, health?: HealthLookup): Application {
  const { apiVersion: _version, kind: _kind, metadata, spec, status, operation, ...rest } = object;
  const wire = {
    metadata,
    spec: spec ?? {},
    status: { ...FRESH_STATUS, ...statusResponse(objectAt({ status }, 'status'), health) },
    ...(isObject(operation) ? { operation: operationResponse(operation) } : {}),
    ...rest,
  };
  return parse(application, wire, `application '${metadata.name ?? ''}'`);
}

/** Structs that Go never leaves out are there though they are empty. */
function operationResponse(operation: JsonObject): JsonObject {
  return { ...operation, initiatedBy: operation['initiatedBy'] ?? {}, retry: operation['retry'] ?? {} };
}

function statusResponse(status: JsonObject, health: HealthLookup | undefined): JsonObject {
  const state = status['operationState'];
  const withState = isObject(state)
    ? { ...status, operationState: { ...state, operation: operationResponse(objectAt(state, 'operation')) } }
    : status;
  const { resources } = status;
  if (!health || !Array.isArray(resources)) return withState;
  return {
    ...withState,
    resources: resources.map((resource) => (isObject(resource) ? withHealth(resource, health) : resource)),
  };
}

function withHealth(resource: JsonObject, lookup: HealthLookup): JsonObject {
  const text = (key: string): string => String(resource[key] ?? '');
  const status = lookup(text('group'), text('kind'), text('namespace'), text('name'));
  if (!status) return resource;
  const { hook, requiresPruning, syncWave, requiresDeletionConfirmation, ...front } = resource;
  const back = { hook, requiresPruning, syncWave, requiresDeletionConfirmation };
  return {
    ...front,
    health: { ...status },
    ...Object.fromEntries(Object.entries(back).filter(([, value]) => value !== undefined)),
  };
}
