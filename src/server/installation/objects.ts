// What belongs to an installation, and how an object of it travels.

import type { ExportInstallation } from '../../api/installation.ts';
import { matchesGlob } from '../../core/glob.ts';
import { type JsonObject, objectAt, textAt } from '../../core/json.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import { APPLICATION_SET_TYPE } from '../../model/application-set.ts';
import { SECRET_TYPE_LABEL } from '../../model/connection-secret.ts';
import { PROJECT_TYPE } from '../../model/project.ts';
import { REFRESH_ANNOTATION } from '../../model/refresh.ts';
import type { Cluster, TypeReference } from '../../objects/cluster.ts';
import { annotationsOf, type KubeObject, labelsOf, withAnnotations } from '../../objects/object.ts';

export interface Installation {
  readonly home: Cluster;
  readonly namespace: string;
}

export type Scope = Pick<ExportInstallation, 'applicationNamespaces' | 'applicationsetNamespaces' | 'asReference'>;

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;
const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;

/** In the order in which they are written: what others refer to comes first. */
export const KINDS: readonly TypeReference[] = [
  CONFIG_MAP,
  SECRET,
  PROJECT_TYPE,
  APPLICATION_SET_TYPE,
  APPLICATION_TYPE,
];

const REFERENCE_MAPS: readonly string[] = [
  'argocd-cm',
  'argocd-rbac-cm',
  'argocd-ssh-known-hosts-cm',
  'argocd-tls-certs-cm',
];

const OWN_MAPS: readonly string[] = [
  ...REFERENCE_MAPS,
  'argocd-gpg-keys-cm',
  'argocd-cmd-params-cm',
  'argocd-notifications-cm',
];

/** A password that is no longer the one in argocd-secret would be told for good. */
const OWN_SECRETS: readonly string[] = ['argocd-secret', 'argocd-initial-admin-secret', 'argocd-notifications-secret'];

const PART_OF = 'app.kubernetes.io/part-of';

/** Says which definitions a data folder has: it is true of no other. */
const OF_THE_FOLDER = 'hawser.dev/definitions';

export function isConfigMap(object: KubeObject, { asReference = false }: Scope): boolean {
  const { name = '' } = object.metadata;
  if (REFERENCE_MAPS.includes(name)) return true;
  if (asReference || isEmpty(object)) return false;
  return OWN_MAPS.includes(name) || labelsOf(object)[PART_OF] === 'argocd';
}

/** Every installation has some that nobody filled in yet. */
const isEmpty = (map: KubeObject): boolean =>
  Object.keys({ ...objectAt(map, 'data'), ...objectAt(map, 'binaryData') }).length === 0;

export function isSecret(object: KubeObject, { asReference = false }: Scope): boolean {
  const { name = '' } = object.metadata;
  if (labelsOf(object)[SECRET_TYPE_LABEL] !== undefined) return true;
  return asReference ? name === 'argocd-secret' : OWN_SECRETS.includes(name) || labelsOf(object)[PART_OF] === 'argocd';
}

/** The namespaces in which an installation looks for a kind; globs. */
export type Namespaces = (kind: string) => readonly string[];

export async function namespacesOf({ home, namespace }: Installation, scope: Scope): Promise<Namespaces> {
  const settings = await home.get({ ...CONFIG_MAP, namespace, name: 'argocd-cmd-params-cm' });
  const set = (key: string): readonly string[] =>
    textAt(settings, 'data', key)
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  const { applicationNamespaces: applications = [], applicationsetNamespaces: sets = [] } = scope;
  const more: Readonly<Record<string, readonly string[]>> = {
    Application: applications.length > 0 ? applications : set('application.namespaces'),
    ApplicationSet: sets.length > 0 ? sets : set('applicationsetcontroller.namespaces'),
  };
  return (kind) => [namespace, ...(more[kind] ?? [])];
}

export const isAmong = (patterns: readonly string[], namespace: string): boolean =>
  patterns.some((pattern) => matchesGlob(pattern, namespace));

/** The objects of a kind where the installation looks for it, by namespace and name. */
export async function objectsOf(
  { home, namespace }: Installation,
  type: TypeReference,
  namespaces: Namespaces,
): Promise<readonly KubeObject[]> {
  const patterns = namespaces(type.kind);
  const { items } = await home.list(type, patterns.length > 1 ? {} : { namespace });
  return items
    .filter(({ metadata }) => isAmong(patterns, metadata.namespace ?? ''))
    .map((object) => ({ ...object, apiVersion: apiVersionOf(type), kind: type.kind }))
    .sort((a, b) => compareText(placeOf(a), placeOf(b)));
}

const apiVersionOf = ({ group, version }: TypeReference): string => (group === '' ? version : `${group}/${version}`);

const placeOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * An object without what a cluster adds. Owners are left out: by an owner that is not in the other cluster it would be
 * deleted there.
 */
export function portable(object: KubeObject, namespace: string): JsonObject {
  const passing = object.kind === 'Application' ? { [REFRESH_ANNOTATION]: undefined } : {};
  const { metadata, ...rest } = withAnnotations(object, { [OF_THE_FOLDER]: undefined, ...passing });
  const { name, namespace: own, labels, annotations, finalizers } = metadata;
  return {
    ...rest,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(own === undefined || own === namespace ? {} : { namespace: own }),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers && finalizers.length > 0 ? { finalizers } : {}),
    },
  };
}

/** What is the folder's own stays with it. */
export const folderAnnotations = (object: KubeObject): Readonly<Record<string, string>> => {
  const { [OF_THE_FOLDER]: definitions } = annotationsOf(object);
  return definitions === undefined ? {} : { [OF_THE_FOLDER]: definitions };
};
