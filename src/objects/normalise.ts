// An object as its type reads it: unknown fields and nulls are dropped, what means nothing is left out, quantities get
// their one text. What the API server does by decoding into its own structures.

import { isList, isObject, type Json, type JsonObject } from '../core/json.ts';
import type { Draft, DraftJson } from './draft.ts';
import { canonicalQuantity } from './quantity.ts';
import { fieldType, itemType, type Schema, type TypeOf } from './schema.ts';

interface Findings {
  /** Paths of fields that the type does not know, in their order. */
  readonly unknown: string[];
  /** Values of another type than the field's. */
  readonly mistyped: Mistyped[];
  /** Texts that are no quantity. */
  readonly quantities: string[];
}

interface Mistyped {
  /** Without the indexes of lists and the keys of maps. */
  readonly field: string;
  readonly given: string;
  readonly wanted: string;
}

export interface Normalised {
  readonly object: Draft;
  readonly findings: Findings;
}

/** `keepEmpty` keeps what means nothing: an apply owns also what it sets to nothing. */
export function normalise(object: JsonObject, type: TypeOf, keepEmpty = false): Normalised {
  const findings: Findings = { unknown: [], mistyped: [], quantities: [] };
  return { object: normaliseObject(object, type, { path: '', field: '', findings, keepEmpty }), findings };
}

interface Place {
  readonly path: string;
  readonly field: string;
  readonly findings: Findings;
  readonly keepEmpty: boolean;
}

const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** Optional fields of which also the zero value is kept: to be absent means something else there. */
const KEPT_AT_ZERO: ReadonlySet<string> = new Set(
  `replicas automountServiceAccountToken shareProcessNamespace hostUsers setHostnameAsFQDN enableServiceLinks privileged
  runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation optional immutable controller blockOwnerDeletion suspend
  manualSelector allocateLoadBalancerNodePorts serving ready terminating attachRequired podInfoOnMount storageCapacity
  requiresRepublish seLinuxMount allowVolumeExpansion terminationGracePeriodSeconds activeDeadlineSeconds runAsUser
  runAsGroup fsGroup priority tolerationSeconds revisionHistoryLimit progressDeadlineSeconds parallelism completions
  backoffLimit backoffLimitPerIndex maxFailedIndexes ttlSecondsAfterFinished startingDeadlineSeconds
  successfulJobsHistoryLimit failedJobsHistoryLimit defaultMode mode partition minReplicas averageUtilization
  stabilizationWindowSeconds deletionGracePeriodSeconds expirationSeconds leaseDurationSeconds leaseTransitions minDomains
  collisionCount storageClassName volumeMode ingressClassName loadBalancerClass internalTrafficPolicy ipFamilyPolicy
  runtimeClassName preemptionPolicy appProtocol holderIdentity timeZone pathType volumeAttributesClassName apiGroup
  serviceName availableReplicas started terminatingReplicas default maximum minimum maxLength minLength maxItems minItems
  x-kubernetes-preserve-unknown-fields observedGeneration desiredReplicas`.split(/\s+/),
);

function normaliseObject(object: JsonObject, type: TypeOf, place: Place): Draft {
  const schema = type.resolve(type.schema);
  const draft: Draft = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const path = place.path === '' ? key : `${place.path}.${key}`;
    const isField = schema?.properties?.[key] !== undefined;
    if (!isField && schema?.properties) {
      if (value !== null || !schema.additionalProperties) place.findings.unknown.push(path);
      continue;
    }
    const field = isField ? (place.field === '' ? key : `${place.field}.${key}`) : place.field;
    const own = fieldType(type, key);
    if (value === null) {
      // A null in a map of texts is an empty text; anywhere else it is nothing.
      if (!isField && own.resolve(own.schema)?.type === 'string') draft[key] = '';
      continue;
    }
    const kept = normaliseValue(value, own, { ...place, path, field });
    if (kept === undefined) continue;
    const optional = isField && !schema?.required?.includes(key);
    if (optional && !place.keepEmpty && meansNothing(key, kept, own)) continue;
    draft[key] = kept;
  }
  return draft;
}

function meansNothing(key: string, value: DraftJson, type: TypeOf): boolean {
  if (Array.isArray(value)) return value.length === 0;
  const schema = type.resolve(type.schema);
  if (isObject(value)) return Object.keys(value).length === 0 && typeof schema?.additionalProperties === 'object';
  if (schema?.['x-kubernetes-int-or-string'] || schema?.format === 'int-or-string' || isQuantity(type.schema))
    return false;
  return (value === '' || value === 0 || value === false) && !KEPT_AT_ZERO.has(key);
}

function normaliseValue(value: Json, type: TypeOf, place: Place): DraftJson | undefined {
  const schema = type.resolve(type.schema);
  if (isQuantity(type.schema)) return quantity(value, place);
  const wanted = mismatch(value, schema);
  if (wanted !== undefined) {
    place.findings.mistyped.push({ field: place.field, given: goKind(value), wanted });
    return undefined;
  }
  if (isList(value)) {
    const item = itemType(type);
    return value.flatMap((entry, index) => {
      if (entry === null && schema?.items?.type !== 'string') return [];
      const kept = normaliseValue(entry, item, { ...place, path: `${place.path}[${index}]` });
      return kept === undefined ? [] : [kept];
    });
  }
  if (isObject(value)) return normaliseObject(value, type, place);
  return value;
}

function isQuantity(schema: Schema | undefined): boolean {
  return schema?.$ref === QUANTITY;
}

function quantity(value: Json, place: Place): DraftJson | undefined {
  try {
    return canonicalQuantity(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '');
  } catch {
    place.findings.quantities.push(place.path);
    return undefined;
  }
}

/** What the field wants, in Go's words, when the value is something else. */
function mismatch(value: Json, schema: Schema | undefined): string | undefined {
  if (schema?.type === undefined || schema.format === 'int-or-string' || schema.$ref === QUANTITY) return undefined;
  const given = isList(value) ? 'array' : isObject(value) ? 'object' : typeof value;
  switch (schema.type) {
    case 'integer':
      return given === 'number' && Number.isInteger(value) ? undefined : (schema.format ?? 'int32');
    case 'number':
      return given === 'number' ? undefined : 'float64';
    case 'boolean':
      return given === 'boolean' ? undefined : 'bool';
    case 'array':
      return given === 'array' ? undefined : 'slice';
    case 'object':
      return given === 'object' ? undefined : 'map';
    default:
      return given === 'string' ? undefined : 'string';
  }
}

function goKind(value: Json): string {
  if (isList(value)) return 'array';
  if (isObject(value)) return 'object';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
