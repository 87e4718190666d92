// A resource as kubectl names it: 'deploy/web', 'deployments.apps/web', 'Deployment/web'.

export interface ResourceWord {
  readonly kind: string;
  /** Undefined leaves it open. */
  readonly group: string | undefined;
  readonly name: string;
}

interface Named {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
}

/** Undefined where the text is no kind and name. */
export function parseResourceWord(text: string): ResourceWord | undefined {
  const [, type = '', name = ''] = /^([^/\s]+)\/([^/\s]+)$/.exec(text) ?? [];
  if (name === '') return undefined;
  const [kind = '', ...rest] = type.split('.');
  // kubectl also takes a version: deployments.v1.apps
  const group = /^v\d/.test(rest[0] ?? '') ? rest.slice(1) : rest;
  return kind === '' ? undefined : { kind, group: rest.length === 0 ? undefined : group.join('.'), name };
}

export const isNamed = (word: ResourceWord, resource: Named): boolean =>
  isOfKind(word, resource) && resource.name === word.name;

export function isOfKind({ kind, group }: ResourceWord, resource: Named): boolean {
  const word = kind.toLowerCase();
  const singular = (resource.kind ?? '').toLowerCase();
  if (group !== undefined && group !== (resource.group ?? '')) return false;
  return word === singular || word === pluralOf(singular) || SHORT_NAMES[word] === singular;
}

function pluralOf(kind: string): string {
  if (kind === 'endpoints') return kind;
  if (/(s|x|ch|sh)$/.test(kind)) return `${kind}es`;
  return /[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

/** Kubernetes' own, Argo CD's, and the one of cert-manager. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  app: 'application',
  apps: 'application',
  appproj: 'appproject',
  appset: 'applicationset',
  cert: 'certificate',
  cj: 'cronjob',
  cm: 'configmap',
  crd: 'customresourcedefinition',
  deploy: 'deployment',
  ds: 'daemonset',
  ep: 'endpoints',
  hpa: 'horizontalpodautoscaler',
  ing: 'ingress',
  limits: 'limitrange',
  netpol: 'networkpolicy',
  no: 'node',
  ns: 'namespace',
  pc: 'priorityclass',
  pdb: 'poddisruptionbudget',
  po: 'pod',
  pv: 'persistentvolume',
  pvc: 'persistentvolumeclaim',
  quota: 'resourcequota',
  rc: 'replicationcontroller',
  rs: 'replicaset',
  sa: 'serviceaccount',
  sc: 'storageclass',
  sts: 'statefulset',
  svc: 'service',
};
