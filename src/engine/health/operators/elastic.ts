import type { KubeObject } from '../../../objects/object.ts';
import { count, type HealthCheck, health } from '../check.ts';
import { always, firstOf, type Rules, UNKNOWN_HINT, valueAt, word, wordAt } from './forms.ts';

/** Elastic: the phase of the last change, then the colour of the whole. */
function elastic(
  name: string,
  colours: { readonly red: string; readonly yellow: (object: KubeObject) => string },
): HealthCheck {
  return firstOf(
    [word('status.phase', 'Invalid'), 'Degraded', `${name.replace(' Cluster', '')} phase is Invalid`],
    [
      word('status.phase', 'ApplyingChanges', 'MigratingData', 'Stalled', 'NodeShutdownStalled'),
      'Progressing',
      (phase) => `${name.replace(' Cluster', '')} phase is ${phase}`,
    ],
    [word('status.health', 'green'), 'Healthy', `${name} status is Green`],
    [word('status.health', 'yellow'), 'Progressing', (_, object) => colours.yellow(object)],
    [word('status.health', 'red'), 'Degraded', `${name} status is Red${colours.red}`],
    [word('status.health', 'unknown'), 'Unknown', `${name} status is unknown. ${UNKNOWN_HINT}`],
  );
}

const SHARDS = '. Check the status of indices, replicas and shards';

const elasticsearch: HealthCheck = (object) =>
  elastic('Elasticsearch Cluster', { red: SHARDS, yellow: () => `Elasticsearch Cluster status is Yellow${SHARDS}` })(
    object,
  ) ?? health('Unknown', `Elasticsearch Cluster status is unknown. ${UNKNOWN_HINT}`);

const deploying = (name: string, object: KubeObject): string =>
  `${name} status is deploying, there is ${count(object, 'availableNodes')} instance(s) on ${count(object, 'expectedNodes')} expected`;

const elasticPart =
  (name: string): HealthCheck =>
  (object) =>
    elastic(name, { red: '', yellow: (each) => deploying(name, each) })(object) ??
    (valueAt(object, 'status.expectedNodes') === undefined
      ? health('Unknown', `${name} status is unknown. ${UNKNOWN_HINT}`)
      : health('Progressing', `${name} phase is progressing`));

/** Of what the operator tells less. */
const elasticApp = (kind: string): HealthCheck =>
  firstOf(
    [word('status.health', 'green'), 'Healthy', `${kind} status is Green`],
    [word('status.health', 'yellow'), 'Progressing', (_, object) => deploying(kind, object)],
    [word('status.health', 'red'), 'Degraded', `${kind} status is Red`],
    [always, 'Progressing', `Waiting for ${kind}`],
  );

const logstash: HealthCheck = (object) => {
  const [available, expected] = [count(object, 'availableNodes'), count(object, 'expectedNodes')];
  const told = elasticApp('Logstash')(object);
  const isSilent = wordAt(object, 'status.health') === '';
  if (!isSilent || expected === 0) return told;
  if (available === expected) return health('Healthy', `Logstash status is Green`);
  return health('Progressing', deploying('Logstash', object));
};

export const ELASTIC: Rules = {
  'elasticsearch.k8s.elastic.co/Elasticsearch': elasticsearch,
  'beat.k8s.elastic.co/Beat': elasticPart('Elastic Beat'),
  'logstash.k8s.elastic.co/Logstash': logstash,
};
