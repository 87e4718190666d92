// Why something failed: the resource that is to blame, and what its pod wrote last. Asked for once, after the failure, within
// narrow bounds; what cannot be had is left out.

import { type ApplicationTarget, resourceTree } from '../../api/applications.ts';
import { podLogs, resourceEvents } from '../../api/resources.ts';
import type { Client } from '../../client/client.ts';
import type { Application } from '../../model/application.ts';
import type { ResourceNode } from '../../model/resource.ts';
import { briefMessage } from '../../render/brief.ts';
import { type ResourceState, resourceStates } from '../../render/states.ts';
import type { Context } from '../context.ts';

export interface Cause {
  readonly resource: string;
  readonly message: string;
  readonly pod?: string;
  /** The last lines that the pod wrote. */
  readonly logs?: readonly string[];
  /** Warnings of the cluster about it, the last ones. */
  readonly events?: readonly string[];
}

const MAX_CAUSES = 3;
const LINES = 10;
const DEADLINE_MS = 5000;

/**
 * The resources that an application failed at, each with what is known of it; none where nothing stands out. Pods that were there
 * before `since` have nothing to do with it.
 */
export async function findCauses(
  app: Application,
  since: string | undefined,
  context: Context,
): Promise<readonly Cause[]> {
  const guilty = guiltyStates(app).slice(0, MAX_CAUSES);
  if (guilty.length === 0) return [];
  const { name, namespace } = app.metadata;
  const target: ApplicationTarget = namespace ? { name, appNamespace: namespace } : { name };
  const { client } = await context.connect();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), DEADLINE_MS);
  const signal = AbortSignal.any([late.signal, context.signal]);
  try {
    const query = { applicationName: name, appNamespace: namespace };
    const { nodes = [] } = guilty.some(hasPods)
      ? await client.call(resourceTree, query, { signal }).catch(() => ({ nodes: [] }))
      : { nodes: [] };
    return await Promise.all(guilty.map((state) => causeOf(state, { client, target, nodes, since, signal })));
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
      .filter(({ status }) => status === 'SyncFailed')
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
const hasPods = ({ kind }: ResourceState): boolean => WORKLOADS.includes(kind);

interface Asking {
  readonly client: Client;
  readonly target: ApplicationTarget;
  readonly nodes: readonly ResourceNode[];
  readonly since: string | undefined;
  readonly signal: AbortSignal;
}

async function causeOf(state: ResourceState, asking: Asking): Promise<Cause> {
  const where = state.namespace === '' ? state.name : `${state.namespace}/${state.name}`;
  const cause = { resource: `${state.kind} ${where}`, message: state.reason || state.message };
  const pod = podOf(state, asking);
  if (!pod) return cause;
  const [logs, events] = await Promise.all([lastLines(pod, asking), warnings(pod, asking)]);
  return {
    ...cause,
    message: cause.message || (pod.health?.message ?? ''),
    pod: pod.name ?? '',
    ...(logs.length > 0 ? { logs } : {}),
    ...(events.length > 0 ? { events } : {}),
  };
}

/** The pod under a resource that is worst off, the newest of those; the resource itself where it is one. None that is well. */
function podOf(state: ResourceState, { nodes, since }: Asking): ResourceNode | undefined {
  const isRoot = (node: ResourceNode): boolean =>
    node.kind === state.kind && node.name === state.name && (node.namespace ?? '') === state.namespace;
  const under = new Set(nodes.filter(isRoot).map((node) => node.uid));
  for (let grown = -1; grown !== under.size; ) {
    grown = under.size;
    for (const node of nodes) if (node.parentRefs?.some(({ uid }) => under.has(uid))) under.add(node.uid);
  }
  const isOlder = (time: string | undefined): boolean => since !== undefined && time !== undefined && time < since;
  const isConcerned = ({ kind, uid, createdAt, health }: ResourceNode): boolean =>
    kind === 'Pod' && under.has(uid) && health?.status !== 'Healthy' && !isOlder(createdAt);
  const rank = ({ health }: ResourceNode): number => ['Degraded', 'Progressing'].indexOf(health?.status ?? '') >>> 0;
  const newest = (a: ResourceNode, b: ResourceNode): number => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1);
  return nodes.filter(isConcerned).sort((a, b) => rank(a) - rank(b) || newest(a, b))[0];
}

async function lastLines(pod: ResourceNode, { client, target, signal }: Asking): Promise<string[]> {
  const query = { ...target, namespace: pod.namespace, podName: pod.name, tailLines: LINES };
  const lines: string[] = [];
  try {
    for await (const { content, last } of client.stream(podLogs, query, { signal })) {
      if (last) break;
      if (content) lines.push(content);
    }
  } catch {
    // A pod that never ran has no log.
  }
  return lines.slice(-LINES);
}

async function warnings(pod: ResourceNode, { client, target, signal }: Asking): Promise<string[]> {
  const query = { ...target, resourceNamespace: pod.namespace, resourceName: pod.name, resourceUID: pod.uid };
  const { items } = await client.call(resourceEvents, query, { signal }).catch(() => ({ items: [] }));
  return (items ?? [])
    .filter(({ type }) => type === 'Warning')
    .slice(-MAX_CAUSES)
    .map(({ reason = '', message = '', count = 1 }) => `${reason}: ${message}${count > 1 ? ` (${count} times)` : ''}`);
}

/** What failed, as the sentence of a failure says it. */
export interface Finding {
  readonly resource: string;
  readonly message: string;
}

/** The findings as lines under the sentence of a failure, each with what is known of its cause, then other causes. */
export function findingText(findings: readonly Finding[], causes: readonly Cause[]): string {
  const explained = findings.map((finding) => ({
    ...causes.find(({ resource }) => resource === finding.resource),
    ...finding,
  }));
  const others = causes.filter((cause) => !findings.some(({ resource }) => resource === cause.resource));
  return [...explained, ...others].map(causeText).join('');
}

function causeText({ resource, message, pod, logs = [], events = [] }: Cause): string {
  const lines = [
    `  ${resource}${message === '' ? '' : `: ${briefMessage(message)}`}`,
    ...events.map((event) => `    ${event}`),
    ...(logs.length > 0 ? [`    the last lines of pod ${pod}:`, ...logs.map((line) => `      ${line}`)] : []),
  ];
  return lines.map((line) => `\n${line}`).join('');
}
