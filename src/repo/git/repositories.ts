// Repositories by their URL: a local one is read in place, any other has a bare mirror with the commits that were
// asked for, each without its history.

import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from '../../cache/cache.ts';
import { createKeyedMutex, createSingleFlight } from '../../core/concurrency.ts';
import { HawserError } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import { type Repository, storageName } from '../request.ts';
import { gitFailure, webPage } from './failure.ts';
import type { Git } from './git.ts';
import { checkRepositoryUrl, gitFolderOf, localFolder, withoutUrlCredentials } from './location.ts';
import { digestOf, initMirror } from './mirror.ts';
import { type Commit, missingRevision } from './objects.ts';
import { commitOf, isCommit, isShortCommit, parseReferences, type References, unresolved } from './references.ts';

export interface Repositories {
  references(repository: Repository, options?: ReferenceOptions): Promise<References>;
  /** The commit that a revision means. */
  resolve(repository: Repository, revision: Revision): Promise<string>;
  /** A Git folder that holds a commit; fetches it where it is not there yet. */
  commit(repository: Repository, revision: string): Promise<Commit>;
}

interface Revision {
  readonly name: string;
  readonly tagPrefix?: string;
  readonly force?: boolean;
  readonly maxAgeMs?: number;
}

interface ReferenceOptions {
  readonly force?: boolean;
  /** References that were read within so many milliseconds are good enough. */
  readonly maxAgeMs?: number;
}

interface RepositoryContext {
  readonly git: Git;
  readonly cache: Cache;
  readonly clock: Clock;
  /** The folder of the mirrors. */
  readonly folder: string;
}

/** Shorter than the poll of the controller, so that each poll of a repository learns what is new within 3 minutes. */
const REFERENCES_TTL_MS = 60_000;

export function createRepositories({ git, cache, clock, folder }: RepositoryContext): Repositories {
  const singleFlight = createSingleFlight<References>();
  const exclusive = createKeyedMutex();

  const read = new Map<string, { readonly at: number; readonly references: References }>();
  const references = (
    repository: Repository,
    { force = false, maxAgeMs = 0 }: ReferenceOptions = {},
  ): Promise<References> => {
    const url = storageName(repository);
    const last = read.get(url);
    if (last && !force && clock.now() - last.at < maxAgeMs) return Promise.resolve(last.references);
    return singleFlight(url, async () => {
      const at = clock.now();
      const now = await listReferences({ git, cache }, withoutUrlCredentials(repository), force);
      read.set(url, { at, references: now });
      return now;
    });
  };

  const commit = async (source: Repository, revision: string): Promise<Commit> => {
    const repository = withoutUrlCredentials(source);
    const { url } = repository;
    checkRepositoryUrl(url);
    const local = localFolder(url);
    if (local !== undefined) return { url, gitFolder: await gitFolderOf(local, url), revision };
    const gitFolder = join(folder, digestOf(repository));
    // Two fetches into one folder would meet at its locks; the second one mostly finds that the first did its work.
    await exclusive(gitFolder, () => fetchCommit(git, repository, { gitFolder, revision, now: clock.now() }));
    return { url, gitFolder, revision };
  };

  return {
    references,
    commit,
    async resolve(repository, { name, tagPrefix = '', ...options }) {
      if (isCommit(name)) return name.toLowerCase();
      const all = await references(repository, options);
      const commitId = commitOf(all, name, tagPrefix);
      if (commitId !== undefined) return commitId;
      const expanded = isShortCommit(name)
        ? await expandCommit(git, withoutUrlCredentials(repository), { name, folder })
        : undefined;
      if (expanded === undefined) throw unresolved(repository.url, name, all);
      return expanded;
    },
  };
}

async function listReferences(
  { git, cache }: Pick<RepositoryContext, 'git' | 'cache'>,
  repository: Repository,
  force: boolean,
): Promise<References> {
  const { url } = repository;
  checkRepositoryUrl(url);
  const local = localFolder(url);
  if (local !== undefined) return localReferences(git, await gitFolderOf(local, url), url);
  const key = `git-refs|${storageName(repository)}`;
  const cached = force ? undefined : await cache.get(key);
  if (cached !== undefined) return parseReferences(cached);
  const { stdout } = await git.speak(repository, ['ls-remote', '--', url]);
  if (stdout.length === 0) await refusePage(repository);
  await cache.set(key, stdout.toString('utf8'), REFERENCES_TTL_MS);
  return parseReferences(stdout.toString('utf8'));
}

async function refusePage(repository: Repository): Promise<void> {
  if (!/^https?:/i.test(repository.url)) return;
  const { fetchText } = await import('../http.ts');
  const page = await fetchText({
    ...repository,
    url: `${repository.url.replace(/\/+$/, '')}/info/refs?service=git-upload-pack`,
  });
  if (page !== undefined && /^\s*<(!doctype|html)/i.test(page)) throw webPage(repository.url);
}

async function localReferences(git: Git, gitFolder: string, url: string): Promise<References> {
  const { code, stdout, stderr } = await git.read(gitFolder, ['show-ref', '--head', '--dereference']);
  // Code 1 without a word: there is no reference yet.
  if (code !== 0 && stderr.trim() !== '') {
    throw new HawserError('invalid', `'${url}' is not a git repository`, { cause: gitFailure(url, stderr) });
  }
  return parseReferences(stdout.toString('utf8'));
}

interface Target {
  readonly gitFolder: string;
  readonly revision: string;
  readonly now: number;
}

const done = (): boolean => true;
const failed = (): boolean => false;

const MAX_COMMITS = 50;

/** Removes the commits that were used longest ago, so that a mirror does not grow for ever. */
async function pruneCommits(git: Git, gitFolder: string): Promise<void> {
  const folder = join(gitFolder, 'refs', 'hawser');
  const names = await readdir(folder).catch(() => []);
  if (names.length <= MAX_COMMITS) return;
  const used = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  used.sort((a, b) => b.at - a.at);
  for (const { name } of used.slice(MAX_COMMITS / 2)) await rm(join(folder, name), { force: true });
  // Our references are looked for as files of their own: they must not be packed into one.
  await git.read(gitFolder, ['-c', 'gc.packRefs=false', 'gc', '--quiet', '--prune=now']);
}

/** A reference keeps each commit that was fetched: its file says without a process that the commit is there. */
async function fetchCommit(git: Git, repository: Repository, { gitFolder, revision, now }: Target): Promise<void> {
  const reference = `refs/hawser/${revision}`;
  const used = new Date(now);
  if (await utimes(join(gitFolder, reference), used, used).then(done, failed)) return;
  await initMirror(git, gitFolder, repository.url);
  const words = ['--git-dir', gitFolder, 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-gc'];
  const one = [...words, '--depth=1', '--', repository.url, `${revision}:${reference}`];
  try {
    await git.speak(repository, one);
    await pruneCommits(git, gitFolder);
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.reason?.kind !== 'commit-refused') throw thrown;
    // Some servers give branches and tags only: fetch these and look whether the commit came along.
    const all = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
    await git.speak(repository, [...words, '--', repository.url, ...all]);
    const { code } = await git.read(gitFolder, ['update-ref', reference, revision]);
    if (code !== 0) throw missingRevision(repository.url, revision);
  }
}

/** The full name of a short commit that no reference points at. */
async function expandCommit(
  git: Git,
  repository: Repository,
  { name, folder }: { readonly name: string; readonly folder: string },
): Promise<string | undefined> {
  const { url } = repository;
  const local = localFolder(url);
  const gitFolder =
    local === undefined ? join(folder, `${digestOf(repository)}-commits`) : await gitFolderOf(local, url);
  if (local === undefined) {
    await initMirror(git, gitFolder, url);
    const words = ['--git-dir', gitFolder, 'fetch', '--quiet', '--no-write-fetch-head', '--no-auto-gc'];
    // Names of commits are all that is wanted: their files stay where they are.
    const all = ['--filter=tree:0', '--', url, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    await git.speak(repository, [...words, ...all]);
  }
  const { code, stdout } = await git.read(gitFolder, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
  return code === 0 ? stdout.toString('utf8').trim() : undefined;
}
