import type { LogEntry, PodLogs } from '../../../api/resources.ts';
import { HawserError } from '../../../core/errors.ts';
import { interleave } from '../../../core/interleave.ts';
import type { Application } from '../../../model/application.ts';
import type { ResourceNode } from '../../../model/resource.ts';
import type { Cluster } from '../../../objects/cluster.ts';
import type { Call } from '../../http/route.ts';
import type { ServerPorts } from '../../ports.ts';

const MAX_PODS = 10;

/** The lines of the Pods that a query names, one Pod after the other, or as they come; the last entry marks the end. */
export async function* logs(
  ports: ServerPorts,
  app: Application,
  query: PodLogs,
  { signal }: Call,
): AsyncGenerator<LogEntry> {
  const cluster = await ports.cluster(app.spec.destination);
  const pods = podsOf((await ports.inspector.tree(app)).nodes, query);
  if (pods.length > MAX_PODS && !query.podName)
    throw new HawserError('invalid', 'max pods to view logs are reached. Please provide more granular query');
  const options = logOptions(query, signal);
  const matches = lineFilter(query);
  const streams = pods.map((pod) => entriesOf(cluster, pod, options));
  if (query.follow) yield* filtered(interleave(streams), matches);
  else for (const stream of streams) yield* filtered(stream, matches);
  if (pods.length === 0) return;
  const now = new Date(ports.clock.now()).toISOString();
  yield { content: '', timeStamp: toSeconds(now), last: true, timeStampStr: now, podName: '' };
}

async function* entriesOf(
  cluster: Cluster,
  { namespace = '', name = '' }: ResourceNode,
  options: Parameters<Cluster['logs']>[1],
): AsyncGenerator<LogEntry> {
  for await (const line of cluster.logs({ namespace, name }, options)) {
    const space = line.indexOf(' ');
    const timeStampStr = line.slice(0, Math.max(0, space));
    const content = line.slice(space + 1);
    yield { content, timeStamp: toSeconds(timeStampStr), last: false, timeStampStr, podName: name };
  }
}

async function* filtered(
  entries: AsyncIterable<LogEntry>,
  matches: (line: string) => boolean,
): AsyncGenerator<LogEntry> {
  for await (const entry of entries) if (matches(entry.content ?? '')) yield entry;
}

const toSeconds = (time: string): string => `${time.slice(0, 19)}Z`;

function logOptions(query: PodLogs, signal: AbortSignal): Parameters<Cluster['logs']>[1] {
  const { container, follow, previous, tailLines, sinceSeconds } = query;
  return {
    timestamps: true,
    signal,
    ...(container ? { container } : {}),
    ...(follow ? { follow } : {}),
    ...(previous ? { previous } : {}),
    ...(tailLines ? { tailLines } : {}),
    ...(sinceSeconds ? { sinceSeconds } : {}),
  };
}

/** A leading '!' keeps the lines without the text. */
function lineFilter({ filter = '', matchCase }: PodLogs): (line: string) => boolean {
  const isNegated = filter.startsWith('!');
  const text = filter.replace(/^!/, '');
  if (text === '') return () => true;
  if (matchCase) return (line) => line.includes(text) !== isNegated;
  return (line) => line.toLowerCase().includes(text.toLowerCase()) !== isNegated;
}

function podsOf(nodes: readonly ResourceNode[], query: PodLogs): readonly ResourceNode[] {
  const pods = nodes.filter((node) => node.kind === 'Pod' && !node.group);
  if (query.podName) return pods.filter((pod) => pod.name === query.podName);
  if (!query.resourceName && !query.kind) return pods;
  const roots = nodes.filter(
    (node) =>
      (!query.kind || node.kind === query.kind) &&
      (!query.group || node.group === query.group) &&
      (!query.resourceName || node.name === query.resourceName),
  );
  const uids = descendants(nodes, new Set(roots.map((node) => node.uid)));
  return pods.filter((pod) => uids.has(pod.uid));
}

/** The given objects and all that they own. */
function descendants(
  nodes: readonly ResourceNode[],
  roots: ReadonlySet<string | undefined>,
): ReadonlySet<string | undefined> {
  const uids = new Set(roots);
  for (let size = 0; uids.size > size; ) {
    size = uids.size;
    for (const node of nodes) if ((node.parentRefs ?? []).some((parent) => uids.has(parent.uid))) uids.add(node.uid);
  }
  return uids;
}
