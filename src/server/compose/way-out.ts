// How far the repositories of a server may be away, and by which way they are reached.

import { REACH_VARIABLE, type Reach, refuseThisMachine } from '../../repo/address.ts';
import type { Egress } from '../../repo/egress.ts';
import type { RepositoryAccess } from './repository-access.ts';

export interface WayOut {
  /** Of the programs that fetch. */
  readonly environment: NodeJS.ProcessEnv;
  /** Refuses what may not be reached, and sends what may through the proxy that looks at each address. */
  guard(access: RepositoryAccess): RepositoryAccess;
  readonly mayWatch: boolean;
  close(): void;
}

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
const EXCEPTIONS = ['NO_PROXY', 'no_proxy'];

/** Without a reach nobody but the one who types can ask: what is refused is what no repository is at. */
export async function openWayOut(environment: NodeJS.ProcessEnv, reach: Reach | undefined): Promise<WayOut> {
  if (reach === undefined) return { environment, guard: (access) => access, mayWatch: true, close: () => undefined };
  // A proxy that is there decides for itself what it reaches.
  const hasProxy = PROXIES.some((name) => environment[name]);
  const egress = hasProxy
    ? undefined
    : await import('../../repo/egress.ts').then(({ openEgress }) => openEgress(reach));
  return {
    environment: { ...(egress ? throughProxy(environment, egress) : environment), [REACH_VARIABLE]: reach },
    guard: (access) => guarded(access, reach, egress),
    mayWatch: reach === 'anywhere',
    close: () => egress?.close(),
  };
}

function throughProxy(environment: NodeJS.ProcessEnv, { url }: Egress): NodeJS.ProcessEnv {
  const others = Object.entries(environment).filter(([name]) => !EXCEPTIONS.includes(name));
  return { ...Object.fromEntries(others), ...Object.fromEntries(PROXIES.map((name) => [name, url])) };
}

function guarded(access: RepositoryAccess, reach: Reach, egress: Egress | undefined): RepositoryAccess {
  const refuse = async (url: string, proxy?: string): Promise<void> => {
    if (reach === 'anywhere') return;
    await refuseThisMachine(url);
    if (proxy) await refuseThisMachine(proxy);
  };
  const withProxy = <T extends { readonly proxy?: string } | undefined>(url: string, credentials: T) =>
    egress && /^(https?|oci):/i.test(url) && !credentials?.proxy ? { ...credentials, proxy: egress.url } : credentials;
  return {
    ...access,
    of: async (url, project) => {
      await refuse(url);
      const credentials = await access.of(url, project);
      await refuse(url, credentials?.proxy);
      return withProxy(url, credentials);
    },
    ofSettings: async (repository) => {
      await refuse(repository.repo, repository.proxy);
      if (repository.githubAppEnterpriseBaseUrl) await refuse(repository.githubAppEnterpriseBaseUrl);
      return withProxy(repository.repo, await access.ofSettings(repository));
    },
  };
}
