// Queues and streams.

import { objectAt, textAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { count, type HealthCheck, health, type ResourceHealth } from '../check.ts';
import { always, byWord, condition, firstOf, forKinds, lacks, type Rules, word, wordAt } from './forms.ts';

const STRIMZI: Readonly<Record<string, string>> = { KafkaTopic: 'Kafka Topic', KafkaUser: 'Kafka User' };

const strimzi = (kind: string): HealthCheck =>
  firstOf(
    [condition('ReconciliationPaused'), 'Suspended', 'Reconciliation is paused'],
    [condition('Ready'), 'Healthy'],
    [condition('NotReady', 'True', 'Creating'), 'Progressing'],
    [condition('NotReady'), 'Degraded'],
    [condition('Ready', 'False'), 'Degraded'],
    [always, 'Progressing', `Waiting for ${STRIMZI[kind] ?? kind}`],
  );

function banzaiKafka(object: KubeObject): ResourceHealth {
  const state = wordAt(object, 'status.state');
  const topic = wordAt(object, 'status.cruiseControlTopicStatus');
  const brokers = Object.values(objectAt(object, 'status', 'brokersState'));
  const isInSync = brokers.every((each) => textAt(each, 'configurationState') === 'ConfigInSync');
  if (state === 'ClusterReconciling') return health('Progressing', 'Kafka Cluster is Reconciling.');
  if (state === 'ClusterRollingUpgrading') return health('Progressing', 'Kafka Cluster is Rolling Upgrading.');
  if (count(object, 'alertCount') > 0) return health('Degraded', 'Kafka Cluster has alerts.');
  const errors = brokers.filter((each) =>
    /Error|Failed/.test(textAt(each, 'gracefulActionState', 'cruiseControlState')),
  );
  if (errors.length > 0) return health('Degraded', textAt(errors[0], 'gracefulActionState', 'errorMessage'));
  const isDone = state === 'ClusterRunning' && topic === 'CruiseControlTopicReady' && brokers.length > 0 && isInSync;
  return isDone
    ? health('Healthy', 'Kafka Brokers, CruiseControl and cluster are in Healthy State.')
    : health('Progressing', 'Waiting for KafkaCluster');
}

const confluent = (kind: string): HealthCheck =>
  byWord({
    path: 'status.phase',
    healthy: ['RUNNING'],
    progressing: ['PROVISIONING', 'PENDING', 'DELETING', 'UPDATING', 'GARBAGE_COLLECTING'],
    degraded: ['FAILED', 'ERROR', 'DEGRADED'],
    message: (phase) => `${kind} ${phase.toLowerCase().replaceAll('_', ' ')}`,
    waiting: `Waiting for ${kind}`,
  });

/** A connector and its tasks fail on their own. */
const confluentConnector = firstOf(
  [lacks('status.state'), 'Progressing', 'Waiting for Connector'],
  [word('status.connectorState', 'FAILED'), 'Degraded', 'Connector has failed'],
  [(object) => (count(object, 'failedTasksCount') > 0 ? '' : undefined), 'Degraded', 'Connector has failed tasks'],
  [word('status.connectorState', 'PAUSED'), 'Suspended', 'Connector is paused'],
  [word('status.state', 'FAILED', 'ERROR'), 'Degraded', 'Connector has failed'],
  [word('status.connectorState', 'RUNNING'), 'Healthy', 'Connector running'],
  [always, 'Progressing', 'Waiting for Connector'],
);

const confluentTopic = (kind: string): HealthCheck =>
  byWord({
    path: 'status.state',
    healthy: ['CREATED'],
    progressing: ['CREATING', 'PENDING', 'IN-PROGRESS', 'DELETING'],
    degraded: ['FAILED', 'ERROR'],
    message: (state) => `${kind} ${state.toLowerCase()}`,
    waiting: `Waiting for ${kind}`,
  });

/** RabbitMQ's topology: created on the server or not. */
const rabbitTopology = (kind: string): HealthCheck => {
  const name = `RabbitMQ ${kind.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()}`;
  return firstOf(
    [condition('Ready', 'False', 'FailedCreateOrUpdate'), 'Degraded', `${name} failed to be created or updated`],
    [condition('Ready', 'False'), 'Degraded', `${name} failed to be created or updated`],
    [condition('Ready'), 'Healthy', `${name} ready`],
    [always, 'Unknown', `${name} status is unknown`],
  );
};

const rabbitCluster = firstOf(
  [condition('ReconcileSuccess', 'False'), 'Degraded'],
  [condition('AllReplicasReady', 'False'), 'Progressing', 'Waiting for RabbitMQ instances ready'],
  [condition('ClusterAvailable', 'False'), 'Progressing', 'Waiting for RabbitMQ cluster formation'],
  [condition('NoWarnings', 'False'), 'Degraded'],
  [condition('AllReplicasReady'), 'Healthy', 'RabbitMQ cluster ready'],
  [always, 'Progressing', 'Waiting for RabbitMQ Operator'],
);

export const MESSAGING: Rules = {
  ...forKinds(
    'kafka.strimzi.io',
    [
      'Kafka',
      'KafkaBridge',
      'KafkaConnect',
      'KafkaConnector',
      'KafkaMirrorMaker',
      'KafkaMirrorMaker2',
      'KafkaNodePool',
      'KafkaRebalance',
      'KafkaTopic',
      'KafkaUser',
    ],
    strimzi,
  ),
  'kafka.banzaicloud.io/KafkaCluster': banzaiKafka,
  ...forKinds(
    'platform.confluent.io',
    ['Connect', 'ControlCenter', 'Kafka', 'KRaftController', 'KafkaRestProxy', 'KsqlDB', 'SchemaRegistry', 'Zookeeper'],
    confluent,
  ),
  'platform.confluent.io/Connector': confluentConnector,
  ...forKinds('platform.confluent.io', ['ClusterLink', 'KafkaTopic', 'Schema', 'SchemaExporter'], confluentTopic),
  ...forKinds(
    'rabbitmq.com',
    [
      'Binding',
      'Exchange',
      'Federation',
      'OperatorPolicy',
      'Permission',
      'Policy',
      'Queue',
      'SchemaReplication',
      'Shovel',
      'TopicPermission',
      'User',
      'Vhost',
    ],
    rabbitTopology,
  ),
  'rabbitmq.com/RabbitmqCluster': rabbitCluster,
};
