// What a new Pod gets: a service account with its token, tolerations, priority, its class of service.

import { type Draft, each, fill, present, within } from '../../objects/draft.ts';
import { randomSuffix } from '../identity.ts';
import { forbidden } from '../status.ts';
import type { PrepareContext } from './context.ts';

const PODS = { group: '', plural: 'pods', kind: 'Pod' } as const;
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

export function preparePod(object: Draft, { api, before }: PrepareContext): void {
  if (before) return;
  const spec = within(object, 'spec');
  const metadata = within(object, 'metadata');
  const namespace = String(metadata['namespace'] ?? '');
  fill(spec, { serviceAccountName: 'default' });
  const account = String(spec['serviceAccountName']);
  spec['serviceAccount'] = account;
  if (account !== 'default' && !api.store.get('/serviceaccounts', namespace, account)) {
    const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
    throw forbidden(PODS, String(metadata['name'] ?? ''), why);
  }
  if (spec['automountServiceAccountToken'] !== false)
    mountToken(spec, `kube-api-access-${randomSuffix(api.random, 5)}`);
  addToleration(spec, 'node.kubernetes.io/not-ready');
  addToleration(spec, 'node.kubernetes.io/unreachable');
  fill(within(object, 'status'), { phase: 'Pending', qosClass: qosClass(spec) });
}

function mountToken(spec: Draft, name: string): void {
  const containers = [...each(spec, 'initContainers'), ...each(spec, 'containers')];
  const bare = containers.filter((container) =>
    each(container, 'volumeMounts').every((mount) => mount['mountPath'] !== TOKEN_PATH),
  );
  if (bare.length === 0) return;
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ];
  spec['volumes'] = [...each(spec, 'volumes'), { name, projected: { sources, defaultMode: 0o644 } }];
  for (const container of bare) {
    container['volumeMounts'] = [...each(container, 'volumeMounts'), { name, readOnly: true, mountPath: TOKEN_PATH }];
  }
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

function qosClass(spec: Draft): string {
  const containers = [...each(spec, 'initContainers'), ...each(spec, 'containers')];
  const sets = containers.map((container) => {
    const resources = present(container, 'resources');
    return { requests: present(resources, 'requests') ?? {}, limits: present(resources, 'limits') ?? {} };
  });
  const counted = ['cpu', 'memory'];
  if (sets.every(({ requests, limits }) => counted.every((name) => !(name in requests) && !(name in limits)))) {
    return 'BestEffort';
  }
  const fixed = sets.every(({ requests, limits }) =>
    counted.every((name) => limits[name] !== undefined && limits[name] === requests[name]),
  );
  return fixed ? 'Guaranteed' : 'Burstable';
}
