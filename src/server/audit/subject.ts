// What an object that was written is to people and to the policy.

import type { AuditEntry } from '../../api/audit.ts';
import type { Resource, Right } from '../../api/rights.ts';
import { objectAt, textAt } from '../../core/json.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import { SECRET_TYPE_LABEL } from '../../model/connection-secret.ts';
import { groupOf, type KubeObject, labelsOf } from '../../objects/object.ts';
import { rbacNameOf } from '../auth/authorize.ts';
import { withoutSecrets } from './secrets.ts';

export interface Subject {
  readonly text: string;
  /** Whoever may get it may know what was done to it; undefined where only an administrator may. */
  readonly sees?: Pick<Right, 'resource' | 'object'>;
}

const isArgo = ({ apiVersion }: KubeObject): boolean => groupOf(apiVersion) === APPLICATION_TYPE.group;

export function subjectOf(object: KubeObject, namespace: string): Subject {
  const { kind, metadata } = object;
  const { name = '' } = metadata;
  const place = `${metadata.namespace ?? namespace}/${name}`;
  if (isArgo(object)) {
    if (kind === 'Application') return seen(`application ${place}`, 'applications', rbacNameOf(object, namespace));
    if (kind === 'ApplicationSet') return seen(`set ${place}`, 'applicationsets', rbacNameOf(asSet(object), namespace));
    if (kind === 'AppProject') return seen(`project ${name}`, 'projects', name);
  }
  if (kind === 'ConfigMap' && CONFIG_MAPS[name]) return CONFIG_MAPS[name];
  const type = labelsOf(object)[SECRET_TYPE_LABEL];
  if (kind === 'Secret' && type !== undefined) return connectionOf(object, type);
  return { text: `${kind} ${place}` };
}

/** Of argocd-secret the account whose keys changed, where it is one. */
export function accountOf(
  { kind, name }: { readonly kind: string; readonly name: string },
  fields: readonly { readonly path: string }[],
): Subject | undefined {
  if (kind !== 'Secret' || name !== 'argocd-secret') return undefined;
  const names = fields.map(({ path }) => /^data\["(?:(admin)|accounts\.([^"]+))\.\w+"\]$/.exec(path));
  const accounts = new Set(names.map((match) => match?.[1] ?? match?.[2]));
  const [account] = accounts;
  return accounts.size === 1 && account !== undefined ? seen(`account ${account}`, 'accounts', account) : undefined;
}

const seen = (text: string, resource: Resource, object: string): Subject => ({ text, sees: { resource, object } });

/** The project of a set is the one of its template. */
const asSet = (object: KubeObject): KubeObject => ({
  ...object,
  spec: { project: textAt(object, 'spec', 'template', 'spec', 'project') },
});

const CONFIG_MAPS: Readonly<Record<string, Subject>> = {
  'argocd-ssh-known-hosts-cm': seen('host keys', 'certificates', '*'),
  'argocd-tls-certs-cm': seen('certificates', 'certificates', '*'),
  'argocd-gpg-keys-cm': seen('GPG keys', 'gpgkeys', '*'),
};

function connectionOf(object: KubeObject, type: string): Subject {
  const text = (key: string): string =>
    textAt(object, 'stringData', key) || Buffer.from(textAt(objectAt(object, 'data'), key), 'base64').toString();
  const isCluster = type === 'cluster';
  const address = withoutSecrets(text(isCluster ? 'server' : 'url'));
  const project = text('project');
  const resource = /write/.test(type) ? 'write-repositories' : isCluster ? 'clusters' : 'repositories';
  const word = isCluster ? 'cluster' : /creds/.test(type) ? 'credentials' : 'repository';
  return seen(`${word} ${address}`, resource, project === '' ? address : `${project}/${address}`);
}

/** The application that an object is, or that a call was about. */
export function applicationOf(object: KubeObject | undefined, namespace: string): AuditEntry['application'] {
  if (object?.kind !== 'Application') return undefined;
  const { metadata } = object;
  return {
    namespace: metadata.namespace ?? namespace,
    name: metadata.name ?? '',
    project: textAt(object, 'spec', 'project') || 'default',
  };
}
