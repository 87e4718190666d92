// Faults of the API itself: a share of the calls is refused before anything is done, and watches are cut. The annotation of a namespace
// is about the calls there, that of kube-system about all.

import { at, textAt } from '../../core/json.ts';
import type { ResourceRequest } from '../api.ts';
import { isOn } from '../query.ts';
import { isStream, type KubeResponse } from '../request.ts';
import { ApiError, conflict, MODIFIED } from '../status.ts';
import { gone } from '../verbs/versions.ts';
import { faultsOf } from './of.ts';
import type { Fault } from './parse.ts';
import type { FaultName } from './table.ts';

/** Whose annotation is about the whole cluster. */
const WHOLE_CLUSTER = 'kube-system';

/** Where Hawser keeps its records: a fault there would be none of the cluster that is tried out. */
export const RECORDS_NAMESPACE = 'argocd';
const RECORDS: ReadonlySet<string> = new Set([
  'argoproj.io/applications',
  'argoproj.io/appprojects',
  'argoproj.io/applicationsets',
]);

const LEAST_WATCH_MS = 1000;

/** The call as it is to be answered; throws where a fault hits it. */
export function meetApiFaults(call: ResourceRequest): ResourceRequest {
  const faults = faultsAbout(call);
  if (faults.length === 0) return call;
  for (const { name, numbers } of faults) {
    const refusal = REFUSALS[name]?.(call);
    if (refusal && call.api.random() < (numbers['share'] ?? 0)) throw refusal;
  }
  return isWatch(call) ? withDeadline(call, faults) : call;
}

/** A namespace itself is never hit, so that the annotation can always be taken away. */
function faultsAbout({ api, path, kind }: ResourceRequest): readonly Fault[] {
  if (kind.storage === '/namespaces' || isRecord(path.namespace, kind.storage)) return [];
  const names = path.namespace === '' ? [WHOLE_CLUSTER] : [path.namespace, WHOLE_CLUSTER];
  return [...new Set(names)].flatMap((name) => faultsOf(api.store.get('/namespaces', '', name)));
}

/** The Secrets of kube-system have the tokens and certificates of this very API. */
const isRecord = (namespace: string, storage: string): boolean =>
  namespace === RECORDS_NAMESPACE || RECORDS.has(storage) || (namespace === WHOLE_CLUSTER && storage === '/secrets');

const isWatch = ({ request, path }: ResourceRequest): boolean =>
  request.method === 'GET' && path.name === '' && isOn(request.query, 'watch');

const REFUSALS: Readonly<Partial<Record<FaultName, (call: ResourceRequest) => ApiError | undefined>>> = {
  throttle: () =>
    new ApiError(429, 'TooManyRequests', {
      message: 'Too many requests, please try again later.',
      details: { retryAfterSeconds: 1 },
      headers: { 'retry-after': '1' },
    }),
  error: ({ request, kind }) => {
    const subject = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
    const verb = VERBS[request.method] ?? request.method.toLowerCase();
    return new ApiError(500, 'ServerTimeout', {
      message: `The ${verb} operation against ${subject} could not be completed at this time, please try again.`,
      details: { ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural, retryAfterSeconds: 1 },
      headers: { 'retry-after': '1' },
    });
  },
  conflict: ({ request, kind, path }) =>
    request.method === 'PUT' || request.method === 'PATCH' ? conflict(kind, path.name, MODIFIED) : undefined,
};

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', GET: 'get' };

/** The server ends a watch by a parameter that clients have, too. */
function withDeadline(call: ResourceRequest, faults: readonly Fault[]): ResourceRequest {
  const cut = faults.find(({ name }) => name === 'cut');
  if (!cut) return call;
  const seconds = Math.max(LEAST_WATCH_MS, cut.numbers['after'] ?? 0) / 1000;
  const own = Number(call.request.query.get('timeoutSeconds') ?? '0');
  if (own > 0 && own <= seconds) return call;
  const query = new URLSearchParams(call.request.query);
  query.set('timeoutSeconds', String(seconds));
  if (cut.texts['expired'] === 'true') query.set(EXPIRES, 'true');
  return { ...call, request: { ...call.request, query } };
}

/** Not a parameter of the API: it goes from one function of this file to the other. */
const EXPIRES = 'hawser-expires';

/** The answer to such a call: where its watch expires, the last event says so. */
export function withExpiry({ request, api }: ResourceRequest, response: KubeResponse): KubeResponse {
  const { body } = response;
  if (!request.query.has(EXPIRES) || !isStream(body)) return response;
  return { ...response, body: expiring(body, () => gone(`too old resource version: ${api.store.revision()}`)) };
}

async function* expiring<T>(
  events: AsyncIterable<T>,
  error: () => ApiError,
): AsyncGenerator<T | { readonly type: string; readonly object: ApiError['status'] }> {
  let hasError = false;
  for await (const event of events) {
    hasError ||= textAt(event, 'type') === 'ERROR' && at(event, 'object') !== undefined;
    yield event;
  }
  if (!hasError) yield { type: 'ERROR', object: error().status };
}
