// Why an application is not well: the resources to blame, and what is known of each, down to its Pod. Asked for within narrow
// bounds; what cannot be had is left out.

import { type ApplicationTarget, resourceTree } from '../../api/applications.ts';
import { getResource, podLogs, resourceEvents } from '../../api/resources.ts';
import type { Client } from '../../client/client.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Application } from '../../model/application.ts';
import type { Cause } from '../../model/cause.ts';
import type { ResourceNode } from '../../model/resource.ts';
import { type ResourceState, resourceStates } from '../../render/states.ts';
import { blamedNode } from './blame.ts';
import { type PodState, podState } from './pod-state.ts';

export interface Asking {
  readonly client: Client;
  readonly signal: AbortSignal;
  /** When what failed began: Pods that were there before have nothing to do with it. */
  readonly since?: string;
}

const MAX_CAUSES = 3;
const LOG_LINES = 10;
const DEADLINE_MS = 5000;

/** The resources of an application that are to blame, each with what is known of it; none where nothing stands out. */
export async function findCauses(application: Application, asking: Asking): Promise<readonly Cause[]> {
  const guilty = guiltyStates(application).slice(0, MAX_CAUSES);
  if (guilty.length === 0) return [];
  const { name, namespace } = application.metadata;
  const target: ApplicationTarget = namespace ? { name, appNamespace: namespace } : { name };
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), DEADLINE_MS);
  const signal = AbortSignal.any([late.signal, asking.signal]);
  try {
    const query = { applicationName: name, appNamespace: namespace };
    const { nodes } = guilty.some(isLive)
      ? await asking.client.call(resourceTree, query, { signal }).catch(() => ({ nodes: [] }))
      : { nodes: [] };
    const inquiry = { ...asking, target, nodes: nodes ?? [], signal };
    return await Promise.all(guilty.map((state) => causeOf(state, inquiry)));
  } finally {
    clearTimeout(timer);
  }
}

const BROKEN: readonly string[] = ['SyncFailed', 'Degraded'];
const FAILED: readonly string[] = ['Failed', 'Error'];

function guiltyStates(app: Application): ResourceState[] {
  const states = resourceStates(app);
  const broken = states.filter(({ status, health }) => BROKEN.includes(health) || FAILED.includes(status));
  if (broken.length > 0) return broken;
  const failed = new Set(
    (app.status?.operationState?.syncResult?.resources ?? [])
      .filter(({ status, hookPhase = '' }) => status === 'SyncFailed' || FAILED.includes(hookPhase))
      .map(({ kind, name }) => `${kind}/${name}`),
  );
  const refused = states.filter(({ kind, name }) => failed.has(`${kind}/${name}`));
  return refused.length > 0 ? refused : states.filter(({ health }) => health === 'Progressing');
}

const WORKLOADS: readonly string[] = [
  'Pod',
  'Job',
  'CronJob',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Rollout',
];

/** Whether the cluster can say more: what was refused before it came to be has nothing behind it. */
const isLive = ({ kind, health }: ResourceState): boolean =>
  WORKLOADS.includes(kind) || health === 'Degraded' || health === 'Progressing';

interface Inquiry extends Asking {
  readonly target: ApplicationTarget;
  readonly nodes: readonly ResourceNode[];
}

async function causeOf(state: ResourceState, inquiry: Inquiry): Promise<Cause> {
  const cause: Cause = {
    resource: nameOf(state),
    message: state.reason || state.message,
    ...(state.hook === '' ? {} : { hook: state.hook }),
  };
  const node = blamedNode(state, inquiry.nodes, inquiry.since);
  if (!node) return withQuota(cause);
  if (node.kind !== 'Pod') return withQuota(await childCause(cause, node, inquiry));
  const [pod, events] = await Promise.all([stateOfPod(node, inquiry), warnings(node, inquiry)]);
  const logs = pod.hasRun ? await lastLines(node, pod.cause.container, inquiry) : [];
  const probe = events.findLast((event) => event.startsWith(PROBE_EVENT))?.slice(PROBE_EVENT.length);
  const others = events.filter((event) => !event.startsWith(PROBE_EVENT));
  return withQuota({
    ...cause,
    message: cause.message || (node.health?.message ?? ''),
    pod: node.name ?? '',
    ...pod.cause,
    ...omitUndefined({ probe: probe ?? pod.cause.probe }),
    ...(logs.length > 0 ? { logs } : {}),
    ...(others.length > 0 ? { events: others } : {}),
  });
}

/** The kubelet's warning that a probe failed: what it says there is more than the manifest does. */
const PROBE_EVENT = 'Unhealthy: ';

const nameOf = ({ kind = '', namespace = '', name = '' }: Pick<ResourceNode, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;

/** Where no Pod came to be, its owner says why, or the resource itself. */
async function childCause(cause: Cause, node: ResourceNode, inquiry: Inquiry): Promise<Cause> {
  const events = await warnings(node, inquiry);
  const detail = node.health?.message ?? '';
  const isChild = nameOf(node) !== cause.resource;
  return {
    ...cause,
    message: cause.message || detail,
    ...(isChild ? { child: nameOf(node) } : {}),
    ...(isChild && detail !== '' && cause.message !== '' && detail !== cause.message ? { detail } : {}),
    ...(events.length > 0 ? { events } : {}),
  };
}

const QUOTA = /exceeded quota: [^\n]*/;

function withQuota(cause: Cause): Cause {
  const texts = [cause.detail, cause.message, ...(cause.events ?? [])];
  const [quota] = texts.flatMap((text) => QUOTA.exec(text ?? '')?.[0] ?? []);
  return quota === undefined ? cause : { ...cause, quota };
}

async function stateOfPod(pod: ResourceNode, { client, target, signal }: Inquiry): Promise<PodState> {
  const { name: resourceName = '', namespace = '' } = pod;
  const query = { ...target, group: '', kind: 'Pod', version: 'v1', namespace, resourceName };
  try {
    const { manifest } = await client.call(getResource, query, { signal });
    return podState(JSON.parse(manifest ?? 'null'));
  } catch {
    // A Pod that is gone by now, or that this account may not read, may still have a log.
    return { cause: {}, hasRun: true };
  }
}

async function lastLines(pod: ResourceNode, container: string | undefined, inquiry: Inquiry): Promise<string[]> {
  const { client, target, signal } = inquiry;
  const query = { ...target, namespace: pod.namespace, podName: pod.name, container, tailLines: LOG_LINES };
  const lines: string[] = [];
  try {
    for await (const { content, last } of client.stream(podLogs, query, { signal })) {
      if (last) break;
      if (content) lines.push(content);
    }
  } catch {
    // A pod that never ran has no log.
  }
  return lines.slice(-LOG_LINES);
}

async function warnings(node: ResourceNode, { client, target, signal }: Inquiry): Promise<string[]> {
  const query = { ...target, resourceNamespace: node.namespace, resourceName: node.name, resourceUID: node.uid };
  const { items } = await client.call(resourceEvents, query, { signal }).catch(() => ({ items: [] }));
  return (items ?? [])
    .filter(({ type }) => type === 'Warning')
    .slice(-MAX_CAUSES)
    .map(({ reason = '', message = '', count = 1 }) => `${reason}: ${message}${count > 1 ? ` (${count} times)` : ''}`);
}
