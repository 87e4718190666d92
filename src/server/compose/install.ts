// What an installation has from the first day: the custom kinds, the default project, the settings. Made where missing.

import { HawserError } from '../../core/errors.ts';
import { isObject, type JsonObject, listAt, objectAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Shape } from '../../core/shape.ts';
import { application } from '../../model/application.ts';
import { project } from '../../model/project.ts';
import type { Cluster, ObjectReference } from '../../objects/cluster.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { KNOWN_HOSTS_KEY, KNOWN_HOSTS_MAP } from '../connections/certificates.ts';

interface CustomKind {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  /** What is known of its objects; what is not known may stand beside it. */
  readonly shape?: Shape<unknown>;
  readonly required?: typeof REQUIRED;
}

/**
 * What the reference's definition of an Application requires beside our shapes, which read shorter answers too. Whoever
 * applies the reference's own definitions over these finds every object valid.
 */
const REQUIRED: readonly (readonly [path: readonly string[], names: readonly string[]])[] = [
  [
    ['status', 'operationState'],
    ['operation', 'startedAt'],
  ],
  [['status', 'operationState', 'syncResult'], ['revision']],
  [['status', 'operationState', 'syncResult', 'resources'], ['group']],
  [['status', 'sync'], ['status']],
  [['status', 'sync', 'comparedTo'], ['destination']],
];

const KINDS: readonly CustomKind[] = [
  { kind: 'Application', plural: 'applications', shortNames: ['app', 'apps'], shape: application, required: REQUIRED },
  { kind: 'AppProject', plural: 'appprojects', shortNames: ['appproj', 'appprojs'], shape: project },
  { kind: 'ApplicationSet', plural: 'applicationsets', shortNames: ['appset', 'appsets'] },
];

/** Which definitions an installation has; the number grows with them. */
const DEFINITIONS_ANNOTATION = 'hawser.dev/definitions';
const DEFINITIONS = '5';

/** Kinds that controllers write and no one keeps in Git: the list that the reference ships. */
const EXCLUSIONS = `- apiGroups: ['', discovery.k8s.io]
  kinds: [Endpoints, EndpointSlice]
- apiGroups: [coordination.k8s.io]
  kinds: [Lease]
- apiGroups: [authentication.k8s.io, authorization.k8s.io]
  kinds: [SelfSubjectReview, TokenReview, LocalSubjectAccessReview, SelfSubjectAccessReview, SelfSubjectRulesReview, SubjectAccessReview]
- apiGroups: [certificates.k8s.io]
  kinds: [CertificateSigningRequest]
- apiGroups: [cert-manager.io]
  kinds: [CertificateRequest]
- apiGroups: [cilium.io]
  kinds: [CiliumIdentity, CiliumEndpoint, CiliumEndpointSlice]
- apiGroups: [kyverno.io, reports.kyverno.io, wgpolicyk8s.io]
  kinds: [PolicyReport, ClusterPolicyReport, EphemeralReport, ClusterEphemeralReport, AdmissionReport, ClusterAdmissionReport, BackgroundScanReport, ClusterBackgroundScanReport, UpdateRequest]
`;

/** What the reference's programs look for by name, and would not make. */
const EMPTY_MAPS = [
  'argocd-rbac-cm',
  'argocd-tls-certs-cm',
  'argocd-gpg-keys-cm',
  'argocd-cmd-params-cm',
  'argocd-notifications-cm',
];

/** The ConfigMap is written last: where it is, all else is. */
export async function install(home: Cluster, namespace: string): Promise<void> {
  const settings = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' };
  const existing = await home.get(settings);
  if (existing && annotationsOf(existing)[DEFINITIONS_ANNOTATION] === DEFINITIONS) return;
  if (existing) return upgrade(home, settings);
  await ensure(home, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const kind of KINDS) await ensure(home, definition(kind));
  home.forget();
  await ensure(home, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ namespace: '*', server: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
    status: {},
  });
  await ensureMaps(home, namespace);
  const { metadata, ...settingsMap } = configMap('argocd-cm', namespace, { 'resource.exclusions': EXCLUSIONS });
  const annotations = { [DEFINITIONS_ANNOTATION]: DEFINITIONS };
  await ensure(home, { ...settingsMap, metadata: { ...metadata, annotations } });
}

/** A folder of an earlier version gets the definitions of this one. */
async function upgrade(home: Cluster, settings: ObjectReference): Promise<void> {
  for (const kind of KINDS) {
    const { metadata, ...rest } = definition(kind);
    const reference = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' };
    const where = { ...reference, name: metadata.name ?? '' };
    await home.patch(where, { type: 'merge', body: { spec: objectAt(rest, 'spec') } });
  }
  home.forget();
  await ensureMaps(home, settings.namespace ?? '');
  const annotations = { [DEFINITIONS_ANNOTATION]: DEFINITIONS };
  await home.patch(settings, { type: 'merge', body: { metadata: { annotations } } });
}

async function ensureMaps(home: Cluster, namespace: string): Promise<void> {
  const { PUBLISHED_HOST_KEYS } = await import('../connections/published-host-keys.ts');
  await ensure(home, configMap(KNOWN_HOSTS_MAP, namespace, { [KNOWN_HOSTS_KEY]: PUBLISHED_HOST_KEYS }));
  for (const name of EMPTY_MAPS) await ensure(home, configMap(name, namespace));
}

function configMap(name: string, namespace: string, data?: Readonly<Record<string, string>>): KubeObject {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'argocd' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, ...omitUndefined({ data }) };
}

async function ensure(home: Cluster, object: KubeObject): Promise<void> {
  try {
    await home.create(object);
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.code !== 'already-exists') throw thrown;
  }
}

/** An object that cannot be read is refused when it is written, as with the reference's own definitions. */
function definition({ kind, plural, shortNames, shape, required = [] }: CustomKind): KubeObject {
  const known = withUnknownFields(shape ? rootSchema(shape) : { type: 'object' });
  const schema = required.reduce((before, [path, names]) => requiring(before, path, names), known);
  const columns =
    kind === 'Application'
      ? {
          additionalPrinterColumns: [
            { name: 'Sync Status', type: 'string', jsonPath: '.status.sync.status' },
            { name: 'Health Status', type: 'string', jsonPath: '.status.health.status' },
            { name: 'Revision', type: 'string', jsonPath: '.status.sync.revision', priority: 10 },
          ],
        }
      : {};
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.argoproj.io`, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    spec: {
      group: 'argoproj.io',
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames: [...shortNames] },
      versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...columns }],
    },
  };
}

/** Metadata is the cluster's own matter. */
function rootSchema(shape: Shape<unknown>): JsonObject {
  const schema = shape.schema();
  const { metadata: _metadata, ...properties } = objectAt(schema, 'properties');
  const required = listAt(schema, 'required').filter((name) => name !== 'metadata');
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** A schema that requires fields of the structure at a path, or of the items of the list there. */
function requiring(schema: JsonObject, [field, ...path]: readonly string[], names: readonly string[]): JsonObject {
  if (schema['type'] === 'array') {
    return {
      ...schema,
      items: requiring(objectAt(schema, 'items'), field === undefined ? [] : [field, ...path], names),
    };
  }
  if (field === undefined) return { ...schema, required: [...listAt(schema, 'required'), ...names] };
  const properties = objectAt(schema, 'properties');
  return { ...schema, properties: { ...properties, [field]: requiring(objectAt(properties, field), path, names) } };
}

/** A schema in which fields that it does not name are kept. */
function withUnknownFields(schema: JsonObject): JsonObject {
  const { properties, items, additionalProperties, ...rest } = schema;
  const isOpen = additionalProperties === undefined && (rest['type'] === undefined || rest['type'] === 'object');
  return {
    ...rest,
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [key, withUnknownFields(objectAt(value))]),
          ),
        }
      : {}),
    ...(isObject(items) ? { items: withUnknownFields(items) } : {}),
    ...(isObject(additionalProperties) ? { additionalProperties: withUnknownFields(additionalProperties) } : {}),
    ...(isOpen ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  };
}
