// Kinds of well-known operators. A row says what its operator would write; docs/local-cluster.md lists them, and a test compares.

import { type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import { ownerReference } from '../controllers/reconciler.ts';
import { ROLLOUT } from './rollout.ts';
import { certificateSecret, externalSecret, sealedSecret } from './secrets.ts';
import { bareCondition, generationOf, type Simulation } from './simulation.ts';

const SOON_MS = 1500;
const ADDRESS = '192.0.2.11';
const DAY_MS = 86_400_000;

const nameOf = ({ metadata }: KubeObject): string => metadata.name ?? '';
const namespaceOf = ({ metadata }: KubeObject): string => metadata.namespace ?? '';

interface Words {
  readonly reason: string;
  readonly message: string;
  readonly type?: string;
}

/** One whose operator says that it is ready, and what it has looked at. */
function ready(group: string, kind: string, { reason, message, type = 'Ready' }: Words): Simulation {
  return {
    group,
    kind,
    after: SOON_MS,
    status: (object) => ({
      observedGeneration: generationOf(object),
      conditions: [bareCondition(type, reason, message)],
    }),
  };
}

/** Gateway API: each condition tells for which generation it holds. */
const observed = (object: KubeObject, ...conditions: JsonObject[]): JsonObject[] =>
  conditions.map((condition) => ({ ...condition, observedGeneration: generationOf(object) }));

const CERTIFICATE: Simulation = {
  group: 'cert-manager.io',
  kind: 'Certificate',
  after: SOON_MS,
  before: () => ({
    conditions: [
      bareCondition('Ready', 'DoesNotExist', 'Issuing certificate as Secret does not exist', 'False'),
      bareCondition('Issuing', 'DoesNotExist', 'Issuing certificate as Secret does not exist'),
    ],
  }),
  missing: (object, client) => {
    const { name = '', kind = 'Issuer', group = 'cert-manager.io' } = textsIn(objectAt(object, 'spec', 'issuerRef'));
    if (group !== 'cert-manager.io') return undefined;
    const isCluster = kind === 'ClusterIssuer';
    const storage = `cert-manager.io/${isCluster ? 'clusterissuers' : 'issuers'}`;
    const issuer = client.get(storage, isCluster ? '' : namespaceOf(object), name);
    return issuer
      ? undefined
      : `Referenced "${kind}" not found: ${kind.toLowerCase()}.cert-manager.io "${name}" not found`;
  },
  make: certificateSecret,
  status: (object, client) => {
    const issued = Date.parse(textAt(object, 'status', 'notBefore')) || client.now();
    return {
      conditions: [
        {
          ...bareCondition('Ready', 'Ready', 'Certificate is up to date and has not expired'),
          observedGeneration: generationOf(object),
        },
      ],
      notBefore: timestamp(issued),
      notAfter: timestamp(issued + 90 * DAY_MS),
      renewalTime: timestamp(issued + 60 * DAY_MS),
      revision: 1,
    };
  },
};

const textsIn = (object: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const issuer = (kind: string): Simulation => ({
  group: 'cert-manager.io',
  kind,
  after: SOON_MS,
  status: (object) => {
    const { acme, ca } = objectAt(object, 'spec');
    const condition = acme
      ? bareCondition('Ready', 'ACMEAccountRegistered', 'The ACME account was registered with the ACME server')
      : ca
        ? bareCondition('Ready', 'KeyPairVerified', 'Signing CA verified')
        : bareCondition('Ready', 'IsReady');
    return { ...(acme ? { acme: {} } : {}), conditions: observed(object, condition) };
  },
});

const SCALED_OBJECT: Simulation = {
  group: 'keda.sh',
  kind: 'ScaledObject',
  after: SOON_MS,
  before: () => ({
    conditions: [bareCondition('Ready', 'ScaledObjectCheckFailed', 'waiting for the scale target', 'Unknown')],
  }),
  missing: (object, client) => {
    const { name = '', kind = 'Deployment' } = textsIn(objectAt(object, 'spec', 'scaleTargetRef'));
    const storage = { Deployment: 'apps/deployments', StatefulSet: 'apps/statefulsets' }[kind];
    if (storage === undefined || client.get(storage, namespaceOf(object), name)) return undefined;
    return `the scale target ${kind} ${name} was not found`;
  },
  status: (object) => ({
    conditions: [
      bareCondition('Ready', 'ScaledObjectReady', 'ScaledObject is defined correctly and is ready for scaling'),
      bareCondition('Active', 'ScalerNotActive', 'Scaling is not performed because triggers are not active', 'False'),
      bareCondition('Fallback', 'NoFallbackFound', 'No fallbacks are active on this scaled object', 'False'),
    ],
    hpaName: `keda-hpa-${nameOf(object)}`,
    scaleTargetKind: `apps/v1.${textAt(object, 'spec', 'scaleTargetRef', 'kind') || 'Deployment'}`,
  }),
};

const GATEWAY: Simulation = {
  group: 'gateway.networking.k8s.io',
  kind: 'Gateway',
  after: SOON_MS,
  status: (object) => ({
    addresses: [{ type: 'IPAddress', value: ADDRESS }],
    conditions: observed(
      object,
      bareCondition('Accepted', 'Accepted', 'Gateway has been accepted'),
      bareCondition('Programmed', 'Programmed', 'Gateway has been programmed'),
    ),
    listeners: listAt(object, 'spec', 'listeners').map((listener) => ({
      name: textAt(listener, 'name'),
      attachedRoutes: 0,
      supportedKinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }],
      conditions: observed(
        object,
        bareCondition('Accepted', 'Accepted', 'Listener has been accepted'),
        bareCondition('Programmed', 'Programmed', 'Listener is ready'),
        bareCondition('ResolvedRefs', 'ResolvedRefs', 'All references resolved'),
      ),
    })),
  }),
};

const route = (kind: string): Simulation => ({
  group: 'gateway.networking.k8s.io',
  kind,
  after: SOON_MS,
  status: (object) => ({
    parents: listAt(object, 'spec', 'parentRefs').map((parentRef) => ({
      parentRef,
      controllerName: 'hawser.dev/gateway-controller',
      conditions: observed(
        object,
        bareCondition('Accepted', 'Accepted', 'Route has been accepted'),
        bareCondition('ResolvedRefs', 'ResolvedRefs', 'All references resolved'),
      ),
    })),
  }),
});

const EXTERNAL_SECRET: Simulation = {
  group: 'external-secrets.io',
  kind: 'ExternalSecret',
  after: SOON_MS,
  make: externalSecret,
  status: (object, client) => ({
    binding: { name: textAt(object, 'spec', 'target', 'name') || nameOf(object) },
    conditions: [bareCondition('Ready', 'SecretSynced', 'secret synced')],
    refreshTime: textAt(object, 'status', 'refreshTime') || client.time(),
    syncedResourceVersion: `${generationOf(object)}-simulated`,
  }),
};

const SEALED_SECRET: Simulation = {
  group: 'bitnami.com',
  kind: 'SealedSecret',
  after: SOON_MS,
  make: sealedSecret,
  status: (object) => ({ observedGeneration: generationOf(object), conditions: [{ type: 'Synced', status: 'True' }] }),
};

const SETS = 'apps/statefulsets';

/** A StatefulSet as the Prometheus operator makes it, but for what its containers are told. */
const monitoring = (kind: string, image: string): Simulation => {
  const word = kind.toLowerCase();
  const setName = (object: KubeObject): string => `${word}-${nameOf(object)}`;
  const replicasOf = (object: KubeObject): number => numberAt(object, 'spec', 'replicas') ?? 1;
  return {
    group: 'monitoring.coreos.com',
    kind,
    after: 0,
    owns: SETS,
    make: async (object, client) => {
      const old = client.get(SETS, namespaceOf(object), setName(object));
      const replicas = replicasOf(object);
      if (old && numberAt(old, 'spec', 'replicas') === replicas) return;
      if (old) return client.update(SETS, old, { ...old, spec: { ...objectAt(old, 'spec'), replicas } });
      const labels = { 'app.kubernetes.io/name': word, 'app.kubernetes.io/instance': nameOf(object) };
      const version = textAt(object, 'spec', 'version');
      const container = {
        name: word,
        image: textAt(object, 'spec', 'image') || `quay.io/prometheus/${image}:${version || 'latest'}`,
      };
      await client.create(SETS, {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: {
          name: setName(object),
          namespace: namespaceOf(object),
          labels,
          ownerReferences: [ownerReference(object)],
        },
        spec: {
          replicas,
          serviceName: `${word}-operated`,
          podManagementPolicy: 'Parallel',
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container] } },
        },
      });
    },
    status: (object, client) => monitoringStatus(object, client.get(SETS, namespaceOf(object), setName(object))),
  };
};

function monitoringStatus(object: KubeObject, set: KubeObject | undefined): JsonObject {
  const replicas = numberAt(object, 'spec', 'replicas') ?? 1;
  const available = numberAt(set, 'status', 'availableReplicas') ?? numberAt(set, 'status', 'readyReplicas') ?? 0;
  const isWell = available >= replicas;
  const condition = isWell
    ? bareCondition('Available', '')
    : bareCondition(
        'Available',
        'SomePodsNotReady',
        `${replicas - available} of ${replicas} pods are not ready`,
        'False',
      );
  return {
    paused: objectAt(object, 'spec')['paused'] === true,
    replicas,
    updatedReplicas: numberAt(set, 'status', 'updatedReplicas') ?? 0,
    availableReplicas: available,
    unavailableReplicas: Math.max(0, replicas - available),
    conditions: observed(object, condition, bareCondition('Reconciled', '')),
  };
}

const KNATIVE_SERVICE: Simulation = {
  group: 'serving.knative.dev',
  kind: 'Service',
  after: SOON_MS,
  status: (object) => {
    const revision = `${nameOf(object)}-${String(generationOf(object)).padStart(5, '0')}`;
    const host = `${nameOf(object)}.${namespaceOf(object)}`;
    return {
      observedGeneration: generationOf(object),
      address: { url: `http://${host}.svc.cluster.local` },
      url: `http://${host}.example.com`,
      latestCreatedRevisionName: revision,
      latestReadyRevisionName: revision,
      conditions: ['ConfigurationsReady', 'Ready', 'RoutesReady'].map((type) => ({ type, status: 'True' })),
      traffic: [{ latestRevision: true, percent: 100, revisionName: revision }],
    };
  },
};

const POSTGRES: Simulation = {
  group: 'postgresql.cnpg.io',
  kind: 'Cluster',
  after: 2 * SOON_MS,
  before: (object) => ({
    phase: 'Setting up primary',
    instances: numberAt(object, 'spec', 'instances') ?? 1,
    conditions: [bareCondition('Ready', 'ClusterIsNotReady', 'Cluster Is Not Ready', 'False')],
  }),
  status: (object) => ({
    phase: 'Cluster in healthy state',
    instances: numberAt(object, 'spec', 'instances') ?? 1,
    readyInstances: numberAt(object, 'spec', 'instances') ?? 1,
    currentPrimary: `${nameOf(object)}-1`,
    targetPrimary: `${nameOf(object)}-1`,
    conditions: [bareCondition('Ready', 'ClusterIsReady', 'Cluster is Ready')],
  }),
};

const WORKFLOW: Simulation = {
  group: 'argoproj.io',
  kind: 'Workflow',
  after: 2 * SOON_MS,
  before: () => ({ phase: 'Running', progress: '0/1' }),
  status: () => ({ phase: 'Succeeded', progress: '1/1', conditions: [{ type: 'Completed', status: 'True' }] }),
};

const ANALYSIS: Simulation = {
  group: 'argoproj.io',
  kind: 'AnalysisRun',
  after: SOON_MS,
  before: () => ({ phase: 'Running' }),
  status: () => ({ phase: 'Successful' }),
};

const FLUX = { reason: 'Succeeded', message: 'stored artifact' } as const;
const STRIMZI = { reason: 'Ready', message: '' } as const;
const VALID_STORE = { reason: 'Valid', message: 'store validated' } as const;

export const OPERATORS: readonly Simulation[] = [
  ROLLOUT,
  ANALYSIS,
  WORKFLOW,
  CERTIFICATE,
  issuer('Issuer'),
  issuer('ClusterIssuer'),
  SCALED_OBJECT,
  ready('keda.sh', 'ScaledJob', {
    reason: 'ScaledJobReady',
    message: 'ScaledJob is defined correctly and is ready to scaling',
  }),
  ready('gateway.networking.k8s.io', 'GatewayClass', {
    type: 'Accepted',
    reason: 'Accepted',
    message: 'GatewayClass has been accepted',
  }),
  GATEWAY,
  route('HTTPRoute'),
  route('GRPCRoute'),
  EXTERNAL_SECRET,
  ready('external-secrets.io', 'SecretStore', VALID_STORE),
  ready('external-secrets.io', 'ClusterSecretStore', VALID_STORE),
  ready('external-secrets.io', 'PushSecret', { reason: 'Synced', message: 'PushSecret synced successfully' }),
  SEALED_SECRET,
  monitoring('Prometheus', 'prometheus'),
  monitoring('Alertmanager', 'alertmanager'),
  KNATIVE_SERVICE,
  ready('kafka.strimzi.io', 'Kafka', STRIMZI),
  ready('kafka.strimzi.io', 'KafkaTopic', STRIMZI),
  ready('kafka.strimzi.io', 'KafkaUser', STRIMZI),
  POSTGRES,
  ready('source.toolkit.fluxcd.io', 'GitRepository', FLUX),
  ready('source.toolkit.fluxcd.io', 'HelmRepository', FLUX),
  ready('kustomize.toolkit.fluxcd.io', 'Kustomization', {
    reason: 'ReconciliationSucceeded',
    message: 'Applied revision',
  }),
  ready('helm.toolkit.fluxcd.io', 'HelmRelease', { reason: 'InstallSucceeded', message: 'Helm install succeeded' }),
];

export function operatorOf(group: string, kind: string): Simulation | undefined {
  return OPERATORS.find((row) => row.group === group && row.kind === kind);
}
