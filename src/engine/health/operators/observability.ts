// Metrics, logs, traces, and what shows them.

import { numberAt, textAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { conditionsOf, count, type HealthCheck, health, type ResourceHealth } from '../check.ts';
import {
  always,
  byCondition,
  byWord,
  condition,
  findCondition,
  firstOf,
  flag,
  forKinds,
  has,
  lacks,
  type Rules,
  text,
  valueAt,
  word,
  wordAt,
} from './forms.ts';

const humio = (): HealthCheck =>
  byWord({
    path: 'status.state',
    healthy: ['Exists'],
    degraded: ['ConfigError'],
    missing: ['NotFound'],
    unknown: ['Unknown'],
    message: (state) => `Component state: ${state}.`,
    waiting: 'Update in progress',
    otherwise: [text('status.state'), 'Unknown', (state) => `Component state: ${state}.`],
  });

const HUMIO_CLUSTER: Readonly<Record<string, string>> = {
  Running: 'Cluster is in a healthy running state',
  Restarting: 'Cluster pods are being restarted',
  Upgrading: 'Cluster pods are being upgraded',
  Pending: 'Cluster is waiting on resources to be provisioned',
  ConfigError: 'User-provided cluster specification resulted in a configuration error',
};

const humioCluster = byWord({
  path: 'status.state',
  healthy: ['Running'],
  progressing: ['Restarting', 'Upgrading', 'Pending'],
  degraded: ['ConfigError'],
  message: (state) => HUMIO_CLUSTER[state] ?? `Component state: ${state}.`,
  waiting: 'Update in progress',
  otherwise: [text('status.state'), 'Unknown', (state) => `Component state: ${state}.`],
});

/** Dashboards and folders of Grafana: applied to every instance, or why not. */
function grafanaPart(object: KubeObject): ResourceHealth {
  if (valueAt(object, 'status.NoMatchingInstances') === true)
    return health('Degraded', "can't find matching grafana instance");
  const texts = (status: string): string[] =>
    conditionsOf(object)
      .filter((each) => each.status === status && each.type.endsWith('Synchronized'))
      .map(({ reason, type, message }) => `${reason} for ${type} because ${message}`);
  const [failed] = texts('False');
  if (failed) return health('Degraded', failed);
  const unmatched = findCondition(object, 'NoMatchingInstance', 'True') ?? findCondition(object, 'InvalidSpec', 'True');
  if (unmatched) return health('Degraded', unmatched.message);
  const [applied] = texts('True');
  return applied === undefined ? health('Progressing') : health('Healthy', applied);
}

function grafanaSource(object: KubeObject): ResourceHealth {
  const told = grafanaPart(object);
  return told.status === 'Progressing' && wordAt(object, 'status.uid') !== '' ? health('Healthy') : told;
}

const grafana: HealthCheck = firstOf(
  [lacks('status.stage'), 'Progressing', 'Waiting for Grafana status info'],
  [
    word('status.stageStatus', 'failed'),
    'Degraded',
    (_, object) => wordAt(object, 'status.lastMessage') || wordAt(object, 'status.stage'),
  ],
  [
    (object) =>
      wordAt(object, 'status.stage') === 'complete' && wordAt(object, 'status.stageStatus') === 'success'
        ? ''
        : undefined,
    'Healthy',
    '',
  ],
  [text('status.stage'), 'Progressing'],
);

function grafanaOrganization(object: KubeObject): ResourceHealth {
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return health('Progressing', 'Waiting ...');
  const failed = conditions.find(({ status }) => status === 'False');
  if (failed) return health('Degraded', failed.message);
  const ready = conditions.find(
    ({ type, status }) => ['Ready', 'Successful', 'Synchronized'].includes(type) && status === 'True',
  );
  return ready
    ? health('Healthy', ready.message)
    : health('Progressing', conditions.map(({ message }) => message).join(' '));
}

/** Collectors as replicas: "ready/desired" in one text. */
function collector(object: KubeObject): ResourceHealth {
  const told = textAt(object, 'status', 'scale', 'statusReplicas');
  const [, ready = '', desired = ''] = /^(\d+)\/(\d+)$/.exec(told) ?? [];
  if ((valueAt(object, 'status') ?? null) === null) return health('Progressing', 'Waiting for OpenTelemetryCollector');
  if (ready === '') {
    const isSidecar = wordAt(object, 'spec.mode') === 'sidecar';
    return isSidecar
      ? health('Healthy', 'Sidecar mode has no replicas')
      : health('Progressing', 'Waiting for replicas status');
  }
  if (Number(desired) > 0 && Number(ready) === 0) return health('Degraded', 'No replicas are ready');
  return Number(ready) < Number(desired)
    ? health('Progressing', 'Replicas are starting up')
    : health('Healthy', 'Replicas are ready');
}

const prometheus = (kind: string): HealthCheck =>
  firstOf(
    [flag('spec.paused'), 'Suspended', `${kind} is paused`],
    [condition('Reconciled', 'False'), 'Degraded'],
    [condition('Available', 'False', 'SomePodsNotReady'), 'Progressing'],
    [condition('Available', 'False'), 'Degraded'],
    [condition('Available', 'Degraded'), 'Degraded'],
    [condition('Available'), 'Healthy', 'All instances are available'],
    [always, 'Progressing', 'Waiting for initialization'],
  );

/** VictoriaMetrics: whatever its kinds are, they have the status of the last update. */
const victoria = firstOf(
  [lacks('status.updateStatus'), 'Progressing', 'Waiting for update status'],
  [
    (object) =>
      (numberAt(object, 'metadata', 'generation') ?? 0) > count(object, 'observedGeneration') &&
      has('status.observedGeneration')(object) !== undefined
        ? ''
        : undefined,
    'Progressing',
    'Waiting for the spec to be observed',
  ],
  [word('status.updateStatus', 'failed'), 'Degraded', (_, object) => wordAt(object, 'status.reason')],
  [word('status.updateStatus', 'operational'), 'Healthy', 'Operational'],
  [word('status.updateStatus', 'paused'), 'Suspended', 'Paused'],
  [word('status.updateStatus', 'expanding'), 'Progressing', 'Expanding'],
  [always, 'Unknown', (_, object) => wordAt(object, 'status.updateStatus')],
);

const datadogMetric = firstOf(
  [
    condition('Error'),
    'Degraded',
    (message, object) => `${findCondition(object, 'Error', 'True')?.reason}: ${message}`,
  ],
  [condition('Valid'), 'Healthy', 'DatadogMetric is valid'],
  [condition('Active', 'False'), 'Suspended', 'DatadogMetric is not used by an autoscaler'],
  [always, 'Progressing', 'Waiting for DatadogMetric'],
);

export const OBSERVABILITY: Rules = {
  ...forKinds(
    'core.humio.com',
    [
      'HumioAction',
      'HumioAggregateAlert',
      'HumioAlert',
      'HumioExternalCluster',
      'HumioFilterAlert',
      'HumioIngestToken',
      'HumioParser',
      'HumioRepository',
      'HumioScheduledSearch',
      'HumioUser',
      'HumioView',
    ],
    humio,
  ),
  'core.humio.com/HumioCluster': humioCluster,
  ...forKinds(
    'coralogix.com',
    [
      'Alert',
      'RecordingRuleGroupSet',
      'RuleGroup',
      'Dashboard',
      'OutboundWebhook',
      'TCOLogsPolicies',
      'Group',
      'Scope',
      'CustomRole',
      'Connector',
      'Preset',
      'GlobalRouter',
    ],
    () =>
      byCondition({ type: 'RemoteSynced', waiting: 'Waiting for status to be updated', healthy: 'Resource is ready' }),
  ),
  'datadoghq.com/DatadogMetric': datadogMetric,
  'grafana-org-operator.kubitus-project.gitlab.io/*': grafanaOrganization,
  'grafana.integreatly.org/Grafana': grafana,
  ...forKinds(
    'grafana.integreatly.org',
    [
      'GrafanaAlertRuleGroup',
      'GrafanaContactPoint',
      'GrafanaDashboard',
      'GrafanaFolder',
      'GrafanaLibraryPanel',
      'GrafanaMuteTiming',
      'GrafanaNotificationPolicy',
      'GrafanaNotificationTemplate',
    ],
    () => grafanaPart,
  ),
  'grafana.integreatly.org/GrafanaDatasource': grafanaSource,
  'jaegertracing.io/Jaeger': byWord({
    path: 'status.phase',
    healthy: ['Running'],
    degraded: ['Failed'],
    message: (phase) => `Jaeger is ${phase}`,
    waiting: 'Waiting for Jaeger',
  }),
  ...forKinds('monitoring.coreos.com', ['Alertmanager', 'Prometheus', 'PrometheusAgent', 'ThanosRuler'], prometheus),
  'operator.victoriametrics.com/*': victoria,
  'opentelemetry.io/OpenTelemetryCollector': collector,
};
