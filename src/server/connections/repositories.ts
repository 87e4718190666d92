// The registered repositories and credentials, kept in labelled Secrets.

import { HawserError } from '../../core/errors.ts';
import {
  credentialsOfTexts,
  credentialsSecretName,
  credentialsTexts,
  repositoryOfTexts,
  repositorySecretName,
  repositoryTexts,
  SECRET_TYPES,
} from '../../model/connection-secret.ts';
import {
  comparableUrl,
  hasCredentials,
  longestPrefix,
  type RepositoryCredentials,
  type RepositorySettings,
} from '../../model/repository.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { createSecrets, type Secrets, textsOf } from './secrets.ts';

/** Things of one kind, each in a Secret of its own. */
export interface Store<T> {
  list(): Promise<readonly T[]>;
  /** Throws `already-exists`. */
  create(item: T): Promise<void>;
  /** Throws `not-found`. */
  update(item: T): Promise<void>;
  /** Throws `not-found`. */
  remove(item: T): Promise<void>;
}

interface Codec<T> {
  readonly type: string;
  readonly read: (secret: KubeObject) => T;
  readonly write: (item: T) => Readonly<Record<string, string>>;
  readonly name: (item: T) => string;
  readonly isSame: (a: T, b: T) => boolean;
  readonly missing: (item: T) => string;
}

function createStore<T>(secrets: Secrets, codec: Codec<T>): Store<T> {
  const find = async (item: T): Promise<KubeObject> => {
    const secret = (await secrets.list()).find((one) => codec.isSame(codec.read(one), item));
    if (!secret) throw new HawserError('not-found', codec.missing(item));
    return secret;
  };
  return {
    list: async () => (await secrets.list()).map(codec.read),
    create: async (item) => {
      const all = await secrets.list();
      // A Secret of any name may hold it already.
      if (all.some((one) => codec.isSame(codec.read(one), item)))
        throw new HawserError('already-exists', `${codec.name(item)} already exists`);
      await secrets.create({ name: codec.name(item), texts: codec.write(item) });
    },
    update: async (item) => {
      await secrets.update(await find(item), { texts: codec.write(item) });
    },
    remove: async (item) => secrets.remove(await find(item)),
  };
}

export interface RepositoryStore {
  readonly repositories: Store<RepositorySettings>;
  readonly credentials: Store<RepositoryCredentials>;
  readonly writeCredentials: Store<RepositoryCredentials>;
  /** The registered repository of a URL: the project's own, else the one of all. */
  find(url: string, project?: string): Promise<RepositorySettings | undefined>;
  /** Those that a URL may mean: of the project, or of all where it has none; of every project where none is named. */
  candidates(url: string, project?: string): Promise<readonly RepositorySettings[]>;
  /** With the credentials of a URL above it, where it has none of its own. */
  inherit(repository: RepositorySettings): Promise<InheritingRepository>;
}

export interface InheritingRepository extends RepositorySettings {
  readonly inheritedCreds?: boolean;
}

export function createRepositoryStore(home: Cluster, namespace: string): RepositoryStore {
  const secretsOf = (type: string): Secrets => createSecrets({ home, namespace, type });
  const credentialsOf = (type: string): Store<RepositoryCredentials> =>
    createStore(secretsOf(type), {
      type,
      read: (secret) => credentialsOfTexts(textsOf(secret)),
      write: credentialsTexts,
      name: credentialsSecretName,
      isSame: (a, b) => a.url === b.url,
      missing: ({ url }) => `repository credentials '${url}' not found`,
    });
  const repositories = createStore<RepositorySettings>(secretsOf(SECRET_TYPES.repository), {
    type: SECRET_TYPES.repository,
    read: (secret) => repositoryOfTexts(textsOf(secret)),
    write: repositoryTexts,
    name: repositorySecretName,
    isSame: isSameRepository,
    missing: ({ repo }) => `repo '${repo}' not found`,
  });
  const credentials = credentialsOf(SECRET_TYPES.credentials);
  return {
    repositories,
    credentials,
    writeCredentials: credentialsOf(SECRET_TYPES.writeCredentials),
    find: async (url, project = '') => ofProject(await repositories.list(), url, project),
    candidates: async (url, project = '') => candidatesIn(await repositories.list(), url, project),
    inherit: async (repository) => inheritFrom(await credentials.list(), repository),
  };
}

const isSameRepository = (a: RepositorySettings, b: RepositorySettings): boolean =>
  comparableUrl(a.repo) === comparableUrl(b.repo) && (a.project ?? '') === (b.project ?? '');

/** A project's own before the one of all; never another project's. */
export function ofProject(
  all: readonly RepositorySettings[],
  url: string,
  project: string,
): RepositorySettings | undefined {
  const same = all.filter(({ repo }) => comparableUrl(repo) === comparableUrl(url));
  return same.find((one) => one.project === project) ?? same.find((one) => !one.project);
}

/** The URL as it stands counts before the same in other words. */
function candidatesIn(all: readonly RepositorySettings[], url: string, project: string): readonly RepositorySettings[] {
  const exact = all.filter(({ repo }) => repo === url);
  const same = exact.length > 0 ? exact : all.filter(({ repo }) => comparableUrl(repo) === comparableUrl(url));
  if (project === '') return same;
  const own = same.filter((one) => one.project === project);
  return own.length > 0 ? own : same.filter((one) => !one.project);
}

export function inheritFrom(
  all: readonly RepositoryCredentials[],
  repository: RepositorySettings,
): InheritingRepository {
  if (hasCredentials(repository)) return repository;
  const credentials = longestPrefix(all, repository.repo);
  if (!credentials) return repository;
  const { url: _url, type: _type, ...access } = credentials;
  const own = Object.fromEntries(Object.entries(repository).filter(([, value]) => value !== undefined && value !== ''));
  return { ...access, ...own, repo: repository.repo, inheritedCreds: true };
}
