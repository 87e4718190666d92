// Sessions, accounts, version, settings, projects, clusters and repositories.

import {
  type ClusterConnection,
  getCluster,
  listClusters,
  listReferences,
  listRepositories,
  listRepositoryApplications,
} from '../../api/connections.ts';
import { getDetailedProject, getProject, listProjects } from '../../api/projects.ts';
import {
  createSession,
  deleteSession,
  getAccount,
  getSettings,
  getUserInfo,
  getVersion,
  listAccounts,
  updatePassword,
} from '../../api/sessions.ts';
import { HawserError } from '../../core/errors.ts';
import { listAt, textAt } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import { type Project, project } from '../../model/project.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Sessions } from '../auth/sessions.ts';
import { permissionDenied, type Route, route } from '../http/dispatch.ts';
import type { ServerPorts } from '../ports.ts';
import { APPLICATION_TYPE } from './find.ts';

const IN_CLUSTER = { server: 'https://kubernetes.default.svc', name: 'in-cluster' } as const;
const PROJECT_TYPE = { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject' } as const;

export function settingsRoutes(ports: ServerPorts, sessions: Sessions): Route[] {
  return [...sessionRoutes(ports, sessions), ...projectRoutes(ports), ...connectionRoutes(ports)];
}

function sessionRoutes(ports: ServerPorts, sessions: Sessions): Route[] {
  return [
    route(createSession, async ({ username, password }) => ({
      token: await sessions.login(username ?? '', password ?? ''),
    })),
    route(deleteSession, async () => ({})),
    route(getUserInfo, async (_input, { caller }) =>
      caller.username ? { loggedIn: true, username: caller.username, iss: caller.issuer } : {},
    ),
    route(getVersion, async (_input, { caller }) => {
      if (!caller.username) return { Version: ports.version };
      return {
        Version: ports.version,
        Platform: `${process.platform}/${process.arch}`,
        ...(await ports.toolVersions()),
      };
    }),
    route(getSettings, async () => ({
      appLabelKey: 'app.kubernetes.io/instance',
      trackingMethod: 'annotation',
      passwordPattern: '^.{8,32}$',
      controllerNamespace: ports.namespace,
    })),
    route(listAccounts, async () => ({ items: [await sessions.account()] })),
    route(getAccount, async ({ name }) => {
      if (name !== 'admin') throw new HawserError('not-found', `account '${name}' does not exist`);
      return sessions.account();
    }),
    route(updatePassword, async ({ name, currentPassword, newPassword }, { caller }) => {
      await sessions.updatePassword(name || caller.username, currentPassword ?? '', newPassword);
      return {};
    }),
  ];
}

function projectRoutes(ports: ServerPorts): Route[] {
  const find = async (name: string): Promise<Project> => {
    if (name === '') throw new HawserError('internal', 'resource name may not be empty');
    const found = await ports.home.get({ ...PROJECT_TYPE, namespace: ports.namespace, name });
    if (!found) throw new HawserError('not-found', `appprojects.argoproj.io "${name}" not found`);
    return projectOnWire(found);
  };
  return [
    route(listProjects, async () => {
      const { items } = await ports.home.list(PROJECT_TYPE, { namespace: ports.namespace });
      return { items: items.map(projectOnWire) };
    }),
    route(getProject, ({ name }) => find(name)),
    route(getDetailedProject, async ({ name }) => ({ project: await find(name) })),
  ];
}

function projectOnWire(object: KubeObject): Project {
  const { apiVersion: _version, kind: _kind, metadata, spec, status } = object;
  return parse(project, { metadata, spec: spec ?? {}, status: status ?? {} }, `project '${metadata.name ?? ''}'`);
}

function connectionRoutes(ports: ServerPorts): Route[] {
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
    route(listClusters, async () => ({ items: [await inCluster()] })),
    route(getCluster, async (query) => {
      const wanted = query['id.type'] === 'name' ? IN_CLUSTER.name : IN_CLUSTER.server;
      if (query['id.value'] !== wanted) throw permissionDenied();
      return inCluster();
    }),
    route(listRepositories, async () => ({ items: await knownRepositories(ports) })),
    route(listRepositoryApplications, async ({ repo, revision }) => ({
      items: await ports.repositories.applications(repo, revision ?? ''),
    })),
    route(listReferences, async ({ repo }) => ports.repositories.references(repo)),
  ];
}

/** The repositories of the applications: nothing needs to be registered for a repository that anyone may read. */
async function knownRepositories(ports: ServerPorts): Promise<{ repo: string; type: string }[]> {
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
