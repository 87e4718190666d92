// How a real API server shares its time among those who ask; here it is only told.

import type { JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';

const API_VERSION = 'flowcontrol.apiserver.k8s.io/v1';

/** Shares, how much of them may be lent, queues and the hand that is dealt of them; no queues: who comes too much is refused. */
const LEVELS: Readonly<Record<string, readonly number[]>> = {
  'catch-all': [5, 0],
  'global-default': [20, 50, 128, 6],
  'leader-election': [10, 0, 16, 4],
  'node-high': [40, 25, 64, 6],
  system: [30, 33, 64, 6],
  'workload-high': [40, 50, 128, 6],
  'workload-low': [100, 90, 128, 6],
};

const group = (name: string): JsonObject => ({ kind: 'Group', group: { name } });
const user = (name: string): JsonObject => ({ kind: 'User', user: { name } });
const ACCOUNTS: JsonObject = { kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'kube-system' } };
const EVERYONE = [group('system:unauthenticated'), group('system:authenticated')];
const CONTROLLERS = user('system:kube-controller-manager');
const SCHEDULER = user('system:kube-scheduler');

const EVERYTHING: JsonObject = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};
const leases = (...verbs: string[]): JsonObject => ({
  verbs,
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  namespaces: ['*'],
});
const NODES: JsonObject = {
  verbs: ['*'],
  apiGroups: [''],
  resources: ['nodes', 'nodes/status'],
  clusterScope: true,
  namespaces: ['*'],
};
const PROBES: JsonObject = { verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] };

interface Flow {
  readonly name: string;
  readonly level: string;
  readonly precedence: number;
  /** Absent: all is one flow. */
  readonly by?: 'ByUser' | 'ByNamespace';
  readonly subjects: readonly JsonObject[];
  readonly rules?: JsonObject;
}

const FLOWS: readonly Flow[] = [
  { name: 'catch-all', level: 'catch-all', precedence: 10_000, by: 'ByUser', subjects: EVERYONE },
  { name: 'exempt', level: 'exempt', precedence: 1, subjects: [group('system:masters')] },
  { name: 'global-default', level: 'global-default', precedence: 9900, by: 'ByUser', subjects: EVERYONE },
  {
    name: 'kube-controller-manager',
    level: 'workload-high',
    precedence: 800,
    by: 'ByNamespace',
    subjects: [CONTROLLERS],
  },
  { name: 'kube-scheduler', level: 'workload-high', precedence: 800, by: 'ByNamespace', subjects: [SCHEDULER] },
  {
    name: 'kube-system-service-accounts',
    level: 'workload-high',
    precedence: 900,
    by: 'ByNamespace',
    subjects: [ACCOUNTS],
  },
  { name: 'probes', level: 'exempt', precedence: 2, subjects: EVERYONE, rules: { nonResourceRules: [PROBES] } },
  {
    name: 'service-accounts',
    level: 'workload-low',
    precedence: 9000,
    by: 'ByUser',
    subjects: [group('system:serviceaccounts')],
  },
  {
    name: 'system-leader-election',
    level: 'leader-election',
    precedence: 100,
    by: 'ByUser',
    subjects: [CONTROLLERS, SCHEDULER, ACCOUNTS],
    rules: { resourceRules: [leases('get', 'create', 'update')] },
  },
  {
    name: 'system-node-high',
    level: 'node-high',
    precedence: 400,
    by: 'ByUser',
    subjects: [group('system:nodes')],
    rules: { resourceRules: [NODES, leases('*')] },
  },
  { name: 'system-nodes', level: 'system', precedence: 500, by: 'ByUser', subjects: [group('system:nodes')] },
];

export const flowObjects = (): KubeObject[] => [
  made('PriorityLevelConfiguration', 'exempt', {
    spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
    status: {},
  }),
  ...Object.entries(LEVELS).map(([name, numbers]) =>
    made('PriorityLevelConfiguration', name, { spec: { type: 'Limited', limited: limitsOf(numbers) }, status: {} }),
  ),
  ...FLOWS.map(schemaOf),
];

function limitsOf([shares = 0, lendable = 0, queues = 0, hand = 0]: readonly number[]): JsonObject {
  const queuing = { queues, handSize: hand, queueLengthLimit: 50 };
  return {
    nominalConcurrencyShares: shares,
    limitResponse: queues > 0 ? { type: 'Queue', queuing } : { type: 'Reject' },
    lendablePercent: lendable,
  };
}

function schemaOf({ name, level, precedence, by, subjects, rules = EVERYTHING }: Flow): KubeObject {
  const message = `This FlowSchema references the PriorityLevelConfiguration object named "${level}" and it exists`;
  return made('FlowSchema', name, {
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: precedence,
      ...(by === undefined ? {} : { distinguisherMethod: { type: by } }),
      rules: [{ subjects: [...subjects], ...rules }],
    },
    status: { conditions: [{ type: 'Dangling', status: 'False', reason: 'Found', message }] },
  });
}

const made = (kind: string, name: string, rest: JsonObject): KubeObject => ({
  apiVersion: API_VERSION,
  kind,
  metadata: { name, generation: 1, annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' } },
  ...rest,
});
