// What an installation has from the first day: the custom kinds, the default project, the settings. Made where missing.

import { HawserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';

const KINDS = [
  { kind: 'Application', plural: 'applications', shortNames: ['app', 'apps'] },
  { kind: 'AppProject', plural: 'appprojects', shortNames: ['appproj', 'appprojs'] },
  { kind: 'ApplicationSet', plural: 'applicationsets', shortNames: ['appset', 'appsets'] },
] as const;

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

/** The ConfigMap is written last: where it is, all else is. */
export async function install(home: Cluster, namespace: string): Promise<void> {
  const settings = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' };
  if (await home.get(settings)) return;
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
  });
  await ensure(home, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    data: { 'resource.exclusions': EXCLUSIONS },
  });
}

async function ensure(home: Cluster, object: KubeObject): Promise<void> {
  try {
    await home.create(object);
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.code !== 'already-exists') throw thrown;
  }
}

/** An open structure: what an Application may hold is checked where it is read. */
function definition({ kind, plural, shortNames }: (typeof KINDS)[number]): KubeObject {
  const open: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
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
      versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: open }, ...columns }],
    },
  };
}
