// Lists as tables, for clients that print them.

import { at, isObject, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../core/json.ts';
import { imagesOf, type KubeObject } from '../objects/object.ts';
import type { ResourceRequest } from './api.ts';
import { AGE, type Column, NAME } from './column.ts';
import { customColumns } from './columns.ts';
import { EVENT } from './event-columns.ts';
import { inServedVersion } from './response.ts';

export function wantsTable({ representation }: ResourceRequest): boolean {
  return representation.as === 'Table';
}

/** The objects as rows; what stands beside the cells is what `includeObject` asks for. */
export function tableOf(call: ResourceRequest, objects: readonly KubeObject[], metadata: JsonObject): JsonObject {
  const { api, kind, request } = call;
  const columns = kind.custom ? customColumns(kind.custom.version) : (COLUMNS[kind.storage] ?? PLAIN);
  const include = request.query.get('includeObject') ?? 'Metadata';
  const now = api.clock.now();
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ cell: _cell, ...column }) => ({
      name: column.name,
      type: column.type ?? 'string',
      format: column.format ?? '',
      description: column.description ?? '',
      priority: column.priority ?? 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      object: include === 'None' ? null : include === 'Object' ? inServedVersion(kind, object) : partial(object),
    })),
  };
}

function partial(object: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

const PLAIN = [NAME, AGE];

const NONE = '<none>';
const text = (name: string, ...path: string[]): Column => ({ name, cell: (object) => textAt(object, ...path) || NONE });
const count = (name: string, ...path: string[]): Column => ({ name, cell: (object) => numberAt(object, ...path) ?? 0 });
const size = (name: string, ...path: string[]): Column => ({
  name,
  cell: (object) => Object.keys(objectAt(object, ...path)).length + Object.keys(objectAt(object, 'binaryData')).length,
});

function wide(...columns: Column[]): Column[] {
  return columns.map((column) => ({ ...column, priority: 1 }));
}

const CONTAINERS: Column = {
  name: 'Containers',
  cell: (object) =>
    listAt(object, 'spec', 'template', 'spec', 'containers')
      .map((entry) => textAt(entry, 'name'))
      .join(','),
};
const IMAGES: Column = { name: 'Images', cell: (object) => imagesOf(object).join(',') };

/** Labels of a selector as text. */
const selector = (...path: string[]): Column => ({
  name: 'Selector',
  cell: (object) => {
    const labels = objectAt(object, ...path);
    return (
      Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .sort()
        .join(',') || NONE
    );
  },
});

const WORKLOAD = wide(CONTAINERS, IMAGES, selector('spec', 'selector', 'matchLabels'));

const ready = (path: readonly string[]): Column => ({
  name: 'Ready',
  cell: (object) => `${numberAt(object, 'status', 'readyReplicas') ?? 0}/${numberAt(object, ...path) ?? 0}`,
});

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  '/configmaps': [NAME, size('Data', 'data'), AGE],
  '/secrets': [NAME, text('Type', 'type'), size('Data', 'data'), AGE],
  '/namespaces': [NAME, text('Status', 'status', 'phase'), AGE],
  '/nodes': [
    NAME,
    { name: 'Status', cell: () => 'Ready' },
    { name: 'Roles', cell: () => NONE },
    AGE,
    text('Version', 'status', 'nodeInfo', 'kubeletVersion'),
  ],
  '/pods': [
    NAME,
    { name: 'Ready', cell: (pod) => podReady(pod) },
    { name: 'Status', cell: (pod) => podStatus(pod) },
    { name: 'Restarts', cell: (pod) => String(numberAt(pod, 'status', 'containerStatuses', 0, 'restartCount') ?? 0) },
    AGE,
    ...wide(
      text('IP', 'status', 'podIP'),
      text('Node', 'spec', 'nodeName'),
      text('Nominated Node', 'status', 'nominatedNodeName'),
      { name: 'Readiness Gates', cell: () => NONE },
    ),
  ],
  '/services': [
    NAME,
    text('Type', 'spec', 'type'),
    text('Cluster-IP', 'spec', 'clusterIP'),
    text('External-IP', 'status', 'loadBalancer', 'ingress', '0', 'ip'),
    { name: 'Port(s)', cell: (service) => listAt(service, 'spec', 'ports').map(portText).join(',') || NONE },
    AGE,
    ...wide(selector('spec', 'selector')),
  ],
  '/persistentvolumeclaims': [
    NAME,
    text('Status', 'status', 'phase'),
    text('Volume', 'spec', 'volumeName'),
    text('Capacity', 'status', 'capacity', 'storage'),
    AGE,
  ],
  'apps/deployments': [
    NAME,
    ready(['spec', 'replicas']),
    count('Up-to-date', 'status', 'updatedReplicas'),
    count('Available', 'status', 'availableReplicas'),
    AGE,
    ...WORKLOAD,
  ],
  'apps/replicasets': [
    NAME,
    count('Desired', 'spec', 'replicas'),
    count('Current', 'status', 'replicas'),
    count('Ready', 'status', 'readyReplicas'),
    AGE,
    ...WORKLOAD,
  ],
  'apps/statefulsets': [NAME, ready(['spec', 'replicas']), AGE, ...wide(CONTAINERS, IMAGES)],
  'apps/daemonsets': [
    NAME,
    count('Desired', 'status', 'desiredNumberScheduled'),
    count('Current', 'status', 'currentNumberScheduled'),
    count('Ready', 'status', 'numberReady'),
    count('Up-to-date', 'status', 'updatedNumberScheduled'),
    count('Available', 'status', 'numberAvailable'),
    AGE,
    ...WORKLOAD,
  ],
  'batch/jobs': [
    NAME,
    { name: 'Status', cell: (job) => textAt(listAt(job, 'status', 'conditions').at(-1), 'type') || 'Running' },
    {
      name: 'Completions',
      cell: (job) => `${numberAt(job, 'status', 'succeeded') ?? 0}/${numberAt(job, 'spec', 'completions') ?? 1}`,
    },
    AGE,
  ],
  'batch/cronjobs': [
    NAME,
    text('Schedule', 'spec', 'schedule'),
    { name: 'Suspend', cell: (cron) => at(cron, 'spec', 'suspend') === true },
    AGE,
  ],
  'networking.k8s.io/ingresses': [
    NAME,
    text('Class', 'spec', 'ingressClassName'),
    {
      name: 'Hosts',
      cell: (ingress) =>
        listAt(ingress, 'spec', 'rules')
          .map((rule) => textAt(rule, 'host') || '*')
          .join(',') || '*',
    },
    { name: 'Address', cell: (ingress) => textAt(ingress, 'status', 'loadBalancer', 'ingress', 0, 'ip') },
    AGE,
  ],
  '/events': EVENT,
  'apiextensions.k8s.io/customresourcedefinitions': [
    NAME,
    { name: 'Created At', cell: (object) => object.metadata.creationTimestamp ?? '' },
  ],
};

function portText(port: Json): string {
  const node = numberAt(port, 'nodePort');
  return `${numberAt(port, 'port') ?? 0}${node === undefined ? '' : `:${node}`}/${textAt(port, 'protocol')}`;
}

function podReady(pod: KubeObject): string {
  const states = listAt(pod, 'status', 'containerStatuses');
  const good = states.filter((state) => isObject(state) && state['ready'] === true).length;
  return `${good}/${listAt(pod, 'spec', 'containers').length}`;
}

function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const state = objectAt(pod, 'status', 'containerStatuses', 0, 'state');
  const reason = textAt(state, 'waiting', 'reason') || textAt(state, 'terminated', 'reason');
  return reason || textAt(pod, 'status', 'phase');
}
