// The checks of readiness and life, each a path of its own, by the names that a real API server has for them.

import type { KubeRequest, KubeResponse } from '../request.ts';
import { textResponse } from '../response.ts';

const HOOKS = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'storage-readiness',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
  'autoregister-completion',
  'apiservice-openapi-controller',
  'apiservice-openapiv3-controller',
].map((name) => (name === 'autoregister-completion' ? name : `poststarthook/${name}`));

const ALIVE = ['ping', 'log', 'loopback-serving-certificate', 'etcd', ...HOOKS];
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: ALIVE,
  livez: ALIVE,
  readyz: ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...HOOKS, 'shutdown'],
};

export const healthPaths = (): string[] =>
  Object.entries(CHECKS).flatMap(([name, checks]) => [`/${name}`, ...checks.map((check) => `/${name}/${check}`)]);

/** The answer to a path of health, or undefined. */
export function answerHealth({ path, query }: KubeRequest): KubeResponse | undefined {
  const [, name = '', , check] = /^\/(healthz|livez|readyz)(\/(.+))?$/.exec(path) ?? [];
  const checks = CHECKS[name];
  if (!checks) return undefined;
  if (check !== undefined) return checks.includes(check) ? textResponse('ok') : undefined;
  const { status, headers, body } = textResponse(query.has('verbose') ? told(name, checks, query) : 'ok');
  return { status, headers: { ...headers, 'x-content-type-options': 'nosniff' }, body };
}

function told(name: string, checks: readonly string[], query: URLSearchParams): string {
  const excluded = query.getAll('exclude');
  const unknown = excluded.filter((one) => !checks.includes(one));
  const lines = [
    ...checks.map((check) => `[+]${check} ${excluded.includes(check) ? 'excluded: ok' : 'ok'}`),
    ...(unknown.length > 0
      ? [`warn: some health checks cannot be excluded: no matches for ${unknown.map((one) => `"${one}"`).join(',')}`]
      : []),
    `${name} check passed`,
  ];
  return `${lines.join('\n')}\n`;
}
