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

/** What the rules of a kind look at once more when it changes: the metadata as those of a new object, or as a change. */
type Look = 'new' | 'change';
const CHANGE: readonly Look[] = ['change'];
const NEW: readonly Look[] = ['new'];
const CHANGE_NEW: readonly Look[] = ['change', 'new'];
const NEW_CHANGE: readonly Look[] = ['new', 'change'];

/** By storage, or by group and kind where two groups share one; all others look at a change. */
const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  '/configmaps': CHANGE_NEW,
  '/endpoints': CHANGE_NEW,
  '/events': [],
  '/limitranges': NEW,
  '/namespaces': NEW_CHANGE,
  '/nodes': NEW_CHANGE,
  '/persistentvolumeclaims': CHANGE_NEW,
  '/persistentvolumes': ['new', 'new'],
  '/pods': CHANGE_NEW,
  '/secrets': CHANGE_NEW,
  '/serviceaccounts': CHANGE_NEW,
  'admissionregistration.k8s.io/mutatingadmissionpolicies': NEW,
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings': NEW,
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': NEW,
  'admissionregistration.k8s.io/validatingadmissionpolicies': NEW,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': NEW,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': NEW,
  'apiregistration.k8s.io/apiservices': CHANGE_NEW,
  'apps/controllerrevisions': CHANGE_NEW,
  'batch/jobs': NEW_CHANGE,
  'certificates.k8s.io/certificatesigningrequests': NEW_CHANGE,
  'discovery.k8s.io/endpointslices': NEW,
  'flowcontrol.apiserver.k8s.io/flowschemas': NEW,
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': NEW,
  'networking.k8s.io/ingressclasses': CHANGE_NEW,
  'networking.k8s.io/ingresses': CHANGE_NEW,
  'networking.k8s.io/ipaddresses': NEW_CHANGE,
  'node.k8s.io/runtimeclasses': NEW_CHANGE,
  'policy/poddisruptionbudgets': [],
  'rbac.authorization.k8s.io/clusterrolebindings': NEW_CHANGE,
  'rbac.authorization.k8s.io/clusterroles': NEW_CHANGE,
  'rbac.authorization.k8s.io/rolebindings': NEW_CHANGE,
  'rbac.authorization.k8s.io/roles': NEW_CHANGE,
  'resource.k8s.io/deviceclasses': NEW_CHANGE,
  'resource.k8s.io/resourceclaims': NEW_CHANGE,
  'resource.k8s.io/resourceclaimtemplates': NEW_CHANGE,
  'storage.k8s.io/csinodes': NEW,
  'storage.k8s.io/csistoragecapacities': NEW_CHANGE,
  'storage.k8s.io/storageclasses': NEW_CHANGE,
  'storage.k8s.io/volumeattachments': NEW,
  'storage.k8s.io/volumeattributesclasses': CHANGE_NEW,
};

/** When the status is written; all others look at a change. */
const LOOKS_OF_STATUS: Readonly<Record<string, readonly Look[]>> = {
  'admissionregistration.k8s.io/validatingadmissionpolicies': [],
  'batch/cronjobs': [],
  'certificates.k8s.io/certificatesigningrequests': NEW_CHANGE,
  'policy/poddisruptionbudgets': [],
  'storage.k8s.io/volumeattachments': [],
};

function looksOf(kind: Kind, ofStatus: boolean): readonly Look[] {
  if (kind.storage === '/events' && kind.group !== '') return CHANGE;
  return (ofStatus ? LOOKS_OF_STATUS : LOOKS)[kind.storage] ?? CHANGE;
}

interface Change {
  readonly before: KubeObject | undefined;
  readonly ofStatus: boolean;
}

/** What is told before the rules of a kind, and what the last of several looks tells after the first of these. */
interface MetaCauses {
  readonly first: readonly Cause[];
  readonly last: readonly Cause[];
}

/** All that looks at the metadata tells what it finds: of a change the rules for every kind, then those of its own. */
export function metaCauses(kind: Kind, object: KubeObject, { before, ofStatus }: Change): MetaCauses {
  const plain = plainCauses(object.metadata, 'metadata');
  const finalizers = object.metadata.finalizers ?? [];
  const qualified = qualifiedFinalizers(finalizers, 'metadata.finalizers');
  const known = isLenient(kind) ? [] : knownFinalizers(finalizers, 'metadata.finalizers');
  const fresh = (): Cause[] => [...nameCauses(kind, object), ...plain, ...qualified, ...known];
  if (!before) return { first: fresh(), last: [] };
  const identity = identityCauses(object, before);
  if (kind.custom) return { first: [...fresh(), ...identity, ...plain], last: [] };
  const unnamed = nameCauses(kind, object).filter(({ reason }) => reason === 'FieldValueRequired');
  const looks = looksOf(kind, ofStatus).map((look) => (look === 'new' ? fresh() : [...identity, ...plain, ...known]));
  const last = looks.length > 1 && !ofStatus ? (looks.pop() ?? []) : [];
  return { first: [...unnamed, ...plain, ...qualified, ...identity, ...plain, ...looks.flat()], last };
}

/** What an object is called, which it is and when it ends no change says; what is going takes no new finalizers. */
function identityCauses({ metadata }: KubeObject, before: KubeObject): Cause[] {
  const fixed = (field: 'name' | 'uid' | 'deletionTimestamp' | 'deletionGracePeriodSeconds'): Cause[] => {
    const value = field === 'name' ? (metadata.name ?? '') : metadata[field];
    if (value === before.metadata[field] || value === undefined) return [];
    return [invalidValue(`metadata.${field}`, value, 'field is immutable')];
  };
  return [
    ...addedFinalizers(metadata.finalizers ?? [], before),
    ...fixed('name'),
    ...fixed('uid'),
    ...fixed('deletionTimestamp'),
    ...fixed('deletionGracePeriodSeconds'),
  ];
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
  ...qualifiedFinalizers(listAt(metadata, 'finalizers').map(String), at(path, 'finalizers')),
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
const isLenient = (kind: Kind): boolean =>
  kind.custom !== undefined ||
  ['apiextensions.k8s.io', 'apiregistration.k8s.io', 'admissionregistration.k8s.io'].includes(kind.group) ||
  ['node.k8s.io/runtimeclasses', 'coordination.k8s.io/leases'].includes(kind.storage);

/** The name of a finalizer, as the API's own kinds have it. */
export function finalizerNameCauses(name: string, path: string): Cause[] {
  if (name.includes('/') || STANDARD_FINALIZERS.includes(name)) return [];
  return [invalidValue(path, name, 'name is neither a standard finalizer name nor is it fully qualified')];
}

function qualifiedFinalizers(finalizers: readonly string[], path: string): Cause[] {
  const both = finalizers.includes('orphan') && finalizers.includes('foregroundDeletion');
  return [
    ...finalizers.flatMap((name) => qualifiedProblems(name).map((problem) => invalidValue(path, name, problem))),
    ...(both
      ? [invalidValue(path, [...finalizers], 'finalizer orphan and foregroundDeletion cannot be both set')]
      : []),
  ];
}

const knownFinalizers = (finalizers: readonly string[], path: string): Cause[] =>
  finalizers.flatMap((name, index) => finalizerNameCauses(name, `${path}[${index}]`));

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
  return [forbiddenField('metadata.finalizers', message)];
}
