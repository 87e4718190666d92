// The repo server without a system around it: repositories of this machine, and what their applications render to.

import type { Manifest } from '../model/manifest.ts';
import { createGit } from './git/git.ts';
import { gitFolderOf } from './git/location.ts';
import { openTree, type Tree } from './git/tree.ts';
import {
  type ClonedCommit,
  forkPoint,
  localCommit,
  openWorkingCopy,
  snapshot,
  type WorkingCopy,
} from './git/working-copy.ts';
import { type LocalSourcesRequest, renderLocalSources } from './local-sources.ts';
import { temporaryFolders } from './render/temporary-folders.ts';
import { decodeText } from './render/text.ts';
import { createRepoServer, type RepoServerOptions } from './repo-server.ts';

/** Files of a commit by their paths from the root of the repository. */
export interface CommitFiles {
  readonly paths: readonly string[];
  read(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface OfflineRepoServer {
  workingCopy(folder: string): Promise<WorkingCopy>;
  commit(copy: WorkingCopy, revision: string): Promise<ClonedCommit>;
  /** The files as they lie here; the commit is gone with `close`. */
  snapshot(copy: WorkingCopy): Promise<ClonedCommit>;
  forkPoint(copy: WorkingCopy, revisions: readonly [string, string]): Promise<string | undefined>;
  files(commit: ClonedCommit): Promise<CommitFiles>;
  render(request: LocalSourcesRequest): Promise<readonly Manifest[]>;
  close(): Promise<void>;
}

export function createOfflineRepoServer(options: RepoServerOptions): OfflineRepoServer {
  const { folder } = options;
  const git = createGit(options);
  const folders = temporaryFolders(folder);
  const sharedCheckout = (tree: Tree): Promise<string> =>
    folders.filled(`${tree.url} ${tree.revision}`, (path) => tree.writeTo(path));
  const repo = createRepoServer({ ...options, sharedCheckout });
  /** A thousand applications may be pinned to one revision. */
  const commits = new Map<string, Promise<ClonedCommit>>();
  const snapshots = new Map<string, Promise<ClonedCommit>>();
  const take = async (copy: WorkingCopy): Promise<ClonedCommit> =>
    snapshot(git, copy, await folders.filled(`snapshot ${copy.root}`));
  return {
    workingCopy: (path) => openWorkingCopy(git, path),
    commit(copy, revision) {
      const key = `${copy.root} ${revision}`;
      const commit = commits.get(key) ?? localCommit(git, copy, revision);
      commits.set(key, commit);
      return commit;
    },
    snapshot(copy) {
      const taken = snapshots.get(copy.root) ?? take(copy);
      snapshots.set(copy.root, taken);
      return taken;
    },
    forkPoint: (copy, revisions) => forkPoint(git, copy, revisions),
    async files({ clone, revision }) {
      const tree = await openTree(git, { url: clone, gitFolder: await gitFolderOf(clone, clone), revision });
      const paths = [...tree.entries.values()].filter(({ kind }) => kind === 'file' || kind === 'program');
      return {
        paths: paths.map(({ path }) => path),
        read: async (some) =>
          new Map([...(await tree.read(some))].map(([path, content]) => [path, decodeText(content)])),
      };
    },
    render: (request) => renderLocalSources(repo, request),
    async close() {
      // Git may still write into a folder when another step has failed.
      await Promise.allSettled(snapshots.values());
      await folders.remove();
    },
  };
}
