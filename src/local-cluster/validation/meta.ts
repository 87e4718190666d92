// What every object's metadata must hold.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type KubeObject, versionOf } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';
import { type Cause, forbiddenField, invalidValue, required, tooLong } from '../status.ts';
import { keyCauses, labelCauses, labelProblems, pathProblems, subdomainProblems } from './names.ts';
import { at, notNegative } from './rules.ts';

type Problems = (value: string) => readonly string[];

/** Kinds whose names are not the names of a DNS domain. */
const NAMES: Readonly<Record<string, Problems>> = {
  '/events': pathProblems,
  '/namespaces': labelProblems,
  '/services': labelProblems,
  'apiregistration.k8s.io/apiservices': pathProblems,
  'certificates.k8s.io/certificatesigningrequests': pathProblems,
  'networking.k8s.io/ipaddresses': () => [],
  'policy/poddisruptionbudgets': pathProblems,
};

const nameProblems = (kind: Kind): Problems =>
  kind.group === 'rbac.authorization.k8s.io' ? pathProblems : (NAMES[kind.storage] ?? subdomainProblems);

/** A prefix may end in a hyphen: something follows. */
const asName = (prefix: string): string =>
  prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;

const MAX_ANNOTATION_BYTES = 262_144;

/** Kinds of which a change has its metadata looked at once more. */
const TWICE: ReadonlySet<string> = new Set([
  '/configmaps',
  '/endpoints',
  '/namespaces',
  '/nodes',
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/pods',
  '/secrets',
  '/serviceaccounts',
  'apps/controllerrevisions',
  'batch/jobs',
  'certificates.k8s.io/certificatesigningrequests',
  'networking.k8s.io/ingressclasses',
  'networking.k8s.io/ingresses',
  'networking.k8s.io/ipaddresses',
  'node.k8s.io/runtimeclasses',
  'rbac.authorization.k8s.io/clusterrolebindings',
  'rbac.authorization.k8s.io/clusterroles',
  'rbac.authorization.k8s.io/rolebindings',
  'rbac.authorization.k8s.io/roles',
  'resource.k8s.io/deviceclasses',
  'resource.k8s.io/resourceclaims',
  'resource.k8s.io/resourceclaimtemplates',
  'storage.k8s.io/csistoragecapacities',
  'storage.k8s.io/storageclasses',
  'storage.k8s.io/volumeattributesclasses',
]);

/** Kinds whose own rules do not look at the metadata of a change. */
const NEVER: ReadonlySet<string> = new Set(['/events', 'policy/poddisruptionbudgets']);

/** All that looks at the metadata tells what it finds: of a change the rules for every kind do so twice, before those of its own. */
export function metaCauses(kind: Kind, object: KubeObject, before: KubeObject | undefined): Cause[] {
  const plain = plainCauses(object.metadata, 'metadata');
  const finalizers = object.metadata.finalizers ?? [];
  const named = namedFinalizers(finalizers, 'metadata.finalizers', kind);
  const names = nameCauses(kind, object);
  const own = [...plain, ...named];
  if (!before) return [...names, ...own];
  const identity = identityCauses(object, before);
  if (kind.custom)
    return [...names, ...own, ...addedFinalizers(finalizers, before), ...identity, ...endCauses(object, before)];
  const times = NEVER.has(kind.storage) ? 0 : TWICE.has(kind.storage) ? 2 : 1;
  return [
    ...plain,
    ...plain,
    // The name is looked at by the rules for new objects alone, which a change is held to once more.
    ...Array.from({ length: times }, (_time, index) => (index === 0 ? own : [...names, ...own])).flat(),
    ...addedFinalizers(finalizers, before),
    ...identity,
    ...endCauses(object, before),
  ];
}

/** What an object is called, and which it is, no policy changes. */
const identityCauses = ({ metadata }: KubeObject, before: KubeObject): Cause[] =>
  (['name', 'uid'] as const).flatMap((field) => {
    const value = metadata[field] ?? '';
    return value === (before.metadata[field] ?? '')
      ? []
      : [invalidValue(`metadata.${field}`, value, 'field is immutable')];
  });

/** Only a delete says when an object ends. Two checks find it, each tells it. */
function endCauses({ metadata }: KubeObject, before: KubeObject): Cause[] {
  const causes = (['deletionTimestamp', 'deletionGracePeriodSeconds'] as const).flatMap((field) => {
    const value = metadata[field];
    if (value === before.metadata[field] || value === undefined) return [];
    return [invalidValue(`metadata.${field}`, value, 'field is immutable')];
  });
  return [...causes, ...causes];
}

function nameCauses(kind: Kind, object: KubeObject): Cause[] {
  const { name = '', generateName = '' } = object.metadata;
  const problems = nameProblems(kind);
  const causes: Cause[] = [];
  if (generateName !== '')
    for (const problem of problems(asName(generateName)))
      causes.push(invalidValue('metadata.generateName', generateName, problem));
  if (name === '') causes.push(required('metadata.name', 'name or generateName is required'));
  else for (const problem of problems(name)) causes.push(invalidValue('metadata.name', name, problem));
  return causes;
}

/** What the metadata of objects that stand within others must hold. */
export const embeddedMetaCauses = (metadata: JsonObject, path: string): Cause[] => [
  ...plainCauses(metadata, path),
  ...namedFinalizers(listAt(metadata, 'finalizers').map(String), at(path, 'finalizers'), undefined),
];

function plainCauses(metadata: JsonObject, path: string): Cause[] {
  const annotations = Object.entries(objectAt(metadata, 'annotations'));
  const size = annotations.reduce((sum, [key, value]) => sum + key.length + Buffer.byteLength(String(value)), 0);
  const field = at(path, 'annotations');
  return [
    ...notNegative(metadata['generation'], at(path, 'generation')),
    ...labelCauses(at(path, 'labels'), objectAt(metadata, 'labels')),
    ...annotations.flatMap(([key]) => keyCauses(field, key.toLowerCase(), key)),
    ...(size > MAX_ANNOTATION_BYTES ? [tooLong(field, MAX_ANNOTATION_BYTES)] : []),
    ...ownerCauses(listAt(metadata, 'ownerReferences').filter(isObject), at(path, 'ownerReferences')),
  ];
}

function ownerCauses(owners: readonly JsonObject[], path: string): Cause[] {
  const causes: Cause[] = [];
  let first = '';
  for (const owner of owners) {
    const [apiVersion, kind] = [textAt(owner, 'apiVersion'), textAt(owner, 'kind')];
    if (versionOf(apiVersion) === '' || apiVersion.split('/').length > 2)
      causes.push(invalidValue(`${path}.apiVersion`, apiVersion, 'version must not be empty'));
    for (const field of ['kind', 'name', 'uid'])
      if (textAt(owner, field) === '') causes.push(invalidValue(`${path}.${field}`, '', 'must not be empty'));
    if (apiVersion === 'v1' && kind === 'Event')
      causes.push(invalidValue(path, owner, '/v1, Kind=Event is disallowed from being an owner'));
    if (owner['controller'] !== true) continue;
    const which = `${kind}/${textAt(owner, 'name')}`;
    const message = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${which}`;
    if (first !== '') causes.push(invalidValue(path, [...owners], message));
    else first = which;
  }
  return causes;
}

const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Kinds that look at the names of finalizers no closer than custom ones do. */
const isLenient = (kind: Kind | undefined): boolean =>
  kind === undefined ||
  kind.custom !== undefined ||
  ['apiextensions.k8s.io', 'apiregistration.k8s.io', 'admissionregistration.k8s.io'].includes(kind.group) ||
  ['node.k8s.io/runtimeclasses', 'coordination.k8s.io/leases'].includes(kind.storage);

/** The name of a finalizer, as the API's own kinds have it. */
export function finalizerNameCauses(name: string, path: string): Cause[] {
  if (name.includes('/') || STANDARD_FINALIZERS.includes(name)) return [];
  return [invalidValue(path, name, 'name is neither a standard finalizer name nor is it fully qualified')];
}

function namedFinalizers(finalizers: readonly string[], path: string, kind: Kind | undefined): Cause[] {
  const both = finalizers.includes('orphan') && finalizers.includes('foregroundDeletion');
  return [
    ...finalizers.flatMap((name) => qualifiedProblems(name).map((problem) => invalidValue(path, name, problem))),
    ...(both
      ? [invalidValue(path, [...finalizers], 'finalizer orphan and foregroundDeletion cannot be both set')]
      : []),
    ...(isLenient(kind) ? [] : finalizers.flatMap((name, index) => finalizerNameCauses(name, `${path}[${index}]`))),
  ];
}

/** What is going takes no new finalizers. */
function addedFinalizers(finalizers: readonly string[], before: KubeObject): Cause[] {
  if (before.metadata.deletionTimestamp === undefined) return [];
  const old = before.metadata.finalizers ?? [];
  const added = finalizers.filter((name) => !old.includes(name));
  if (added.length === 0) return [];
  const listed = added
    .sort()
    .map((name) => JSON.stringify(name))
    .join(', ');
  const message = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${listed}}`;
  // Two checks find it, each tells it.
  const cause = forbiddenField('metadata.finalizers', message);
  return [cause, cause];
}
