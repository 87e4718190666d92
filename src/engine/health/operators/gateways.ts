// What lets traffic in: Gateway API, Gloo, Contour, OpenShift's routes, Knative.

import { at, isObject, type Json, listAt, numberAt, objectAt, textAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import {
  type Condition,
  conditionsOf,
  type HealthCheck,
  health,
  parsedConditions,
  type ResourceHealth,
} from '../check.ts';
import { byCondition, byWord, forKinds, type Rules, wordAt } from './forms.ts';

/** Reasons that a condition of Gateway API is false for a while only. */
const PASSING = /^Pending$|InProgress$|^Waiting/;

const isCurrent = (object: KubeObject, entry: Json): boolean => {
  const observed = numberAt(entry, 'observedGeneration');
  const generation = numberAt(object, 'metadata', 'generation');
  return observed === undefined || generation === undefined || observed === generation;
};

const conditionsIn = (object: KubeObject, holder: unknown): Condition[] =>
  parsedConditions(listAt(holder, 'conditions').filter((entry) => isCurrent(object, entry)));

/** Of conditions that are all true when all is well: what is not. */
function unwell(conditions: readonly Condition[]): ResourceHealth | undefined {
  const message = ({ message, type }: Condition): string => message || `Failed condition: ${type}`;
  const relevant = conditions.filter(({ type }) => ['Accepted', 'Programmed', 'ResolvedRefs', 'Ready'].includes(type));
  const failed = relevant.find(({ status, reason }) => status === 'False' && !PASSING.test(reason));
  if (failed) return health('Degraded', message(failed));
  const waiting = relevant.find(({ status }) => status !== 'True');
  return waiting && health('Progressing', message(waiting));
}

const prefixed = ({ status, message = '' }: ResourceHealth, prefix: string): ResourceHealth =>
  health(status, prefix === '' ? message : `${prefix}: ${message}`);

/** What several holders say: a degraded one counts before one that is waited for. */
function firstUnwell(found: readonly (ResourceHealth | undefined)[]): ResourceHealth | undefined {
  const told = found.flatMap((each) => each ?? []);
  return told.find(({ status }) => status === 'Degraded') ?? told[0];
}

/** A route, or a policy, tells for each Gateway that it names what that one made of it. */
const attached =
  (kind: string, field: string, reference: string, label: string): HealthCheck =>
  (object) => {
    const holders = listAt(object, 'status', field);
    const all = holders.map((holder) => ({
      name: textAt(holder, reference, 'name'),
      conditions: conditionsIn(object, holder),
    }));
    const problem = firstUnwell(
      all.map(({ name, conditions }) => {
        const found = unwell(conditions);
        return found && prefixed(found, `${label} ${name}`);
      }),
    );
    if (problem) return problem;
    const isWell = all.length > 0 && all.every(({ conditions }) => conditions.length > 0);
    return isWell ? health('Healthy', `${kind} is healthy`) : health('Progressing', `Waiting for ${kind} status`);
  };

const route = (kind: string): HealthCheck => attached(kind, 'parents', 'parentRef', 'Parent');

const policy = (kind: string): HealthCheck => attached(kind, 'ancestors', 'ancestorRef', 'Ancestor');

function gateway(object: KubeObject): ResourceHealth {
  const conditions = conditionsIn(object, at(object, 'status'));
  const own = unwell(conditions);
  const listeners = listAt(object, 'status', 'listeners').map((listener) => {
    const found = unwell(conditionsIn(object, listener));
    return found && prefixed(found, 'Listener');
  });
  if (own?.status === 'Degraded') return own;
  const problem = firstUnwell([...listeners.filter((each) => each?.status === 'Degraded'), own, ...listeners]);
  if (problem) return problem;
  return conditions.length > 0
    ? health('Healthy', 'Gateway is healthy')
    : health('Progressing', 'Waiting for Gateway status');
}

function gatewayClass(object: KubeObject): ResourceHealth {
  const conditions = conditionsIn(object, at(object, 'status'));
  const accepted = conditions.find(({ type }) => type === 'Accepted');
  if (!accepted) return health('Progressing', 'Waiting for GatewayClass status');
  return unwell([accepted]) ?? health('Healthy', 'GatewayClass is healthy');
}

/** The state that Gloo reports: a number, or its word. */
const GLOO_STATES: Readonly<Record<string, number>> = { Pending: 0, Accepted: 1, Rejected: 2, Warning: 3 };

function gloo(object: KubeObject): ResourceHealth {
  const status = objectAt(object, 'status');
  const reports = isObject(status['statuses']) ? Object.values(status['statuses']) : [status];
  const told = reports.flatMap((report) => {
    const state = at(report, 'state');
    const number = typeof state === 'string' ? GLOO_STATES[state] : state;
    return typeof number === 'number' ? [{ number, reason: textAt(report, 'reason') }] : [];
  });
  // The worst of several controllers: a fault, then what is not validated.
  const [worst] = [...told].sort((a, b) => glooRank(b.number) - glooRank(a.number));
  if (!worst) return health('Progressing', 'Update in progress');
  if (worst.number === 0) return health('Suspended', 'The resource has not yet been validated');
  return worst.number === 1 ? health('Healthy', 'The resource has been validated') : health('Degraded', worst.reason);
}

const glooRank = (state: number): number => (state === 1 ? 0 : state === 0 ? 1 : state);

/** A route of OpenShift is admitted by each router on its own. */
function openshiftRoute(object: KubeObject): ResourceHealth {
  const ingresses = listAt(object, 'status', 'ingress');
  const admitted = ingresses.flatMap((ingress) =>
    parsedConditions(listAt(ingress, 'conditions')).filter(({ type }) => type === 'Admitted'),
  );
  if (admitted.some(({ status }) => status === 'False')) return health('Degraded', 'Route is degraded');
  if (admitted.length > 0 && admitted.every(({ status }) => status === 'True'))
    return health('Healthy', 'Route is healthy');
  return health('Progressing', 'Route is still getting admitted');
}

/** Every condition that is not true, in words. */
function knativeService(object: KubeObject): ResourceHealth {
  const conditions = conditionsOf(object);
  const text = conditions
    .filter(({ status }) => status === 'False' || status === 'Unknown')
    .map(({ type, status, reason, message }) => `${type} is ${status}, since ${reason}. ${message}\n`)
    .join('');
  if (conditions.length === 0) return health('Progressing', 'Waiting for health status of the Knative Service...');
  if (conditions.some(({ status }) => status === 'False')) return health('Degraded', text);
  if (conditions.some(({ status }) => status !== 'True')) return health('Progressing', text);
  return health('Healthy', 'Knative Service is healthy.');
}

/** Each condition with a number and its status. */
const knativeOperator =
  (kind: string): HealthCheck =>
  (object) => {
    const conditions = conditionsOf(object);
    const text = conditions.map(({ type, status }, index) => `${index + 1}: ${type} | ${status}\n`).join('');
    if (conditions.length === 0) return health('Progressing', `Waiting for ${kind}`);
    if (conditions.some(({ status }) => !['True', 'False', 'Unknown'].includes(status)))
      return health('Degraded', text);
    if (conditions.some(({ status }) => status !== 'True')) return health('Progressing', text);
    return health('Healthy', `${kind} is healthy.`);
  };

const GLOO = {
  'gateway.solo.io': [
    'Gateway',
    'MatchableHttpGateway',
    'RouteOption',
    'RouteTable',
    'VirtualHostOption',
    'VirtualService',
  ],
  'gloo.solo.io': ['Proxy', 'Settings', 'Upstream', 'UpstreamGroup'],
} as const;

export const GATEWAYS: Rules = {
  'gateway.networking.k8s.io/Gateway': gateway,
  'gateway.networking.k8s.io/GatewayClass': gatewayClass,
  ...forKinds('gateway.networking.k8s.io', ['GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'], route),
  ...forKinds('gateway.networking.k8s.io', ['BackendTLSPolicy', 'BackendLBPolicy'], policy),
  ...Object.assign({}, ...Object.entries(GLOO).map(([group, kinds]) => forKinds(group, kinds, () => gloo))),
  'projectcontour.io/ExtensionService': byCondition({ type: 'Valid', waiting: 'Waiting for status' }),
  'projectcontour.io/HTTPProxy': byWord({
    path: 'status.currentStatus',
    healthy: ['valid'],
    degraded: ['invalid', 'orphaned'],
    progressing: ['NotReconciled'],
    message: (_word, object) => wordAt(object, 'status.description'),
    waiting: 'Waiting for status',
  }),
  'route.openshift.io/Route': openshiftRoute,
  'serving.knative.dev/Service': knativeService,
  ...forKinds('operator.knative.dev', ['KnativeEventing', 'KnativeServing'], knativeOperator),
};
