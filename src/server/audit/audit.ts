// The audit of a system: calls are watched while they are at work, and what they wrote is written down behind them.

import type { AuditAnswer, AuditQuery } from '../../api/audit.ts';
import type { Answer } from '../../api/exchange.ts';
import { messageOf } from '../../core/errors.ts';
import { textAt, at as valueAt } from '../../core/json.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { actionOf } from './actions.ts';
import { observerOfRequest } from './cluster-request.ts';
import type { AuditOptions, ClusterObserver, ClusterRequest, Reader, WatchedCall } from './ports.ts';
import type { CallInBrief, Records } from './records.ts';
import { observed, type Scope, within } from './scope.ts';

export interface Audit {
  /** Does what a call does, and writes down what that changed. */
  watch(call: WatchedCall, work: () => Promise<Answer>): Promise<Answer>;
  /** A cluster whose writes are noted; `server` names one that is not the system's own. */
  observe(cluster: Cluster, server?: string): Cluster;
  /** Watches one request to the Kubernetes API of the system's own cluster. */
  observerOf(request: ClusterRequest): ClusterObserver;
  /** A change that the controller made by itself. */
  controllerDid(change: { readonly before: KubeObject | undefined; readonly after: KubeObject | undefined }): void;
  list(query: AuditQuery, reader: Reader): Promise<AuditAnswer>;
  close(): Promise<void>;
}

export function createAudit(options: AuditOptions): Audit {
  let opened: Promise<Records> | undefined;
  let pending = Promise.resolve();
  const records = (): Promise<Records> => {
    opened ??= import('./records.ts').then(({ createRecords }) => createRecords(options));
    return opened;
  };
  const later = (work: (records: Records) => void | Promise<void>): void => {
    pending = pending
      .then(async () => work(await records()))
      .catch((thrown: unknown) => options.log(`the audit lost an entry: ${messageOf(thrown)}`));
  };
  return {
    watch: async (call, work) => {
      if (!isWatched(call)) return work();
      const scope: Scope = { writes: new Map() };
      const at = options.clock.now();
      const answer = await within(scope, work);
      const writes = [...scope.writes.values()];
      scope.writes.clear();
      const about = { ...briefly(call), at, status: answer.status, problem: problemOf(answer) };
      later((all) => all.add(about, { writes, application: scope.application }));
      scope.late = (write) =>
        later((all) =>
          all.add({ ...about, at: options.clock.now() }, { writes: [write], application: scope.application }),
        );
      if (!('chunks' in answer.body)) return answer;
      return { ...answer, body: { chunks: chunksWithin(scope, answer.body.chunks) } };
    },
    observe: observed,
    observerOf: (request) => observerOfRequest(request, options, later),
    controllerDid: (change) => {
      if (isAutoSync(change)) later((all) => all.addAutoSync(change.after));
    },
    list: async (query, reader) => {
      await pending;
      return (await records()).list(query, reader);
    },
    close: async () => {
      await pending;
      await (await opened)?.settled();
    },
  };
}

/** What is only read has no audit; a refresh that a read asks for has. */
function isWatched({ route, request }: WatchedCall): boolean {
  if (route.path === '/api/webhook') return true;
  return route.method !== 'GET' || /[?&]refresh=/.test(request.url) || actionOf(route) === 'logout';
}

/** What goes with a call may live as long as the process, where it has set the controllers to work: no body does. */
const briefly = ({ route: { method, path }, request, caller }: WatchedCall): CallInBrief => ({
  route: { method, path },
  caller,
  address: request.address,
  sender: path === '/api/webhook' ? request.headers : {},
  username: textAt(request.body, 'username'),
});

function problemOf({ status, body }: Answer): string | undefined {
  if (status < 400) return undefined;
  return 'json' in body ? textAt(body.json, 'message') || undefined : undefined;
}

/** A stream goes on working while it is read. */
async function* chunksWithin<T>(scope: Scope, chunks: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(scope, () => iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await within(scope, async () => iterator.return?.());
  }
}

interface AutoSync {
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
}

/** An operation began that nobody asked for. An application that is seen for the first time began nothing. */
function isAutoSync(change: {
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}): change is AutoSync {
  const { before, after } = change;
  if (!before || after?.kind !== 'Application') return false;
  const startedAt = (object: KubeObject): string => textAt(object, 'status', 'operationState', 'startedAt');
  if (startedAt(after) === '' || startedAt(after) === startedAt(before)) return false;
  return valueAt(after, 'status', 'operationState', 'operation', 'initiatedBy', 'automated') === true;
}
