// A repository that the server knows, and credentials that hold for all repositories below a URL.

import { anything, flag, list, number, type Of, object, optional, text } from '../core/shape.ts';

export const connectionState = object({
  /** 'Successful', 'Failed', 'Unknown', or '' before the first attempt. */
  status: text,
  message: text,
  /** A time; null before the first attempt. */
  attemptedAt: anything,
});

export interface ConnectionState extends Of<typeof connectionState> {}

/** How to get into a repository: the fields that a repository and credentials for many have in common. */
const access = {
  username: optional(text),
  password: optional(text),
  bearerToken: optional(text),
  sshPrivateKey: optional(text),
  tlsClientCertData: optional(text),
  tlsClientCertKey: optional(text),
  type: optional(text),
  enableOCI: optional(flag),
  insecureOCIForceHttp: optional(flag),
  githubAppPrivateKey: optional(text),
  githubAppID: optional(number),
  githubAppInstallationID: optional(number),
  githubAppEnterpriseBaseUrl: optional(text),
  proxy: optional(text),
  noProxy: optional(text),
  gcpServiceAccountKey: optional(text),
  forceHttpBasicAuth: optional(flag),
  useAzureWorkloadIdentity: optional(flag),
  azureServicePrincipalClientId: optional(text),
  azureServicePrincipalClientSecret: optional(text),
  azureServicePrincipalTenantId: optional(text),
  azureActiveDirectoryEndpoint: optional(text),
} as const;

const settings = {
  ...access,
  repo: text,
  name: optional(text),
  project: optional(text),
  insecure: optional(flag),
  insecureIgnoreHostKey: optional(flag),
  enableLfs: optional(flag),
  depth: optional(number),
  webhookManifestCacheWarmDisabled: optional(flag),
} as const;

export const repositorySettings = object(settings);

/** A repository as it is registered, with what opens it. */
export interface RepositorySettings extends Of<typeof repositorySettings> {}

export const repositoryConnection = object({
  ...settings,
  /** The credentials are those of a URL above it. */
  inheritedCreds: optional(flag),
  connectionState,
});

/** A repository as it is answered: without what opens it. */
export interface RepositoryConnection extends Of<typeof repositoryConnection> {}

export const repositoryList = object({ items: optional(list(repositoryConnection)), metadata: anything });

export const repositoryCredentials = object({ ...access, url: text });

/** Credentials for every repository whose URL begins with this one. */
export interface RepositoryCredentials extends Of<typeof repositoryCredentials> {}

export const repositoryCredentialsList = object({ items: optional(list(repositoryCredentials)), metadata: anything });

/** What opens a repository, wherever it stands. */
export interface RepositoryAccess extends Omit<RepositoryCredentials, 'url'> {}

/** The fields by which a repository has credentials of its own. */
const CREDENTIALS = [
  'username',
  'password',
  'bearerToken',
  'sshPrivateKey',
  'tlsClientCertData',
  'githubAppPrivateKey',
  'gcpServiceAccountKey',
  'useAzureWorkloadIdentity',
  'azureServicePrincipalClientId',
] as const satisfies readonly (keyof RepositoryAccess)[];

export const hasCredentials = (access: RepositoryAccess): boolean =>
  CREDENTIALS.some((field) => Boolean(access[field]));

/** 'git@host:path' and 'ssh://git@host/path'. */
export const isSshUrl = (url: string): boolean => /^(ssh:\/\/)?[^/:]*@[^@]+$/.test(url);

/** A URL as it is compared: 'GIT@example.com:a.git' and 'ssh://git@example.com/a' are one. */
export function comparableUrl(url: string): string {
  const plain = url.trim().toLowerCase();
  const scp = isSshUrl(plain) && !plain.startsWith('ssh://');
  return (scp ? plain.replace(':', '/') : plain).replace(/^ssh:\/\//, '').replace(/\.git$/, '');
}

/** The credentials with the longest URL that a repository is below. */
export function longestPrefix<T extends { readonly url: string }>(all: readonly T[], url: string): T | undefined {
  const fitting = all.filter((one) => one.url !== '' && isBelow(comparableUrl(url), comparableUrl(one.url)));
  return fitting.reduce<T | undefined>(
    (best, one) => (best && best.url.length >= one.url.length ? best : one),
    undefined,
  );
}

/** A name of a host is no prefix of a longer one: 'https://git.example.com' is not 'https://git.example.com.evil.org'. */
function isBelow(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const rest = url.slice(prefix.length);
  const isHostAlone = !prefix.replace(/^[a-z][a-z\d+.-]*:\/\//, '').includes('/');
  return !isHostAlone || rest === '' || rest.startsWith('/');
}
