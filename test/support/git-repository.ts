// A Git repository in a temporary folder, for tests that render what was committed.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GitRepository {
  readonly url: string;
  /** Writes files; a null removes one. */
  write(files: Readonly<Record<string, string | null>>): Promise<void>;
  /** Writes files and commits all; answers the commit. */
  commit(files: Readonly<Record<string, string | null>>, message?: string): Promise<string>;
  git(...words: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

export async function createGitRepository(): Promise<GitRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-git-'));
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: '2025-01-02T03:04:05Z',
    GIT_COMMITTER_DATE: '2025-01-02T03:04:05Z',
  };
  const git = async (...words: readonly string[]): Promise<string> =>
    (await run('git', ['-C', folder, ...words], { env: environment })).stdout.trim();
  const write = async (files: Readonly<Record<string, string | null>>): Promise<void> => {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) {
        await rm(join(folder, path));
        continue;
      }
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  };
  await git('init', '--quiet', '--initial-branch=main');
  return {
    url: folder,
    write,
    git,
    async commit(files, message = 'change') {
      await write(files);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
