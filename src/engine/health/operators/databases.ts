// Databases and search.

import { isObject, listAt, numberAt, objectAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { count, type HealthCheck, health, isTrue, type ResourceHealth } from '../check.ts';
import {
  always,
  annotation,
  byCondition,
  byWord,
  condition,
  conditionReason,
  findCondition,
  firstOf,
  forKinds,
  lacks,
  type Rules,
  UNKNOWN_HINT,
  valueAt,
  word,
  wordAt,
} from './forms.ts';

const nodes = (object: KubeObject): string => `${count(object, 'ready')}/${count(object, 'size')} node(s) are ready`;

function errorOf(object: KubeObject): string {
  const messages = listAt(object, 'status', 'message').filter((each) => typeof each === 'string');
  return messages.length > 0 ? messages.join(', ') : wordAt(object, 'status.message');
}

/** Percona: the state of the cluster and how many of its nodes are there. */
const percona = (unknown: (object: KubeObject) => string): HealthCheck =>
  firstOf(
    [lacks('status.state'), 'Progressing', 'Waiting for cluster to be reconciled'],
    [word('status.state', 'ready'), 'Healthy', (_, object) => nodes(object)],
    [word('status.state', 'initializing'), 'Progressing', (_, object) => nodes(object)],
    [word('status.state', 'stopping'), 'Progressing', (_, object) => `Cluster is stopping (${nodes(object)})`],
    [word('status.state', 'paused'), 'Unknown', 'Cluster is paused'],
    [word('status.state', 'error'), 'Degraded', (_, object) => `Cluster is on error: ${errorOf(object)}`],
    [always, 'Unknown', (_, object) => unknown(object)],
  );

/** A reason that passes by itself. */
const MARIADB_STEPS = [
  'RestoreNotComplete',
  'RestoringBackup',
  'StatefulSetNotReady',
  'SwitchPrimary',
  'InitNotComplete',
  'Initializing',
  'ResizingStorage',
  'WaitingForStorageResize',
  'PendingUpdate',
  'Updating',
  'Suspended',
];

const mariadb = byCondition({
  waiting: 'No status info available',
  first: [[condition('Ready', 'False', ...MARIADB_STEPS), 'Progressing']],
});

/** What the operator does to the server on somebody's behalf: a user, a database, a right. */
const mariadbPart = byCondition({
  waiting: 'No status info available',
  first: [[condition('Ready', 'False', ...MARIADB_STEPS), 'Progressing']],
});

/** A backup, by itself or by a CronJob: which step it is at says the reason. */
function mariadbJob(object: KubeObject): ResourceHealth {
  const complete = findCondition(object, 'Complete');
  if (!complete) return health('Progressing', 'No status info available');
  const text = [complete.reason, complete.message].filter((each) => each !== '').join(' ');
  if (complete.status === 'True') return health('Healthy', text);
  if (/Fail|Error/i.test(text)) return health('Degraded', text);
  return health(complete.reason === 'CronJobScheduled' ? 'Healthy' : 'Progressing', text);
}

function cassandra(object: KubeObject): ResourceHealth {
  const racks = Object.values(objectAt(object, 'status', 'racks')).filter(isObject);
  const isWell = racks.every((rack) => (numberAt(rack, 'members') ?? 0) === (numberAt(rack, 'readyMembers') ?? 0));
  return racks.length > 0 && isWell ? health('Healthy') : health('Progressing', 'Waiting for Cassandra Cluster');
}

const clickhouse = (short: string): HealthCheck => {
  const name = short === 'ClickHouse' ? 'ClickHouse' : 'ClickHouseKeeper';
  return firstOf(
    [word('status.status', 'Completed'), 'Healthy', `${name} installation completed successfully`],
    [word('status.status', 'InProgress'), 'Progressing', `${name} installation in progress`],
    [word('status.status', 'Terminating'), 'Progressing', `${name} installation terminating`],
    [lacks('status.status'), 'Progressing', `${name} status not yet available`],
    [always, 'Degraded', (_, object) => `${name} status: ${wordAt(object, 'status.status')}`],
  );
};

const zookeeper: HealthCheck = (object) => {
  const [ready, replicas] = [count(object, 'readyReplicas'), count(object, 'replicas')];
  return replicas > 0 && ready === replicas
    ? health('Healthy', 'All ZK Nodes have joined the ensemble')
    : health('Progressing', 'Waiting for ZK Nodes to join the ensemble');
};

const solr: HealthCheck = (object) => {
  if ((valueAt(object, 'status') ?? null) === null) return health('Progressing', 'Waiting for solr to exist');
  const replicas = numberAt(object, 'spec', 'replicas') ?? count(object, 'replicas');
  const isReady = count(object, 'readyReplicas') === replicas && count(object, 'replicas') === replicas;
  if (!isReady) return health('Progressing', 'Not all replicas are ready');
  const isOld = listAt(object, 'status', 'solrNodes').some((node) => isTrue(node, 'specUpToDate') === false);
  return isOld ? health('Progressing', 'Not all replicas are up to date') : health('Healthy', 'Solr is ready');
};

const cnpg = firstOf(
  [annotation('cnpg.io/reconciliationLoop', 'disabled'), 'Suspended', 'Cluster reconciliation is suspended'],
  [annotation('cnpg.io/hibernation', 'on'), 'Suspended', 'Cluster is hibernated'],
  [condition('Ready'), 'Healthy', ''],
  [
    condition('Ready', 'False'),
    'Progressing',
    (_, object) => wordAt(object, 'status.phaseReason') || wordAt(object, 'status.phase'),
  ],
  [condition('Ready', 'Unknown'), 'Degraded', (_, object) => wordAt(object, 'status.phaseReason')],
  [always, 'Progressing', 'Waiting for cluster status'],
);

export const DATABASES: Rules = {
  'acid.zalan.do/postgresql': byWord({
    path: 'status.PostgresClusterStatus',
    healthy: ['Running'],
    progressing: ['Creating', 'Updating'],
    degraded: ['CreateFailed', 'UpdateFailed', 'SyncFailed', 'Invalid'],
    waiting: 'Waiting for postgres cluster status...',
  }),
  'psmdb.percona.com/PerconaServerMongoDB': percona(nodes),
  'pxc.percona.com/PerconaXtraDBCluster': percona(() => `Cluster status is unknown. ${UNKNOWN_HINT}`),
  'ps.percona.com/PerconaServerMySQL': percona(() => `Cluster status is unknown. ${UNKNOWN_HINT}`),
  'pgv2.percona.com/PerconaPGCluster': percona(() => `Cluster status is unknown. ${UNKNOWN_HINT}`),
  'k8s.mariadb.com/MariaDB': mariadb,
  'mariadb.mmontes.io/MariaDB': mariadb,
  ...forKinds('k8s.mariadb.com', ['Connection', 'Database', 'Grant', 'MaxScale', 'User'], () => mariadbPart),
  ...forKinds('k8s.mariadb.com', ['Backup', 'Restore', 'SqlJob', 'PhysicalBackup'], () => mariadbJob),
  'cassandra.rook.io/Cluster': cassandra,
  'clickhouse.altinity.com/ClickHouseInstallation': clickhouse('ClickHouse'),
  'clickhouse-keeper.altinity.com/ClickHouseKeeperInstallation': clickhouse('Keeper'),
  'zookeeper.pravega.io/ZookeeperCluster': zookeeper,
  'solr.apache.org/SolrCloud': solr,
  'postgresql.cnpg.io/Cluster': cnpg,
  ...forKinds('db.atlasgo.io', ['AtlasMigration', 'AtlasSchema'], (kind) =>
    firstOf(
      [conditionReason('Ready'), 'Healthy'],
      [condition('Ready', 'False', 'Reconciling'), 'Progressing', 'Reconciling'],
      [conditionReason('Ready', 'False'), 'Degraded'],
      [always, 'Progressing', `Waiting for ${kind}`],
    ),
  ),
};
