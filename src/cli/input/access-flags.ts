// What opens a repository, as `repo add`, `repocreds add` and `admin repo generate-spec` take it.

import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { isSshUrl, type RepositoryAccess } from '../../model/repository.ts';
import type { Context } from '../context.ts';
import { type Flag, type OptionsOf, ofGroup } from './flags.ts';
import { readSource } from './read-source.ts';
import { readSecret, secretFlags, warnOfArgv } from './secrets.ts';

const LOGIN = ofGroup('Login', [
  { name: 'username', type: 'string', value: 'name', summary: 'username' },
  { name: 'password', type: 'string', value: 'password', summary: 'password or token' },
  ...secretFlags('password', 'password'),
  { name: 'bearer-token', type: 'string', value: 'token', summary: 'bearer token (Bitbucket Data Center)' },
  ...secretFlags('bearer-token', 'bearer token'),
  { name: 'ssh-private-key-path', type: 'string', value: 'file', summary: 'private ssh key' },
  { name: 'tls-client-cert-path', type: 'string', value: 'file', summary: 'TLS client certificate (PEM)' },
  {
    name: 'tls-client-cert-key-path',
    type: 'string',
    value: 'file',
    summary: 'key of the TLS client certificate (PEM)',
  },
  {
    name: 'force-http-basic-auth',
    type: 'bool',
    summary: 'send username and password before the server asks for them',
  },
]);

const APPS = ofGroup('Login by an app or a cloud', [
  { name: 'github-app-id', type: 'int', value: 'id', summary: 'ID of a GitHub app' },
  {
    name: 'github-app-installation-id',
    type: 'int',
    value: 'id',
    summary: 'ID of its installation (default: found by the repository)',
  },
  { name: 'github-app-private-key-path', type: 'string', value: 'file', summary: 'private key of the GitHub app' },
  {
    name: 'github-app-enterprise-base-url',
    type: 'string',
    value: 'URL',
    summary: 'API of a GitHub Enterprise server',
  },
  { name: 'gcp-service-account-key-path', type: 'string', value: 'file', summary: 'Google Cloud service account key' },
  { name: 'use-azure-workload-identity', type: 'bool', summary: 'use Azure workload identity' },
  { name: 'azure-service-principal-client-id', type: 'string', value: 'id', summary: 'Azure service principal' },
  {
    name: 'azure-service-principal-client-secret',
    type: 'string',
    value: 'secret',
    summary: 'client secret of the Azure service principal',
  },
  {
    name: 'azure-service-principal-tenant-id',
    type: 'string',
    value: 'id',
    summary: 'tenant of the service principal',
  },
  { name: 'azure-active-directory-endpoint', type: 'string', value: 'URL', summary: 'Azure Active Directory endpoint' },
]);

export const ACCESS_FLAGS = [
  { name: 'type', type: 'string', default: 'git', summary: 'git, helm or oci' },
  { name: 'enable-oci', type: 'bool', summary: 'the Helm repository is an OCI registry' },
  { name: 'insecure-oci-force-http', type: 'bool', summary: 'speak plain HTTP to the OCI registry' },
  ...LOGIN,
  ...APPS,
] as const satisfies readonly Flag[];

export type AccessOptions = OptionsOf<typeof ACCESS_FLAGS>;

export const REPOSITORY_FLAGS = [
  ...ACCESS_FLAGS,
  { name: 'name', type: 'string', summary: 'name of the repository; a Helm repository needs one' },
  { name: 'project', type: 'string', summary: 'the one project that may use it' },
  {
    name: 'insecure-skip-server-verification',
    type: 'bool',
    summary: "do not verify the server's certificate or host key",
  },
  {
    name: 'insecure-ignore-host-key',
    type: 'bool',
    summary: 'same as --insecure-skip-server-verification (deprecated)',
  },
  { name: 'enable-lfs', type: 'bool', summary: 'fetch files of Git LFS' },
  { name: 'depth', type: 'int', value: 'number', summary: 'commits to fetch; 0 fetches all' },
  { name: 'proxy', type: 'string', value: 'URL', summary: 'proxy to reach the repository by' },
  { name: 'no-proxy', type: 'string', value: 'hosts', summary: 'hosts to reach without the proxy' },
  {
    name: 'webhook-manifest-cache-warm-disabled',
    type: 'bool',
    summary: 'do not render ahead when a webhook comes',
  },
] as const satisfies readonly Flag[];

/** A refusal that the reference ends with 20. */
export const refusedOption = (message: string, hint?: string): HawserError =>
  new HawserError('usage', message, { ...omitUndefined({ hint }), reason: { kind: 'invalid-argument' } });

/** What the flags say of a URL, files and secrets read. */
export async function accessOf(url: string, options: AccessOptions, context: Context): Promise<RepositoryAccess> {
  const files = await keyFiles(url, options, context);
  if (options.insecureOciForceHttp && options.type !== 'oci' && !options.enableOci)
    throw refusedOption('--insecure-oci-force-http requires --type oci or --enable-oci');
  const { password, bearerToken } = await secretsOf(url, options, context);
  return {
    ...files,
    ...omitUndefined({
      type: options.type,
      username: options.username,
      password,
      bearerToken,
      enableOCI: options.enableOci,
      insecureOCIForceHttp: options.insecureOciForceHttp,
      forceHttpBasicAuth: options.forceHttpBasicAuth,
      githubAppID: options.githubAppId,
      githubAppInstallationID: options.githubAppInstallationId,
      githubAppEnterpriseBaseUrl: options.githubAppEnterpriseBaseUrl,
      useAzureWorkloadIdentity: options.useAzureWorkloadIdentity,
      azureServicePrincipalClientId: options.azureServicePrincipalClientId,
      azureServicePrincipalClientSecret: options.azureServicePrincipalClientSecret,
      azureServicePrincipalTenantId: options.azureServicePrincipalTenantId,
      azureActiveDirectoryEndpoint: options.azureActiveDirectoryEndpoint,
    }),
  };
}

const isHttps = (url: string): boolean => /^https:\/\//i.test(url);

async function keyFiles(url: string, options: AccessOptions, context: Context): Promise<RepositoryAccess> {
  const { sshPrivateKeyPath, tlsClientCertPath, tlsClientCertKeyPath, githubAppPrivateKeyPath } = options;
  const { gcpServiceAccountKeyPath } = options;
  const read = (path: string | undefined): Promise<string | undefined> => readKey(path, context);
  if (sshPrivateKeyPath && !isSshUrl(url))
    throw refusedOption(
      '--ssh-private-key-path is only supported for SSH repositories.',
      'give the URL as git@HOST:PATH or ssh://',
    );
  const sshPrivateKey = await read(sshPrivateKeyPath);
  if ((tlsClientCertPath === undefined) !== (tlsClientCertKeyPath === undefined))
    throw refusedOption('--tls-client-cert-path and --tls-client-cert-key-path must be specified together');
  const httpsOnly = [
    ['--tls-client-cert-path', tlsClientCertPath],
    ['--github-app-private-key-path', githubAppPrivateKeyPath],
    ['--gcp-service-account-key-path', gcpServiceAccountKeyPath],
  ] as const;
  for (const [flag, path] of httpsOnly)
    if (path && !isHttps(url)) throw refusedOption(`${flag} is only supported for HTTPS repositories`);
  return omitUndefined({
    sshPrivateKey,
    tlsClientCertData: await read(tlsClientCertPath),
    tlsClientCertKey: await read(tlsClientCertKeyPath),
    githubAppPrivateKey: await read(githubAppPrivateKeyPath),
    gcpServiceAccountKey: await read(gcpServiceAccountKeyPath),
  });
}

async function readKey(path: string | undefined, context: Context): Promise<string | undefined> {
  if (path === undefined || path === '') return undefined;
  try {
    return await readSource(path, context);
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.reason?.kind !== 'unreadable-input') throw thrown;
    throw thrown.with({ reason: { ...thrown.reason, kind: 'unreadable-file' } });
  }
}

type Secrets = Pick<RepositoryAccess, 'password' | 'bearerToken'>;

async function secretsOf(url: string, options: AccessOptions, context: Context): Promise<Secrets> {
  const bearerToken = await readSecret(
    {
      flag: '--bearer-token',
      typed: options.bearerToken,
      stdin: options.bearerTokenStdin,
      file: options.bearerTokenFile,
      variable: 'HAWSER_REPO_BEARER_TOKEN',
    },
    context,
  );
  const given = await readSecret(
    {
      flag: '--password',
      typed: options.password,
      stdin: options.passwordStdin,
      file: options.passwordFile,
      variable: 'HAWSER_REPO_PASSWORD',
    },
    context,
  );
  if (bearerToken && given) throw refusedOption('only --bearer-token or --password is allowed, not both');
  if (bearerToken && options.type !== 'git')
    throw refusedOption('--bearer-token is only supported for Git repositories');
  if (bearerToken && !isHttps(url)) throw refusedOption('--bearer-token is only supported for HTTPS repositories');
  if (options.azureServicePrincipalClientSecret)
    warnOfArgv('--azure-service-principal-client-secret', context, 'a file with -f');
  if (given !== undefined || !options.username) return omitUndefined({ bearerToken, password: given });
  return omitUndefined({ bearerToken, password: await askForPassword(context) });
}

async function askForPassword({ prompt }: Context): Promise<string> {
  if (prompt.possible) return prompt.secret('Password');
  throw new HawserError('usage', 'a password is missing', {
    hint: 'give it with --password-stdin or --password-file',
    reason: { kind: 'invalid-argument' },
  });
}
