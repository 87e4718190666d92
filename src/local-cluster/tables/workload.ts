// Columns of Pods and of what makes them.

import { at, type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import {
  AGE,
  ageOf,
  type Column,
  cell,
  containersAt,
  duration,
  flag,
  integer,
  labelText,
  NAME,
  NONE,
  selectorAt,
  text,
  UNKNOWN,
  wide,
} from './column.ts';
import { podSummary, readinessGates } from './pod.ts';

const TEMPLATE = 'spec.template.spec';
const REPLICAS = [
  integer('Desired', 'spec.replicas'),
  integer('Current', 'status.replicas'),
  integer('Ready', 'status.readyReplicas'),
];

const ready = cell(
  'Ready',
  (object) => `${numberAt(object, 'status', 'readyReplicas') ?? 0}/${numberAt(object, 'spec', 'replicas') ?? 0}`,
);

const labelsAt = (name: string, path: string): Column =>
  cell(name, (object) => labelText(objectAt(object, ...path.split('.'))));

export const WORKLOAD_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  '/pods': [
    NAME,
    cell('Ready', (pod, now) => podSummary(pod, now).ready),
    cell('Status', (pod, now) => podSummary(pod, now).status),
    cell('Restarts', (pod, now) => podSummary(pod, now).restarts),
    AGE,
    ...wide(
      text('IP', 'status.podIP', NONE),
      text('Node', 'spec.nodeName', NONE),
      text('Nominated Node', 'status.nominatedNodeName', NONE),
      cell('Readiness Gates', readinessGates),
    ),
  ],
  '/podtemplates': [NAME, ...containersAt('template.spec'), labelsAt('Pod Labels', 'template.metadata.labels')],
  '/replicationcontrollers': [
    NAME,
    ...REPLICAS,
    AGE,
    ...wide(...containersAt(TEMPLATE), labelsAt('Selector', 'spec.selector')),
  ],
  'apps/deployments': [
    NAME,
    ready,
    integer('Up-to-date', 'status.updatedReplicas', 'string'),
    integer('Available', 'status.availableReplicas', 'string'),
    AGE,
    ...wide(...containersAt(TEMPLATE), selectorAt('Selector', 'spec.selector')),
  ],
  'apps/replicasets': [
    NAME,
    ...REPLICAS,
    AGE,
    ...wide(...containersAt(TEMPLATE), selectorAt('Selector', 'spec.selector')),
  ],
  'apps/statefulsets': [NAME, ready, AGE, ...wide(...containersAt(TEMPLATE))],
  'apps/daemonsets': [
    NAME,
    integer('Desired', 'status.desiredNumberScheduled'),
    integer('Current', 'status.currentNumberScheduled'),
    integer('Ready', 'status.numberReady'),
    integer('Up-to-date', 'status.updatedNumberScheduled'),
    integer('Available', 'status.numberAvailable'),
    labelsAt('Node Selector', `${TEMPLATE}.nodeSelector`),
    AGE,
    ...wide(...containersAt(TEMPLATE), selectorAt('Selector', 'spec.selector')),
  ],
  'apps/controllerrevisions': [
    NAME,
    cell('Controller', controllerOf),
    cell('Revision', (object) => numberAt(object, 'revision') ?? 0),
    AGE,
  ],
  'batch/jobs': [
    NAME,
    cell('Status', jobStatus),
    cell('Completions', completions),
    cell('Duration', jobDuration),
    AGE,
    ...wide(...containersAt(TEMPLATE), selectorAt('Selector', 'spec.selector')),
  ],
  'batch/cronjobs': [
    NAME,
    text('Schedule', 'spec.schedule'),
    text('Timezone', 'spec.timeZone', NONE),
    flag('Suspend', 'spec.suspend'),
    cell('Active', (cron) => listAt(cron, 'status', 'active').length, 'integer'),
    cell('Last Schedule', (cron, now) => {
      const last = textAt(cron, 'status', 'lastScheduleTime');
      return last === '' ? NONE : ageOf(last, now);
    }),
    AGE,
    ...wide(
      ...containersAt('spec.jobTemplate.spec.template.spec'),
      selectorAt('Selector', 'spec.jobTemplate.spec.selector'),
    ),
  ],
  'autoscaling/horizontalpodautoscalers': [
    NAME,
    cell('Reference', (object) => {
      const target = objectAt(object, 'spec', 'scaleTargetRef');
      return `${textAt(target, 'kind')}/${textAt(target, 'name')}`;
    }),
    cell('Targets', metricTexts),
    cell('MinPods', (object) => {
      const least = numberAt(object, 'spec', 'minReplicas');
      return least === undefined ? '<unset>' : String(least);
    }),
    integer('MaxPods', 'spec.maxReplicas', 'string'),
    integer('Replicas', 'status.currentReplicas', 'string'),
    AGE,
  ],
  'policy/poddisruptionbudgets': [
    NAME,
    cell('Min Available', (object) => amount(object, 'minAvailable')),
    cell('Max Unavailable', (object) => amount(object, 'maxUnavailable')),
    integer('Allowed Disruptions', 'status.disruptionsAllowed'),
    AGE,
  ],
};

const [desired, available] = [integer('Desired', 'spec.replicas'), integer('Available', 'status.replicas')];

export const SCALE_COLUMNS: readonly Column[] = [NAME, desired, available, AGE];
export const CUSTOM_SCALE: readonly Column[] = [
  NAME,
  { ...desired, description: 'Number of desired replicas' },
  { ...available, description: 'Number of actual replicas' },
  { ...AGE, type: 'date' },
];

function controllerOf({ metadata }: KubeObject): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (!owner) return NONE;
  const [group = '', version] = owner.apiVersion.split('/');
  return `${owner.kind.toLowerCase()}${version === undefined ? '' : `.${group}`}/${owner.name}`;
}

const amount = (object: KubeObject, field: string): string => {
  const value = at(object, 'spec', field);
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'N/A';
};

/** In the order in which they count. */
const JOB_ENDS = ['Complete', 'Failed'];
const JOB_STATES = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];

function jobStatus(job: KubeObject): string {
  const holds = (type: string): boolean =>
    listAt(job, 'status', 'conditions').some(
      (condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True',
    );
  const end = JOB_ENDS.find(holds);
  if (end !== undefined) return end;
  return job.metadata.deletionTimestamp === undefined ? (JOB_STATES.find(holds) ?? 'Running') : 'Terminating';
}

function completions(job: KubeObject): string {
  const [done, all] = [numberAt(job, 'status', 'succeeded') ?? 0, numberAt(job, 'spec', 'completions')];
  const parallel = numberAt(job, 'spec', 'parallelism') ?? 0;
  if (all !== undefined) return `${done}/${all}`;
  return parallel > 1 ? `${done}/1 of ${parallel}` : `${done}/1`;
}

function jobDuration(job: KubeObject, now: number): string {
  const [start, end] = [textAt(job, 'status', 'startTime'), textAt(job, 'status', 'completionTime')];
  if (start === '') return '';
  return duration((end === '' ? now : Date.parse(end)) - Date.parse(start));
}

const MOST_METRICS = 2;

/** Where a metric of a type says what it is about; of the others the name is not shown. */
const SOURCES: Readonly<Record<string, string>> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};
const OF_ALL: readonly string[] = ['Object', 'External'];

function metricTexts(object: KubeObject): string {
  const texts = listAt(object, 'spec', 'metrics').map((metric, index) =>
    metricText(metric, listAt(object, 'status', 'currentMetrics')[index]),
  );
  if (texts.length === 0) return NONE;
  const more = texts.length - MOST_METRICS;
  return more > 0 ? `${texts.slice(0, MOST_METRICS).join(', ')} + ${more} more...` : texts.join(', ');
}

function metricText(metric: Json, measured: Json | undefined): string {
  const type = textAt(metric, 'type');
  const source = SOURCES[type] ?? '';
  const name = textAt(metric, source, 'name');
  const head = name === '' ? '' : `${name}: `;
  const [target, now] = [objectAt(metric, source, 'target'), objectAt(measured, source, 'current')];
  const share = numberAt(target, 'averageUtilization');
  if (share !== undefined) {
    const used = numberAt(now, 'averageUtilization');
    return `${head}${used === undefined ? UNKNOWN : `${used}%`}/${share}%`;
  }
  const field = at(target, 'averageValue') === undefined ? 'value' : 'averageValue';
  const average = field === 'averageValue' && OF_ALL.includes(type) ? ' (avg)' : '';
  const value = at(now, field) ?? (at(measured, source) === undefined ? UNKNOWN : '<nil>');
  return `${head}${String(value)}/${String(at(target, field) ?? '<auto>')}${average}`;
}
