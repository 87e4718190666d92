// The service account by which a cluster is managed from outside: made with its rights and a token that does not end.

import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import type { Cluster, ObjectReference } from '../../objects/cluster.ts';
import { groupOf, type KubeObject, versionOf } from '../../objects/object.ts';

export interface ManagerOptions {
  readonly clock: Clock;
  /** Where the account is. */
  readonly systemNamespace: string;
  /** What it may work in; everywhere when empty. */
  readonly namespaces: readonly string[];
  /** Told of each step, as the reference words it. */
  readonly told: (step: string) => void;
}

const ACCOUNT = 'argocd-manager';
const ROLE = 'argocd-manager-role';
const BINDING = 'argocd-manager-role-binding';
const TOKEN = 'argocd-manager-long-lived-token';
const RBAC = 'rbac.authorization.k8s.io';

const EVERYTHING = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] } as const;

/** Answers the token. */
export async function createManager(cluster: Cluster, options: ManagerOptions): Promise<string> {
  const { systemNamespace: namespace, namespaces, told } = options;
  const isNew = await put(cluster, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: ACCOUNT, namespace },
  });
  told(`ServiceAccount "${ACCOUNT}" ${isNew ? 'created' : 'already exists'} in namespace "${namespace}"`);
  for (const object of rightsOf(namespace, namespaces)) {
    const made = await put(cluster, object);
    const where = object.metadata.namespace === undefined ? '' : ` in namespace "${object.metadata.namespace}"`;
    told(`${object.kind} "${object.metadata.name ?? ''}" ${made ? 'created' : 'updated'}${where}`);
  }
  return managerToken(cluster, { ...options, account: ACCOUNT });
}

interface TokenOptions extends Pick<ManagerOptions, 'clock' | 'systemNamespace' | 'told'> {
  readonly account: string;
}

/** The token of an account, of a Secret that is made for it where none is. */
export async function managerToken(cluster: Cluster, options: TokenOptions): Promise<string> {
  const { account, clock, systemNamespace: namespace, told } = options;
  const name = account === ACCOUNT ? TOKEN : `${account}-long-lived-token`;
  const where: ObjectReference = { group: '', version: 'v1', kind: 'Secret', namespace, name };
  if (await cluster.get(where)) told(`Using existing bearer token secret "${name}" for ServiceAccount "${account}"`);
  else {
    if (!(await cluster.get({ ...where, kind: 'ServiceAccount', name: account })))
      throw new HawserError('not-found', `there is no ServiceAccount '${account}' in namespace '${namespace}'`);
    await cluster.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace, annotations: { 'kubernetes.io/service-account.name': account } },
      type: 'kubernetes.io/service-account-token',
    });
    told(`Created bearer token secret "${name}" for ServiceAccount "${account}"`);
  }
  const end = clock.now() + LONGEST_MS;
  for (;;) {
    const token = Buffer.from(textAt(await cluster.get(where), 'data', 'token'), 'base64').toString();
    if (token !== '') return token;
    if (clock.now() > end)
      throw new HawserError('timed-out', `the cluster put no token into Secret '${name}' within 30s`);
    await clock.sleep(PAUSE_MS);
  }
}

const PAUSE_MS = 200;
const LONGEST_MS = 30_000;

/** Takes the account away again, with its rights. */
export async function removeManager(
  cluster: Cluster,
  { systemNamespace: namespace, told }: Pick<ManagerOptions, 'systemNamespace' | 'told'>,
): Promise<void> {
  const all = [
    { group: RBAC, kind: 'ClusterRoleBinding', name: BINDING },
    { group: RBAC, kind: 'ClusterRole', name: ROLE },
    { group: '', kind: 'ServiceAccount', name: ACCOUNT, namespace },
  ] as const;
  for (const one of all) {
    const reference = { version: 'v1', ...one };
    if (!(await cluster.get(reference))) continue;
    await cluster.delete(reference);
    told(`${one.kind} "${one.name}" deleted`);
  }
}

function rightsOf(accountNamespace: string, namespaces: readonly string[]): readonly KubeObject[] {
  const subjects = [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: accountNamespace }];
  const of = (kind: 'Role' | 'ClusterRole', namespace?: string): readonly KubeObject[] => {
    const where = namespace === undefined ? {} : { namespace };
    const rules = kind === 'Role' ? [EVERYTHING] : [EVERYTHING, { nonResourceURLs: ['*'], verbs: ['*'] }];
    const roleRef = { apiGroup: RBAC, kind, name: ROLE };
    const apiVersion = `${RBAC}/v1`;
    return [
      { apiVersion, kind, metadata: { name: ROLE, ...where }, rules },
      { apiVersion, kind: `${kind}Binding`, metadata: { name: BINDING, ...where }, roleRef, subjects },
    ];
  };
  return namespaces.length === 0 ? of('ClusterRole') : namespaces.flatMap((namespace) => of('Role', namespace));
}

/** Whether it is new. */
async function put(cluster: Cluster, object: KubeObject): Promise<boolean> {
  const { name = '', namespace } = object.metadata;
  const { kind, apiVersion } = object;
  const reference = {
    group: groupOf(apiVersion),
    version: versionOf(apiVersion),
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
  const existing = await cluster.get(reference);
  if (!existing) {
    await cluster.create(object);
    return true;
  }
  const { rules, subjects } = object;
  const body = { ...(rules === undefined ? {} : { rules }), ...(subjects === undefined ? {} : { subjects }) };
  if (Object.keys(body).length > 0) await cluster.patch(reference, { type: 'merge', body });
  return false;
}
