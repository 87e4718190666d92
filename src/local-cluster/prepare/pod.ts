// What a new Pod gets: a service account with its token, tolerations, priority, its class of service.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { type Draft, each, fill, within } from '../../objects/draft.ts';
import { compareQuantities } from '../../objects/quantity.ts';
import { addClassTolerations } from '../admission/runtime-class.ts';
import { randomSuffix } from '../identity.ts';
import { nameAskedFor } from '../object-meta.ts';
import { forbidden } from '../status.ts';
import { pathProblems } from '../validation/names.ts';
import type { PrepareContext } from './context.ts';
import { mergeLabelKeys } from './pod-spec.ts';

const PODS = { group: '', plural: 'pods', kind: 'Pod' } as const;
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

export function preparePod(object: Draft, context: PrepareContext): void {
  const { before, settings } = context;
  if (!before) prepareNew(object, context);
  else if (settings.subresource === 'status') completeStatus(object, before);
  else if (settings.subresource === '') completeSpec(object, before);
}

function prepareNew(object: Draft, { api }: PrepareContext): void {
  mergeLabelKeys(object);
  const spec = within(object, 'spec');
  const metadata = within(object, 'metadata');
  const namespace = String(metadata['namespace'] ?? '');
  fill(spec, { serviceAccountName: 'default' });
  const account = String(spec['serviceAccountName']);
  spec['serviceAccount'] = account;
  const isName = pathProblems(account).length === 0;
  if (account !== 'default' && !(isName && api.store.get('/serviceaccounts', namespace, account))) {
    const problems = `invalid resource name ${JSON.stringify(account)}: [${pathProblems(account).join(' ')}]`;
    const wrong = isName ? `serviceaccount "${account}" not found` : problems;
    const why = `error looking up service account ${namespace}/${account}: ${wrong}`;
    throw forbidden(PODS, nameAskedFor(metadata), why);
  }
  if (spec['automountServiceAccountToken'] !== false) mountToken(spec, `${TOKEN_VOLUME}${randomSuffix(api.random, 5)}`);
  addTolerations(spec);
  addClassTolerations(api.store, spec);
  const status = within(object, 'status');
  fill(status, { phase: 'Pending', qosClass: qosClass(spec) });
  if (each(spec, 'schedulingGates').length > 0) fill(status, { conditions: [gated(timestamp(api.clock.now()))] });
}

/** A status says of itself what it leaves out: the class of service stays, the first address is also one of the list. */
function completeStatus(object: Draft, before: JsonObject): void {
  const status = within(object, 'status');
  const kept = textAt(before, 'status', 'qosClass');
  if (kept !== '') fill(status, { qosClass: kept });
  const first = each(status, 'podIPs')[0]?.['ip'];
  const given = status['podIP'] ?? first;
  if (given === undefined) return;
  status['podIP'] = given;
  if (given !== first) status['podIPs'] = [{ ip: given }];
}

const gated = (time: string): Draft => ({
  type: 'PodScheduled',
  status: 'False',
  lastProbeTime: null,
  lastTransitionTime: time,
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
});

const TOKEN_VOLUME = 'kube-api-access-';

/** Mounts the token where nothing is; a volume of its name is taken for it. */
function mountToken(spec: Draft, newName: string): void {
  const containers = [...each(spec, 'initContainers'), ...each(spec, 'containers')];
  const bare = containers.filter((container) =>
    each(container, 'volumeMounts').every((mount) => mount['mountPath'] !== TOKEN_PATH),
  );
  if (bare.length === 0) return;
  const known = each(spec, 'volumes').find((volume) => String(volume['name']).startsWith(TOKEN_VOLUME))?.['name'];
  const name = known ?? newName;
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ];
  if (known === undefined)
    spec['volumes'] = [...each(spec, 'volumes'), { name, projected: { sources, defaultMode: 0o644 } }];
  for (const container of bare) {
    container['volumeMounts'] = [...each(container, 'volumeMounts'), { name, readOnly: true, mountPath: TOKEN_PATH }];
  }
}

/** What every Pod is given again when it is written whole. */
function completeSpec(object: Draft, before: JsonObject): void {
  const [spec, old] = [within(object, 'spec'), objectAt(before, 'spec')];
  addTolerations(spec);
  const name = spec['serviceAccountName'];
  if (typeof name === 'string') fill(spec, { serviceAccount: name });
  const { priority, preemptionPolicy } = old;
  if (typeof priority === 'number') fill(spec, { priority });
  if (typeof preemptionPolicy === 'string') fill(spec, { preemptionPolicy });
}

function addTolerations(spec: Draft): void {
  addToleration(spec, 'node.kubernetes.io/not-ready');
  addToleration(spec, 'node.kubernetes.io/unreachable');
}

function addToleration(spec: Draft, key: string): void {
  const tolerations = each(spec, 'tolerations');
  const covered = tolerations.some(
    (toleration) =>
      (toleration['key'] === key || (toleration['key'] === undefined && toleration['operator'] === 'Exists')) &&
      (toleration['effect'] === undefined || toleration['effect'] === 'NoExecute'),
  );
  if (covered) return;
  spec['tolerations'] = [...tolerations, { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }];
}

/** The class of service of a Pod with such a spec. */
export function qosClass(spec: JsonObject): string {
  // What a Pod says of itself as a whole stands for its containers.
  const whole = isObject(spec['resources']) ? [spec] : undefined;
  const containers = whole ?? [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')];
  const counted = ['cpu', 'memory'];
  const amounts = (container: Json, part: string): (string | undefined)[] =>
    counted.map((name) => {
      const amount = objectAt(container, 'resources', part)[name];
      const isNone = amount === undefined || amount === null || compareQuantities(String(amount), '0') <= 0;
      return isNone ? undefined : String(amount);
    });
  const sets = containers.map((one) => ({ requests: amounts(one, 'requests'), limits: amounts(one, 'limits') }));
  if (sets.every(({ requests, limits }) => [...requests, ...limits].every((amount) => amount === undefined)))
    return 'BestEffort';
  const isFixed = sets.every(({ requests, limits }) =>
    limits.every((limit, index) => limit !== undefined && compareQuantities(limit, requests[index] ?? '0') === 0),
  );
  return isFixed ? 'Guaranteed' : 'Burstable';
}
