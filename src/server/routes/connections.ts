import {
  type ClusterConnection,
  getCluster,
  listClusters,
  listReferences,
  listRepositories,
  listRepositoryApplications,
} from '../../api/connections.ts';
import { listAt, textAt } from '../../core/json.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import { IN_CLUSTER } from '../../model/cluster.ts';
import { permissionDenied } from '../auth/enforcer.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export function connectionRoutes(ports: ServerPorts): Route[] {
  const inCluster = async (): Promise<ClusterConnection> => {
    const [serverVersion, { items }] = await Promise.all([
      ports.home.version(),
      ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace }),
    ]);
    const connectionState = { status: 'Successful', message: '', attemptedAt: null };
    const version = serverVersion.replace(/^v(\d+\.\d+).*$/, '$1');
    const info = { connectionState, serverVersion: version, cacheInfo: {}, applicationsCount: items.length };
    return { ...IN_CLUSTER, config: {}, connectionState, serverVersion: version, info } satisfies ClusterConnection & {
      config: object;
    };
  };
  return [
    route(listClusters, async (_input, { may }) => {
      const isVisible = may({ resource: 'clusters', action: 'get', object: IN_CLUSTER.server });
      return { items: isVisible ? [await inCluster()] : [] };
    }),
    route(getCluster, async (query) => {
      const { 'id.type': type, 'id.value': value } = query;
      const server = ports.serverOf(type === 'name' ? { name: value } : { server: value });
      if (server !== IN_CLUSTER.server) throw permissionDenied();
      return inCluster();
    }),
    route(listRepositories, async (_input, { may }) => {
      const repositories = await repositoriesInUse(ports);
      return {
        items: repositories.filter(({ repo }) => may({ resource: 'repositories', action: 'get', object: repo })),
      };
    }),
    route(listRepositoryApplications, async ({ repo, revision }) => ({
      items: await ports.repositories.applications(repo, revision ?? ''),
    })),
    route(listReferences, async ({ repo }) => ports.repositories.references(repo)),
  ];
}

/** The repositories of the applications: a public repository need not be registered. */
async function repositoriesInUse(ports: ServerPorts): Promise<{ repo: string; type: string }[]> {
  const { items } = await ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace });
  const urls = items.flatMap((object) => [
    textAt(object, 'spec', 'source', 'repoURL'),
    ...listAt(object, 'spec', 'sources').map((source) => textAt(source, 'repoURL')),
  ]);
  return [...new Set(urls)]
    .filter((url) => url !== '')
    .sort()
    .map((repo) => ({ repo, type: 'git' }));
}
