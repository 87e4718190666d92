// What opens a repository, for whom it is asked: the credentials registered for its URL, else those of a URL above it, and
// the certificates and host keys of its server. Another project's credentials are never taken.

import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { proxyFor } from '../../core/proxy.ts';
import type { Clock } from '../../core/time.ts';
import { isSshUrl, type RepositoryCredentials, type RepositorySettings } from '../../model/repository.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { createGithubTokens } from '../../repo/github-app.ts';
import type { Credentials } from '../../repo/request.ts';
import { KNOWN_HOSTS_KEY, KNOWN_HOSTS_MAP, TLS_MAP } from '../connections/certificates.ts';
import { createTextMap } from '../connections/config-maps.ts';
import { createRepositoryStore, inheritFrom, ofProject } from '../connections/repositories.ts';

export interface RepositoryAccess {
  /** For the applications of a project. */
  of(url: string, project: string): Promise<Credentials | undefined>;
  /** Of a repository that need not be registered. */
  ofSettings(repository: RepositorySettings): Promise<Credentials | undefined>;
  /** What was read a moment ago counts no more. */
  forget(): void;
}

interface AccessOptions {
  readonly home: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
}

interface Registered {
  readonly repositories: readonly RepositorySettings[];
  readonly credentials: readonly RepositoryCredentials[];
  /** PEM by host. */
  readonly certificates: Readonly<Record<string, string>>;
  readonly knownHosts: string | undefined;
}

/** A thousand applications that are compared at once ask for the same. */
const TTL_MS = 1000;

export function createRepositoryAccess({ home, namespace, clock }: AccessOptions): RepositoryAccess {
  const store = createRepositoryStore(home, namespace);
  const tls = createTextMap(home, { namespace, name: TLS_MAP });
  const ssh = createTextMap(home, { namespace, name: KNOWN_HOSTS_MAP });
  const githubToken = createGithubTokens(clock);
  let last: { readonly at: number; readonly registered: Promise<Registered> } | undefined;

  const read = async (): Promise<Registered> => {
    const [repositories, credentials, certificates, hosts] = await Promise.all([
      store.repositories.list(),
      store.credentials.list(),
      tls.read(),
      ssh.read(),
    ]);
    return { repositories, credentials, certificates, knownHosts: hosts[KNOWN_HOSTS_KEY] };
  };
  const registered = (): Promise<Registered> => {
    if (last && clock.now() - last.at < TTL_MS) return last.registered;
    const reading = read();
    last = { at: clock.now(), registered: reading };
    reading.catch(() => {
      last = undefined;
    });
    return reading;
  };
  const open = async (all: Registered, repository: RepositorySettings): Promise<Credentials | undefined> => {
    const settings = inheritFrom(all.credentials, repository);
    const credentials = credentialsOf(settings, all);
    if (!settings.githubAppPrivateKey) return credentials;
    const { githubAppID: id = 0, githubAppInstallationID: installationId, githubAppPrivateKey: privateKey } = settings;
    const app = { id, privateKey, ...omitUndefined({ installationId, baseUrl: settings.githubAppEnterpriseBaseUrl }) };
    const password = await githubToken(app, repository.repo, connectionOf(credentials));
    return { ...credentials, username: 'x-access-token', password };
  };
  return {
    of: async (url, project) => {
      const all = await registered();
      return open(all, ofProject(all.repositories, url, project) ?? { repo: url });
    },
    ofSettings: async (repository) => open(await registered(), repository),
    forget: () => {
      last = undefined;
    },
  };
}

/** The way there, without the login. */
const connectionOf = ({ proxy, insecure, caCertificates }: Credentials = {}): Credentials =>
  omitUndefined({ proxy, insecure, caCertificates });

function credentialsOf(
  settings: RepositorySettings,
  { certificates, knownHosts }: Registered,
): Credentials | undefined {
  refuseUnsupported(settings);
  const { repo, username, password, bearerToken, sshPrivateKey, project } = settings;
  const credentials: Credentials = omitUndefined({
    username: username || undefined,
    password: password || undefined,
    bearerToken: bearerToken || undefined,
    sshPrivateKey: sshPrivateKey || undefined,
    tlsClientCert: settings.tlsClientCertData || undefined,
    tlsClientKey: settings.tlsClientCertKey || undefined,
    caCertificates: isSshUrl(repo) ? undefined : certificatesFor(repo, certificates),
    sshKnownHosts: isSshUrl(repo) ? knownHosts : undefined,
    insecure: settings.insecure || settings.insecureIgnoreHostKey ? true : undefined,
    plainHttp: settings.insecureOCIForceHttp || undefined,
    proxy: settings.proxy ? proxyOf(settings) : undefined,
    scope: project || undefined,
  });
  return Object.keys(credentials).length === 0 ? undefined : credentials;
}

/** By the host with its port, or without. */
function certificatesFor(url: string, certificates: Readonly<Record<string, string>>): string | undefined {
  const host = /^[a-z]+:\/\/(?:[^@/]*@)?([^/]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return certificates[host] || certificates[host.replace(/:\d+$/, '')] || undefined;
}

/** '' where the exceptions name the host. */
function proxyOf({ repo, proxy = '', noProxy = '' }: RepositorySettings): string {
  if (!/^https?:/i.test(repo)) return proxy;
  return proxyFor(repo, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: noProxy }) ?? '';
}

function refuseUnsupported({
  repo,
  gcpServiceAccountKey,
  useAzureWorkloadIdentity,
  ...rest
}: RepositorySettings): void {
  const way = gcpServiceAccountKey
    ? 'a service account of Google Cloud'
    : useAzureWorkloadIdentity || rest.azureServicePrincipalClientId
      ? 'an identity of Azure'
      : '';
  if (way === '') return;
  throw new HawserError('not-implemented', `repository '${repo}' logs in by ${way}, which Hawser does not do`, {
    hint: 'give it a username with a token, or an ssh key',
  });
}
