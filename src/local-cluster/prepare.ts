// What the cluster gives to a new object, by kind: addresses, labels, first states.

import { textAt } from '../core/json.ts';
import { timestamp } from '../core/time.ts';
import { type Draft, draftOf, each, fill, present, within } from '../objects/draft.ts';
import { isKubeObject, type KubeObject } from '../objects/object.ts';
import type { Kind } from './kinds.ts';
import type { PrepareContext } from './prepare/context.ts';
import { checkAdminAccess, dropDisabledOfSlice, prepareDevices } from './prepare/devices.ts';
import { prepareJob } from './prepare/job.ts';
import { preparePod } from './prepare/pod.ts';
import { dropDisabled } from './prepare/pod-spec.ts';
import { allocateAddresses } from './prepare/service.ts';
import { prepareSigningRequest } from './prepare/signing-request.ts';
import { alignSources, dropMaxUnavailable, prepareDaemonSet, tellGeneration } from './prepare/workload.ts';
import { badRequest } from './status.ts';

/** The object in the form in which it is kept. Like a default, what this adds is owned by the writer. */
export function convertObject(kind: Kind, object: KubeObject): KubeObject {
  return converted(object, CONVERSIONS[kind.storage]);
}

function converted(object: KubeObject, conversion: ((draft: Draft) => void) | undefined): KubeObject {
  if (!conversion) return object;
  const draft = draftOf(object);
  conversion(draft);
  return isKubeObject(draft) ? draft : object;
}

/** The object as it is kept when its status is written. */
export const convertWithStatus = (kind: Kind, object: KubeObject): KubeObject =>
  converted(object, WITH_STATUS[kind.storage]);

/** Fields that nothing of the API uses: it reads them, knows who wrote them, and lets them go. */
const UNUSED: Readonly<Record<string, readonly string[]>> = {
  '/nodes': ['spec.configSource', 'status.config'],
  '/pods': ['status.nodeAllocatableResourceClaimStatuses'],
  'coordination.k8s.io/leases': ['spec.strategy', 'spec.preferredHolder'],
  'discovery.k8s.io/endpointslices': ['endpoints.deprecatedTopology'],
  'storage.k8s.io/csidrivers': ['spec.preventPodSchedulingIfMissing'],
};

/** Removes a field, also of each item of a list on the way. */
function removeAt(draft: Draft | undefined, [field = '', ...rest]: readonly string[]): void {
  if (!draft) return;
  if (rest.length === 0) delete draft[field];
  else for (const inner of [present(draft, field), ...each(draft, field)]) removeAt(inner, rest);
}

/** Of the Secrets of an account only the names count. */
function nameSecrets(object: Draft): void {
  if (Array.isArray(object['secrets']))
    object['secrets'] = each(object, 'secrets').map(({ name }) => (name === undefined ? {} : { name }));
}

const CONVERSIONS: Readonly<Record<string, (object: Draft) => void>> = {
  '/secrets': encodeTexts,
  'apiextensions.k8s.io/customresourcedefinitions': prepareDefinition,
  'apps/daemonsets': tellGeneration,
  'resource.k8s.io/resourceslices': dropDisabledOfSlice,
};

/** What also a status comes with. */
const WITH_STATUS: Readonly<Record<string, (object: Draft) => void>> = {
  'apiextensions.k8s.io/customresourcedefinitions': storeFirst,
  'apps/daemonsets': tellGeneration,
};

/** The spec of the Pods of an object, by where it stands. */
const podSpec =
  (...path: readonly string[]) =>
  (object: Draft): void =>
    dropDisabled(path.reduce<Draft | undefined>(present, object));

/** What is left out or said again; who wrote a field that is left out goes on owning it. */
const ALIGNMENTS: Readonly<Record<string, (object: Draft, before: KubeObject | undefined) => void>> = {
  '/persistentvolumeclaims': alignSources,
  '/pods': podSpec('spec'),
  '/podtemplates': podSpec('template', 'spec'),
  '/replicationcontrollers': podSpec('spec', 'template', 'spec'),
  '/serviceaccounts': nameSecrets,
  'apps/daemonsets': podSpec('spec', 'template', 'spec'),
  'apps/deployments': podSpec('spec', 'template', 'spec'),
  'apps/replicasets': podSpec('spec', 'template', 'spec'),
  'apps/statefulsets': (object) => {
    podSpec('spec', 'template', 'spec')(object);
    dropMaxUnavailable(object);
  },
  'batch/cronjobs': podSpec('spec', 'jobTemplate', 'spec', 'template', 'spec'),
  'batch/jobs': podSpec('spec', 'template', 'spec'),
};

/** The object with what only the cluster can know. `before` is set when it changes. */
export function prepareObject(kind: Kind, object: KubeObject, context: PrepareContext): KubeObject {
  // Who writes a status leaves the rest as it is stored.
  const alignment = context.settings.subresource === 'status' ? undefined : ALIGNMENTS[kind.storage];
  const preparation = PREPARATIONS[kind.storage];
  const unused = UNUSED[kind.storage] ?? [];
  if (!alignment && !preparation && unused.length === 0) return object;
  const draft = draftOf(object);
  alignment?.(draft, context.before);
  preparation?.(draft, context);
  for (const path of unused) removeAt(draft, path.split('.'));
  return isKubeObject(draft) ? draft : object;
}

function addFinalizer(spec: Draft): void {
  const given = Array.isArray(spec['finalizers']) ? spec['finalizers'] : [];
  spec['finalizers'] = given.includes('kubernetes') ? given : [...given, 'kubernetes'];
}

type Preparation = (object: Draft, circumstances: PrepareContext) => void;

const PREPARATIONS: Readonly<Record<string, Preparation>> = {
  '/pods': preparePod,
  '/services': allocateAddresses,
  '/namespaces': (object, { before, settings }) => {
    const spec = within(object, 'spec');
    // Who changes a namespace leaves these alone, but for the path that is there for them.
    if (!before) addFinalizer(spec);
    else if (settings.subresource !== 'finalize') {
      const old = within(draftOf(before), 'spec')['finalizers'];
      if (old === undefined) delete spec['finalizers'];
      else spec['finalizers'] = old;
    }
    fill(within(object, 'status'), { phase: 'Active' });
  },
  '/persistentvolumeclaims': (object) => fill(within(object, 'status'), { phase: 'Pending' }),
  '/persistentvolumes': (object, { api, before }) => {
    const status = within(object, 'status');
    fill(status, { phase: 'Pending' });
    const isSame = textAt(before, 'status', 'phase') === status['phase'];
    const since = isSame ? textAt(before, 'status', 'lastPhaseTransitionTime') : '';
    fill(status, { lastPhaseTransitionTime: since === '' ? timestamp(api.clock.now()) : since });
  },
  'apps/daemonsets': prepareDaemonSet,
  'batch/jobs': prepareJob,
  'certificates.k8s.io/certificatesigningrequests': prepareSigningRequest,
  'resource.k8s.io/resourceclaims': checkAdminAccess,
  'resource.k8s.io/resourceclaimtemplates': checkAdminAccess,
  'resource.k8s.io/resourceslices': prepareDevices,
};

const BASE64 = /^(?:[A-Za-z0-9+/\s]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*$/;

/** `stringData` is a way to write `data`. */
function encodeTexts(object: Draft): void {
  const texts = present(object, 'stringData');
  delete object['stringData'];
  for (const [key, value] of Object.entries(present(object, 'data') ?? {})) {
    if (typeof value !== 'string' || !BASE64.test(value)) {
      throw badRequest(`Secret in version "v1" cannot be handled as a Secret: illegal base64 data in '${key}'`);
    }
  }
  if (!texts) return;
  const values = within(object, 'data');
  for (const [key, text] of Object.entries(texts)) {
    if (typeof text === 'string') values[key] = Buffer.from(text).toString('base64');
  }
}

/** A definition starts without accepted names; who stores it sees them come. */
function prepareDefinition(object: Draft): void {
  const spec = within(object, 'spec');
  const names = within(spec, 'names');
  const kind = textAt(names, 'kind');
  if (kind !== '') {
    if (!names['singular']) names['singular'] = kind.toLowerCase();
    if (!names['listKind']) names['listKind'] = `${kind}List`;
  }
  fill(spec, { conversion: { strategy: 'None' } });
  const client = present(present(present(spec, 'conversion'), 'webhook'), 'clientConfig');
  const service = present(client, 'service');
  if (service) fill(service, { port: 443 });
  const storing = each(spec, 'versions').find((version) => version['storage'] === true)?.['name'];
  const status = within(object, 'status');
  fill(status, { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: [] });
  const stored = status['storedVersions'];
  if (storing !== undefined && Array.isArray(stored) && !stored.includes(storing)) stored.push(storing);
}

/** A definition whose status names no version that stores has the one of its spec. */
function storeFirst(object: Draft): void {
  const status = within(object, 'status');
  if (Array.isArray(status['storedVersions']) && status['storedVersions'].length > 0) return;
  status['storedVersions'] = each(present(object, 'spec'), 'versions')
    .filter((version) => version['storage'] === true)
    .map((version) => textAt(version, 'name'));
}
