// Registered repositories: read, added, changed, removed. What opens them is never answered.

import {
  createRepository,
  deleteRepository,
  getRepository,
  listRepositories,
  repositoryObject,
  updateRepository,
  validateRepository,
} from '../../api/repositories.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { withoutLogins } from '../../core/url.ts';
import { differingSettings, REPOSITORY_FIELDS } from '../../model/connection-secret.ts';
import {
  type ConnectionState,
  hasCredentials,
  type RepositoryConnection,
  type RepositorySettings,
} from '../../model/repository.ts';
import { permissionDenied } from '../auth/enforcer.ts';
import { differentSpec } from '../connections/difference.ts';
import { createRepositoryStore, type InheritingRepository, type RepositoryStore } from '../connections/repositories.ts';
import { type ConnectionStates, createConnectionStates, SUCCESSFUL } from '../connections/states.ts';
import { testFailure } from '../connections/test-failure.ts';
import { type Call, type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

interface Parts {
  readonly ports: ServerPorts;
  readonly store: RepositoryStore;
  readonly states: ConnectionStates;
}

export function repositoryRoutes(ports: ServerPorts): Route[] {
  const test = (repository: RepositorySettings): Promise<void> => ports.repositories.test(repository);
  const states = createConnectionStates({ cache: ports.cache, clock: ports.clock, test });
  const parts: Parts = { ports, states, store: createRepositoryStore(ports.home, ports.namespace) };
  const answer = async (repository: RepositorySettings, force: boolean): Promise<RepositoryConnection> => {
    const complete = await parts.store.inherit(repository);
    return sanitised(complete, await states.of(complete, { force }));
  };
  return [
    route(listRepositories, async ({ forceRefresh: force = false }, { may }) => {
      const visible = (await sortedRepositories(parts.store)).filter((one) =>
        may({ resource: 'repositories', action: 'get', object: repositoryObject(one) }),
      );
      return { metadata: {}, items: await Promise.all(visible.map((one) => answer(one, force))) };
    }),
    route(getRepository, async ({ repo, appProject, forceRefresh: force = false }, call) =>
      answer(await findVisible(parts.store, { repo, project: appProject }, call), force),
    ),
    route(createRepository, ({ repo, upsert = false, credsOnly = false }, call) =>
      create(parts, { repository: repo, upsert, credsOnly }, call),
    ),
    route(updateRepository, async ({ 'repo.repo': url, repo }, call) => {
      const before = await findVisible(parts.store, { repo: url, project: repo.project }, call);
      call.demand({ resource: 'repositories', action: 'update', object: repositoryObject(before) });
      await save(parts, { ...repo, repo: before.repo, project: before.project });
      return brief({ ...repo, repo: before.repo }, UNKNOWN);
    }),
    route(deleteRepository, async ({ repo, appProject }, call) => {
      const repository = await findVisible(parts.store, { repo, project: appProject }, call);
      call.demand({ resource: 'repositories', action: 'delete', object: repositoryObject(repository) });
      await parts.store.repositories.remove(repository);
      await states.forget(repository);
      return {};
    }),
    route(validateRepository, async ({ repo }) => {
      throw testFailure(new HawserError('not-found', '', { reason: { kind: 'repository-missing' } }), repo);
    }),
  ];
}

/** The repositories that are for one project alone, as they are known without a test. */
export async function repositoriesOfProject(
  { home, namespace }: ServerPorts,
  project: string,
): Promise<readonly RepositoryConnection[]> {
  const { repositories } = createRepositoryStore(home, namespace);
  const own = (await repositories.list()).filter((one) => one.project === project);
  return own.map((one) => sanitised(one, UNKNOWN));
}

const UNKNOWN = { status: '', message: '' } as const;

async function sortedRepositories({ repositories }: RepositoryStore): Promise<readonly RepositorySettings[]> {
  const keyOf = ({ repo, project = '' }: RepositorySettings): string => `${repo}\n${project}`;
  return [...(await repositories.list())].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** One that the caller may see; of several with its URL, which one is meant must be said. */
async function findVisible(
  store: RepositoryStore,
  { repo, project = '' }: { readonly repo: string; readonly project?: string },
  { may }: Call,
): Promise<RepositorySettings> {
  const visible = (await store.candidates(repo, project)).filter((one) =>
    may({ resource: 'repositories', action: 'get', object: repositoryObject(one) }),
  );
  const [first] = visible;
  if (!first) throw permissionDenied();
  if (visible.length === 1) return first;
  const global = visible.find((one) => !one.project);
  if (global) return global;
  throw new HawserError('invalid', `repository '${withoutLogins(repo)}' is in several projects`, {
    hint: `name one of them with --project: ${visible.map((one) => one.project).join(', ')}`,
  });
}

interface Creation {
  readonly repository: RepositorySettings;
  readonly upsert: boolean;
  /** What is in the repository is not looked at. */
  readonly credsOnly: boolean;
}

async function create(
  parts: Parts,
  { repository, upsert, credsOnly }: Creation,
  { demand }: Call,
): Promise<RepositoryConnection> {
  const { ports, store, states } = parts;
  const { repositories } = store;
  if (repository.repo === '') throw new HawserError('invalid', 'repository URL is missing', { hint: 'give its URL' });
  // The credentials of a repository of one project may come later.
  if (!repository.project && !credsOnly) await test(ports, await store.inherit(repository));
  try {
    await repositories.create(repository);
    await states.forget(repository);
    return brief(repository, UNKNOWN);
  } catch (thrown) {
    if (asHawserError(thrown).code !== 'already-exists') throw thrown;
    const existing = await store.find(repository.repo, repository.project);
    if (!existing) throw thrown;
    const keys = differingSettings(
      REPOSITORY_FIELDS,
      { ...existing, type: existing.type || 'git' },
      withType(repository),
    );
    if (keys.length === 0) return brief(existing, UNKNOWN);
    if (!upsert) throw differentSpec('repository', keys);
    demand({ resource: 'repositories', action: 'update', object: repositoryObject(existing) });
    await save(parts, repository);
    return brief(repository, SUCCESSFUL);
  }
}

const withType = (repository: RepositorySettings): RepositorySettings => ({
  ...repository,
  type: repository.type || 'git',
});

async function save({ store, states }: Parts, repository: RepositorySettings): Promise<void> {
  await store.repositories.update(repository);
  await states.forget(repository);
}

async function test({ repositories }: ServerPorts, repository: RepositorySettings): Promise<void> {
  try {
    await repositories.test(repository);
  } catch (thrown) {
    throw testFailure(asHawserError(thrown), repository.repo);
  }
}

type State = Pick<ConnectionState, 'status' | 'message'> & { readonly attemptedAt?: unknown };

/** What a change answers. */
function brief({ repo, type, name }: RepositorySettings, state: State): RepositoryConnection {
  return {
    repo,
    connectionState: withTime(state),
    ...(type ? { type } : {}),
    ...(name ? { name } : {}),
  };
}

/** Go writes a time that is not set as null. */
const withTime = (state: State): ConnectionState => ({ ...state, attemptedAt: state.attemptedAt ?? null });

/** Without what opens it. */
function sanitised(repository: InheritingRepository, state: State): RepositoryConnection {
  const { repo, type, name, project, proxy, noProxy, depth, inheritedCreds } = repository;
  const flags = ['insecure', 'enableLfs', 'enableOCI', 'insecureOCIForceHttp', 'forceHttpBasicAuth'] as const;
  const app = [
    'githubAppID',
    'githubAppInstallationID',
    'githubAppEnterpriseBaseUrl',
    'useAzureWorkloadIdentity',
  ] as const;
  const set = [...flags, ...app].flatMap((key) => (repository[key] ? [[key, repository[key]] as const] : []));
  return {
    repo: withoutLogins(repo),
    connectionState: withTime(state),
    ...Object.fromEntries(set),
    ...(repository.insecureIgnoreHostKey ? { insecure: true } : {}),
    type: type || 'git',
    ...(name ? { name } : {}),
    ...(project ? { project } : {}),
    ...(proxy ? { proxy: withoutLogins(proxy) } : {}),
    ...(noProxy ? { noProxy } : {}),
    ...(depth ? { depth } : {}),
    ...(inheritedCreds && hasCredentials(repository) ? { inheritedCreds: true } : {}),
  };
}
