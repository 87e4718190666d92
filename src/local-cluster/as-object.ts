// A body as an object of the kind that its path names.

import { isObject, type Json, MAX_LEVELS, nestsTooDeep, textAt } from '../core/json.ts';
import { goKind } from '../objects/go-types.ts';
import { apiVersionOf, groupOf, type KubeObject, versionOf } from '../objects/object.ts';
import type { Kind } from './kinds.ts';
import { type ApiError, badRequest, cannotBeHandled, invalid, invalidValue } from './status.ts';

/** A body as an object of the kind that the path names; refuses another kind. Nothing at all is an empty object. */
export function asObject(kind: Kind, body: Json | undefined, isKnown: IsKnown = () => true): KubeObject {
  const given = body ?? {};
  if (!isObject(given)) throw badRequest('the body of the request is no object');
  if (nestsTooDeep(given)) throw badRequest(`the object is nested deeper than ${MAX_LEVELS} levels`);
  const apiVersion = apiVersionOf(kind.group, kind.version);
  const requested = { kind: textAt(given, 'kind') || kind.kind, apiVersion: textAt(given, 'apiVersion') || apiVersion };
  if (requested.apiVersion !== apiVersion && (kind.custom || isSameKind(kind, requested))) {
    throw badRequest(
      `the API version in the data (${requested.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (kind.custom && requested.kind !== kind.kind) {
    const wrong = { group: kind.group, kind: requested.kind };
    throw invalid(wrong, textAt(given, 'metadata', 'name'), [
      invalidValue('kind', requested.kind, `must be ${kind.kind}`),
    ]);
  }
  if (requested.kind !== kind.kind || requested.apiVersion !== apiVersion) throw wrongKind(kind, requested, isKnown);
  const metadata = given['metadata'] ?? {};
  if (!isObject(metadata)) throw cannotBeHandled(kind, metadataFault(kind, metadata));
  // In the order of the body: what is wrong with it is told in that order.
  return { ...given, apiVersion, kind: kind.kind, metadata };
}

/** What Go says of metadata that is no object: of a custom resource it reads metadata alone. */
export function metadataFault(kind: Kind, metadata: Json): string {
  const into = kind.custom ? 'value' : `struct field ${kind.kind}.metadata`;
  return `json: cannot unmarshal ${goKind(metadata)} into Go ${into} of type v1.ObjectMeta`;
}

interface TypeMeta {
  readonly kind: string;
  readonly apiVersion: string;
}

/** Whether a kind is one of those that are built in. */
export type IsKnown = (group: string, version: string, kind: string) => boolean;

/** The same kind in an older version, or in the group where it was once. */
function isSameKind(kind: Kind, { kind: name, apiVersion }: TypeMeta): boolean {
  if (name !== kind.kind) return false;
  const group = groupOf(apiVersion);
  const version = versionOf(apiVersion);
  if (group === kind.group) return /^v\d+((alpha|beta)\d+)?$/.test(version) && (OLDER[group] ?? []).includes(version);
  return (name === 'Event' && apiVersion === 'v1') || (group === 'extensions' && version === 'v1beta1');
}

/** The versions of each group that the API server knows, served or not. */
const OLDER: Readonly<Record<string, readonly string[]>> = {
  'admissionregistration.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  apps: ['v1', 'v1beta2', 'v1beta1'],
  autoscaling: ['v2', 'v1', 'v2beta2', 'v2beta1'],
  batch: ['v1', 'v1beta1'],
  'certificates.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'coordination.k8s.io': ['v1', 'v1beta1', 'v1alpha2'],
  'discovery.k8s.io': ['v1', 'v1beta1'],
  'events.k8s.io': ['v1', 'v1beta1'],
  'flowcontrol.apiserver.k8s.io': ['v1', 'v1beta3', 'v1beta2', 'v1beta1'],
  'networking.k8s.io': ['v1', 'v1beta1'],
  'node.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  policy: ['v1', 'v1beta1'],
  'rbac.authorization.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'resource.k8s.io': ['v1', 'v1beta2', 'v1beta1'],
  'scheduling.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'storage.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
};

function wrongKind(kind: Kind, given: TypeMeta, isKnown: IsKnown): ApiError {
  const handled = `${given.kind} in version "${versionOf(given.apiVersion)}" cannot be handled as a ${kind.kind}`;
  return badRequest(`${handled}: ${conversionFault(kind, given, isKnown) ?? ''}`);
}

/** Why an object of one kind cannot be one of another; undefined for an older version of the kind. */
export function conversionFault(kind: Kind, given: TypeMeta, isKnown: IsKnown): string | undefined {
  const { kind: name, apiVersion } = given;
  if (apiVersion === apiVersionOf(kind.group, kind.version) ? name === kind.kind : isSameKind(kind, given))
    return undefined;
  const version = versionOf(apiVersion);
  if (OWN_SCHEMES.includes(kind.group) || !isKnown(groupOf(apiVersion), version, name)) {
    return `no kind "${name}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`;
  }
  const expected = `${kind.group === '' ? 'core' : kind.group.split('.')[0]}.${kind.kind}`;
  return `converting (${version}.${name}) to (${expected}): unknown conversion`;
}

/** The kinds of these groups are served by parts that know no others. */
const OWN_SCHEMES = ['apiextensions.k8s.io', 'apiregistration.k8s.io'];
