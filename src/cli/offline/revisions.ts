// The two states of a repository that a preview compares.

import { HawserError } from '../../core/errors.ts';
import type { ComparedRevision } from '../../render/application-differences.ts';
import type { LocalCommit, LocalRepository, Offline } from './offline.ts';
import type { RepositoryState } from './rendering.ts';

export interface RevisionChoice {
  /** Absent: the default branch. */
  readonly base?: string;
  /** '.' is the files as they lie here. */
  readonly head: string;
  /** Compares with where the two parted. */
  readonly mergeBase: boolean;
}

export interface ComparedState extends ComparedRevision {
  readonly state: RepositoryState;
}

export interface Comparison {
  readonly base: ComparedState;
  readonly head: ComparedState;
  /** Where the two parted, if the base has gone on since. */
  readonly forkedAt: string | undefined;
}

const WORKING_FILES = '.';

export async function openRevisions(
  repository: LocalRepository,
  { base, head, mergeBase }: RevisionChoice,
  offline: Offline,
): Promise<Comparison> {
  const name = base ?? repository.defaultBranch;
  if (name === undefined) {
    throw new HawserError('usage', 'the default branch of this repository is not known', {
      hint: 'name what to compare with: hawser preview --base main',
    });
  }
  const [tip, headCommit] = await Promise.all([offline.commit(repository, name), openHead(repository, head, offline)]);
  const headName = head === WORKING_FILES ? 'HEAD' : head;
  const committed = await offline.commit(repository, headName);
  const fork = await offline.forkPoint(repository, [tip.revision, committed.revision]);
  const isPast = fork !== undefined && fork !== tip.revision;
  if (mergeBase && fork === undefined) {
    throw new HawserError('not-found', `${name} and ${headName} have no commit in common here`, {
      hint: 'fetch their history: git fetch --unshallow',
    });
  }
  const commit = mergeBase && fork !== undefined ? { ...tip, revision: fork } : tip;
  const branches = await branchNames(repository, [name, headName], offline);
  const stateOf = (at: LocalCommit): RepositoryState => ({ repository, commit: at, branches });
  const describe = (as: string, at: LocalCommit): ComparedState => ({
    name: as,
    commit: at.revision,
    state: stateOf(at),
  });
  return {
    base: describe(name, commit),
    head: describe(head === WORKING_FILES ? 'working files' : head, headCommit),
    forkedAt: isPast && !mergeBase ? fork : undefined,
  };
}

const openHead = (repository: LocalRepository, head: string, offline: Offline): Promise<LocalCommit> =>
  head === WORKING_FILES ? offline.snapshot(repository) : offline.commit(repository, head);

/** The branches that change by a merge: the one that is named, or, where commits are compared, the one that one stands on. */
async function branchNames(
  repository: LocalRepository,
  names: readonly string[],
  offline: Offline,
): Promise<readonly string[]> {
  const branches = await Promise.all(names.map((name) => branchName(repository, name, offline)));
  const [base, head = repository.branch] = branches;
  const known = [base ?? repository.branch ?? repository.defaultBranch, head];
  return [...new Set(known.flatMap((name) => name ?? []))];
}

async function branchName(repository: LocalRepository, name: string, offline: Offline): Promise<string | undefined> {
  const short = name.replace(/^(refs\/heads\/|(refs\/remotes\/)?origin\/)/, '');
  if (short === 'HEAD') return undefined;
  for (const reference of [`refs/heads/${short}`, `refs/remotes/origin/${short}`]) {
    const exists = await offline.commit(repository, reference).then(
      () => true,
      () => false,
    );
    if (exists) return short;
  }
  return undefined;
}
