// Repositories, credentials and clusters as the Secrets that Argo CD keeps them in: which field stands under which key,
// and what the Secret is called.

import { isObject, type JsonObject, objectAt, textAt } from '../core/json.ts';
import { fits } from '../core/shape.ts';
import { type ClusterConfig, type ClusterSettings, clusterConfig } from './cluster.ts';
import { REFRESH_ANNOTATION } from './refresh.ts';
import type { RepositoryAccess, RepositoryCredentials, RepositorySettings } from './repository.ts';

export const SECRET_TYPE_LABEL = 'argocd.argoproj.io/secret-type';

/** On what a client made: it is deleted with it, where the Secret of somebody else loses its label alone. */
export const MANAGED_BY = { key: 'managed-by', value: 'argocd.argoproj.io' } as const;

export const SECRET_TYPES = {
  repository: 'repository',
  credentials: 'repo-creds',
  writeCredentials: 'repo-write-creds',
  cluster: 'cluster',
} as const;

type Kind = 'text' | 'number' | 'flag';

/** A field, how the reference calls it when it names a difference, and what it holds. */
type Field<T> = readonly [key: keyof T & string, goName: string, kind: Kind];

/** In the order of the reference. */
export const REPOSITORY_FIELDS: readonly Field<RepositorySettings>[] = [
  ['username', 'Username', 'text'],
  ['password', 'Password', 'text'],
  ['sshPrivateKey', 'SSHPrivateKey', 'text'],
  ['insecureIgnoreHostKey', 'InsecureIgnoreHostKey', 'flag'],
  ['insecure', 'Insecure', 'flag'],
  ['enableLfs', 'EnableLFS', 'flag'],
  ['tlsClientCertData', 'TLSClientCertData', 'text'],
  ['tlsClientCertKey', 'TLSClientCertKey', 'text'],
  ['type', 'Type', 'text'],
  ['name', 'Name', 'text'],
  ['enableOCI', 'EnableOCI', 'flag'],
  ['githubAppPrivateKey', 'GithubAppPrivateKey', 'text'],
  ['githubAppID', 'GithubAppId', 'number'],
  ['githubAppInstallationID', 'GithubAppInstallationId', 'number'],
  ['githubAppEnterpriseBaseUrl', 'GitHubAppEnterpriseBaseURL', 'text'],
  ['proxy', 'Proxy', 'text'],
  ['project', 'Project', 'text'],
  ['gcpServiceAccountKey', 'GCPServiceAccountKey', 'text'],
  ['forceHttpBasicAuth', 'ForceHttpBasicAuth', 'flag'],
  ['noProxy', 'NoProxy', 'text'],
  ['useAzureWorkloadIdentity', 'UseAzureWorkloadIdentity', 'flag'],
  ['bearerToken', 'BearerToken', 'text'],
  ['insecureOCIForceHttp', 'InsecureOCIForceHttp', 'flag'],
  ['depth', 'Depth', 'number'],
  ['webhookManifestCacheWarmDisabled', 'WebhookManifestCacheWarmDisabled', 'flag'],
  ['azureServicePrincipalClientId', 'AzureServicePrincipalClientId', 'text'],
  ['azureServicePrincipalClientSecret', 'AzureServicePrincipalClientSecret', 'text'],
  ['azureServicePrincipalTenantId', 'AzureServicePrincipalTenantId', 'text'],
  ['azureActiveDirectoryEndpoint', 'AzureActiveDirectoryEndpoint', 'text'],
];

/** In the order of the reference. */
export const CREDENTIALS_FIELDS: readonly Field<RepositoryAccess>[] = [
  ['username', 'Username', 'text'],
  ['password', 'Password', 'text'],
  ['sshPrivateKey', 'SSHPrivateKey', 'text'],
  ['tlsClientCertData', 'TLSClientCertData', 'text'],
  ['tlsClientCertKey', 'TLSClientCertKey', 'text'],
  ['githubAppPrivateKey', 'GithubAppPrivateKey', 'text'],
  ['githubAppID', 'GithubAppId', 'number'],
  ['githubAppInstallationID', 'GithubAppInstallationId', 'number'],
  ['githubAppEnterpriseBaseUrl', 'GitHubAppEnterpriseBaseURL', 'text'],
  ['enableOCI', 'EnableOCI', 'flag'],
  ['type', 'Type', 'text'],
  ['gcpServiceAccountKey', 'GCPServiceAccountKey', 'text'],
  ['proxy', 'Proxy', 'text'],
  ['forceHttpBasicAuth', 'ForceHttpBasicAuth', 'flag'],
  ['noProxy', 'NoProxy', 'text'],
  ['useAzureWorkloadIdentity', 'UseAzureWorkloadIdentity', 'flag'],
  ['bearerToken', 'BearerToken', 'text'],
  ['insecureOCIForceHttp', 'InsecureOCIForceHttp', 'flag'],
  ['azureServicePrincipalClientId', 'AzureServicePrincipalClientId', 'text'],
  ['azureServicePrincipalClientSecret', 'AzureServicePrincipalClientSecret', 'text'],
  ['azureServicePrincipalTenantId', 'AzureServicePrincipalTenantId', 'text'],
  ['azureActiveDirectoryEndpoint', 'AzureActiveDirectoryEndpoint', 'text'],
];

const keysOf = (fields: readonly Field<never>[]): readonly string[] => ['url', ...fields.map(([key]) => key)];

/** All keys that a Secret may have. */
export const SECRET_KEYS = {
  repository: keysOf(REPOSITORY_FIELDS),
  credentials: keysOf(CREDENTIALS_FIELDS),
  cluster: ['server', 'name', 'config', 'namespaces', 'clusterResources', 'shard', 'project'],
} as const;

/** The values of a Secret by their keys; what is not set is ''. */
export type SecretTexts = Readonly<Record<string, string>>;

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== 0 && value !== false;

function textsOf<T extends object>(fields: readonly Field<T>[], settings: T): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key] of fields) texts[key] = isSet(settings[key]) ? String(settings[key]) : '';
  return texts;
}

function fieldsOf<T>(fields: readonly Field<T>[], texts: SecretTexts): JsonObject {
  const values: Record<string, string | number | boolean> = {};
  for (const [key, , kind] of fields) {
    const value = readText(kind, texts[key] ?? '');
    if (isSet(value)) values[key] = value;
  }
  return values;
}

function readText(kind: Kind, text: string): string | number | boolean {
  if (kind === 'text') return text;
  if (kind === 'flag') return /^(1|t|T|TRUE|true|True)$/.test(text.trim());
  return Number.parseInt(text, 10) || 0;
}

export const repositoryTexts = (repository: RepositorySettings): SecretTexts => ({
  ...textsOf(REPOSITORY_FIELDS, repository),
  url: repository.repo,
});

export const repositoryOfTexts = (texts: SecretTexts): RepositorySettings => ({
  repo: texts['url'] ?? '',
  ...fieldsOf(REPOSITORY_FIELDS, texts),
});

export const credentialsTexts = (credentials: RepositoryCredentials): SecretTexts => ({
  ...textsOf(CREDENTIALS_FIELDS, credentials),
  url: credentials.url,
});

export const credentialsOfTexts = (texts: SecretTexts): RepositoryCredentials => ({
  url: texts['url'] ?? '',
  ...fieldsOf(CREDENTIALS_FIELDS, texts),
});

/** The fields that two settings differ in, as the reference calls them. */
export function differingSettings<T extends object>(fields: readonly Field<T>[], a: T, b: T): string[] {
  return fields.filter(([key]) => (isSet(a[key]) || isSet(b[key])) && a[key] !== b[key]).map(([, goName]) => goName);
}

export const clusterTexts = (cluster: ClusterSettings): SecretTexts => ({
  server: cluster.server ?? '',
  name: cluster.name ?? '',
  config: JSON.stringify(sortedConfig(cluster.config ?? {})),
  namespaces: (cluster.namespaces ?? []).join(','),
  clusterResources: cluster.clusterResources ? 'true' : '',
  shard: cluster.shard === undefined || cluster.shard === null ? '' : String(cluster.shard),
  project: cluster.project ?? '',
});

/** As Go writes it: the fields in their order, what is empty left out. */
function sortedConfig(config: ClusterConfig): JsonObject {
  const { tlsClientConfig: tls = {}, ...rest } = config;
  const fields = ['username', 'password', 'bearerToken'] as const;
  const later = ['awsAuthConfig', 'execProviderConfig', 'disableCompression', 'proxyUrl'] as const;
  const texts = (['serverName', 'certData', 'keyData', 'caData'] as const).flatMap((key) =>
    tls[key] ? [[key, tls[key]] as const] : [],
  );
  return JSON.parse(
    JSON.stringify({
      ...Object.fromEntries(fields.flatMap((key) => (rest[key] ? [[key, rest[key]]] : []))),
      tlsClientConfig: { insecure: tls.insecure ?? false, ...Object.fromEntries(texts) },
      ...Object.fromEntries(later.flatMap((key) => (rest[key] ? [[key, rest[key]]] : []))),
    }),
  );
}

/** Throws a SyntaxError, or the problem of the shape, where the configuration cannot be read. */
export function clusterOfTexts(texts: SecretTexts): ClusterSettings {
  const config: unknown = JSON.parse(texts['config'] || '{}');
  if (!fits(clusterConfig, config))
    throw new SyntaxError(clusterConfig.problem(config, 'config') ?? 'no configuration');
  const namespaces = (texts['namespaces'] ?? '').split(',').map((one) => one.trim());
  const set = namespaces.filter((one) => one !== '');
  const shard = Number.parseInt(texts['shard'] ?? '', 10);
  return {
    server: (texts['server'] ?? '').replace(/\/+$/, ''),
    name: texts['name'] ?? '',
    config,
    ...(set.length > 0 ? { namespaces: set } : {}),
    ...(readText('flag', texts['clusterResources'] ?? '') === true ? { clusterResources: true } : {}),
    ...(Number.isNaN(shard) ? {} : { shard }),
    ...(texts['project'] ? { project: texts['project'] } : {}),
  };
}

/** 'repo-747670883': by the URL and the project. */
export const repositorySecretName = ({ repo, project = '' }: RepositorySettings): string =>
  `repo-${fnv32a(`${repo}${project}`)}`;

export const credentialsSecretName = ({ url }: Pick<RepositoryCredentials, 'url'>): string => `creds-${fnv32a(url)}`;

/** 'cluster-127.0.0.1-1831374316'. */
export function clusterSecretName(server: string): string {
  const host = /^[a-z]+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]*)/i.exec(server)?.[1] ?? '';
  return `cluster-${host.toLowerCase().replace(/[[\]]/g, '').replaceAll(':', '.')}-${fnv32a(server)}`;
}

/** FNV-1a of 32 bits, by bytes of UTF-8. */
function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** The labels and annotations that are of the cluster, not of the Secret around it. */
export function clusterMetadata(metadata: JsonObject): Pick<ClusterSettings, 'labels' | 'annotations'> {
  const labels = without(objectAt(metadata, 'labels'), [SECRET_TYPE_LABEL]);
  const annotations = without(objectAt(metadata, 'annotations'), [MANAGED_BY.key, REFRESH_ANNOTATION]);
  return {
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}

const without = (texts: JsonObject, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Object.keys(isObject(texts) ? texts : {})
      .filter((key) => !keys.includes(key))
      .map((key) => [key, textAt(texts, key)]),
  );

/** A Secret as one would keep it in Git: texts as they are, what is not set left out. */
export interface SecretDocument {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly stringData: SecretTexts;
}

interface SecretParts {
  readonly type: string;
  readonly name: string;
  readonly texts: SecretTexts;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function secretDocument({ type, name, texts, labels, annotations }: SecretParts): SecretDocument {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      labels: { ...labels, [SECRET_TYPE_LABEL]: type },
      annotations: { ...annotations, [MANAGED_BY.key]: MANAGED_BY.value },
    },
    stringData: Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
  };
}

export const repositorySecret = (repository: RepositorySettings): SecretDocument =>
  secretDocument({
    type: SECRET_TYPES.repository,
    name: repositorySecretName(repository),
    texts: repositoryTexts(repository),
  });

export const credentialsSecret = (credentials: RepositoryCredentials): SecretDocument =>
  secretDocument({
    type: SECRET_TYPES.credentials,
    name: credentialsSecretName(credentials),
    texts: credentialsTexts(credentials),
  });

export const clusterSecret = (cluster: ClusterSettings): SecretDocument =>
  secretDocument({
    type: SECRET_TYPES.cluster,
    name: clusterSecretName(cluster.server ?? ''),
    texts: clusterTexts(cluster),
    labels: cluster.labels ?? {},
    annotations: cluster.annotations ?? {},
  });
