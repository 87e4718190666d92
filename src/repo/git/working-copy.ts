// A repository as it lies on this machine: what its revisions mean here, and its files, committed or not, as a commit.

import { access, copyFile, mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { gitFailure } from './failure.ts';
import type { Git } from './git.ts';
import { gitFolderOf } from './location.ts';

export interface WorkingCopy {
  readonly root: string;
  /** Absent: a folder that is in no repository. */
  readonly gitFolder?: string;
  /** What sources may call this repository: its remotes. */
  readonly urls: readonly string[];
  /** Absent: HEAD is detached. */
  readonly branch?: string;
  /** Absent: nothing here says which it is. */
  readonly defaultBranch?: string;
}

/** A commit, and the Git folder of this machine that holds it. */
export interface ClonedCommit {
  readonly clone: string;
  readonly revision: string;
}

/** The repository that a folder belongs to; the folder itself where it belongs to none. */
export async function openWorkingCopy(git: Git, folder: string): Promise<WorkingCopy> {
  const root = await rootAround(folder);
  if (root === undefined) return { root: folder, urls: [] };
  const gitFolder = await gitFolderOf(root, root);
  const ask = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout } = await git.read(gitFolder, words);
    return code === 0 ? stdout.toString('utf8').trim() : '';
  };
  const [remotes, branch, remoteHead, heads] = await Promise.all([
    ask('config', '--get-regexp', '^remote\\..*\\.url$'),
    ask('symbolic-ref', '--quiet', '--short', 'HEAD'),
    ask('symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'),
    ask('for-each-ref', '--format=%(refname:lstrip=-1)', ...CUSTOMARY),
  ]);
  const urls = remotes.split('\n').flatMap((line) => line.split(' ').slice(1, 2));
  const [customary = ''] = heads.split('\n');
  const defaultBranch = remoteHead.replace(/^origin\//, '') || customary;
  return {
    root,
    gitFolder,
    urls,
    ...(branch === '' ? {} : { branch }),
    ...(defaultBranch === '' ? {} : { defaultBranch }),
  };
}

const CUSTOMARY = ['main', 'master'].flatMap((name) => [`refs/heads/${name}`, `refs/remotes/origin/${name}`]);

async function rootAround(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    if (await exists(join(current, '.git'))) return current;
    if (dirname(current) === current) return undefined;
  }
}

/** The commit that a revision means here: a branch of a remote counts where there is no branch of that name. */
export async function localCommit(git: Git, { root, gitFolder }: WorkingCopy, revision: string): Promise<ClonedCommit> {
  if (gitFolder === undefined) {
    throw new HawserError('invalid', `${root} is not in a Git repository: it has no revision '${revision}'`, {
      hint: `git -C ${root} init`,
    });
  }
  for (const name of [revision, `origin/${revision}`]) {
    const commit = await parsed(git, gitFolder, `${name}^{commit}`);
    if (commit !== undefined) return { clone: root, revision: commit };
  }
  throw new HawserError('not-found', `there is no revision '${revision}' in ${root}`, {
    hint: `git fetch origin ${revision}; a shallow clone needs its history: git fetch --unshallow (actions/checkout: fetch-depth: 0)`,
    details: { revision },
  });
}

async function parsed(git: Git, gitFolder: string, expression: string): Promise<string | undefined> {
  const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', expression];
  const { code, stdout } = await git.read(gitFolder, words);
  return code === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** The last commit that two have in common; undefined where none is known here. */
export async function forkPoint(
  git: Git,
  { gitFolder }: WorkingCopy,
  revisions: readonly [string, string],
): Promise<string | undefined> {
  if (gitFolder === undefined) return undefined;
  const { code, stdout } = await git.read(gitFolder, ['merge-base', ...revisions]);
  return code === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** How long git may read the files of a large repository. */
const SNAPSHOT_TIMEOUT_MS = 90_000;

const AUTHOR = {
  GIT_AUTHOR_NAME: 'hawser',
  GIT_AUTHOR_EMAIL: 'hawser@localhost',
  GIT_AUTHOR_DATE: '1970-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'hawser',
  GIT_COMMITTER_EMAIL: 'hawser@localhost',
  GIT_COMMITTER_DATE: '1970-01-01T00:00:00Z',
};

/**
 * The files as they lie here, as a commit in a Git folder below `scratch` that borrows the objects of the repository: nothing
 * is written to the repository itself. What is ignored is left out, as a commit would leave it out.
 */
export async function snapshot(git: Git, copy: WorkingCopy, scratch: string): Promise<ClonedCommit> {
  const { root, gitFolder } = copy;
  const clone = join(scratch, 'snapshot.git');
  const environment = { ...AUTHOR, GIT_WORK_TREE: root, GIT_INDEX_FILE: join(scratch, 'index') };
  const ask = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await git.read(clone, words, { environment, timeoutMs: SNAPSHOT_TIMEOUT_MS });
    if (code !== 0) throw gitFailure(root, stderr);
    return stdout.toString('utf8').trim();
  };
  const { code, stderr } = await git.read(clone, ['init', '--quiet', '--bare', '--template=']);
  if (code !== 0) throw gitFailure(root, stderr);
  if (gitFolder !== undefined) await borrow(git, gitFolder, { clone, index: environment.GIT_INDEX_FILE });
  await ask('add', '--all', ...(gitFolder === undefined ? ['--force'] : []), '.');
  const tree = await ask('write-tree');
  const head = gitFolder === undefined ? undefined : await parsed(git, gitFolder, 'HEAD^{commit}');
  if (head !== undefined && (await ask('rev-parse', `${head}^{tree}`)) === tree) return { clone: root, revision: head };
  return { clone, revision: await ask('commit-tree', tree, '-m', 'The files as they lie here') };
}

/** The index spares git reading each file again. */
async function borrow(
  git: Git,
  gitFolder: string,
  { clone, index }: { readonly clone: string; readonly index: string },
): Promise<void> {
  const pathOf = async (name: string): Promise<string> =>
    (await git.read(gitFolder, ['rev-parse', '--path-format=absolute', '--git-path', name])).stdout
      .toString('utf8')
      .trim();
  const [objects, ownIndex, exclude] = await Promise.all([pathOf('objects'), pathOf('index'), pathOf('info/exclude')]);
  await Promise.all([
    mkdir(join(clone, 'info'), { recursive: true }),
    mkdir(join(clone, 'objects', 'info'), { recursive: true }),
  ]);
  await writeFile(join(clone, 'objects', 'info', 'alternates'), `${objects}\n`);
  if (await exists(ownIndex)) {
    await copyFile(ownIndex, index);
    // Git reads a file again that changed no earlier than its index: a younger copy would hide what changed since.
    const before = Math.floor((await stat(ownIndex)).mtimeMs / 1000);
    await utimes(index, before, before);
  }
  if (await exists(exclude)) await copyFile(exclude, join(clone, 'info', 'exclude'));
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
