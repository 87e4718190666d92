// Commits that were opened: a thousand applications of one repository share one listing of its files.

import { type Repository, storageName } from '../request.ts';
import type { Git } from './git.ts';
import { localFolder } from './location.ts';
import type { Repositories } from './repositories.ts';
import { openWhole } from './submodules.ts';
import type { Tree } from './tree.ts';

export interface Trees {
  /** The files of a commit with those of its submodules in their places. */
  open(repository: Repository, revision: string): Promise<Tree>;
}

/** Of all trees together, the last one aside: about 100 MB. */
const MAX_ENTRIES = 300_000;

export function createTrees(parts: { readonly git: Git; readonly repositories: Repositories }): Trees {
  // What was used last stands last.
  const opened = new Map<string, Promise<Tree>>();
  const sizes = new Map<string, number>();

  const forget = (key: string): void => {
    opened.delete(key);
    sizes.delete(key);
  };
  const makeRoom = (): void => {
    let entries = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const key of opened.keys()) {
      if (entries <= MAX_ENTRIES || opened.size === 1) return;
      entries -= sizes.get(key) ?? 0;
      forget(key);
    }
  };
  const openNew = async (key: string, repository: Repository, revision: string): Promise<Tree> => {
    try {
      const tree = await openWhole(parts, repository, revision);
      sizes.set(key, tree.entries.size);
      makeRoom();
      return tree;
    } catch (thrown) {
      forget(key);
      throw thrown;
    }
  };

  return {
    async open(repository, revision) {
      const key = `${storageName(repository)} ${revision}`;
      // Fetches again what a mirror has let go of; what was listed is known even where the repository is gone.
      if (localFolder(repository.url) === undefined) {
        await parts.repositories.commit(repository, revision).catch((thrown: unknown) => {
          if (!opened.has(key)) throw thrown;
        });
      }
      const tree = opened.get(key) ?? openNew(key, repository, revision);
      opened.delete(key);
      opened.set(key, tree);
      return tree;
    },
  };
}
