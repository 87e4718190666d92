// What git knows of a commit beside its files.

import { matchesGlob } from '../../core/glob.ts';
import { timestamp } from '../../core/time.ts';
import type { RevisionMetadata } from '../request.ts';
import type { Git } from './git.ts';
import { type Commit, missingRevision } from './objects.ts';
import type { References } from './references.ts';

export async function metadataOf(git: Git, commit: Commit, references: References): Promise<RevisionMetadata> {
  const words = ['log', '-1', '--no-show-signature', '--format=%an <%ae>%x00%ct%x00%B', commit.revision, '--'];
  const { code, stdout } = await git.read(commit.gitFolder, words);
  if (code !== 0) throw missingRevision(commit.url, commit.revision);
  const [author = '', seconds = '0', message = ''] = stdout.toString('utf8').split('\0');
  const tags = [...references]
    .filter(([name, target]) => target === commit.revision && name.startsWith('refs/tags/'))
    .map(([name]) => name.slice('refs/tags/'.length));
  return { author, date: timestamp(Number(seconds) * 1000), message: message.trim(), tags };
}

/** The files that differ between two commits of one Git folder; undefined when it does not hold both. */
export async function changedFiles(git: Git, from: Commit, to: string): Promise<string[] | undefined> {
  const words = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from.revision, to];
  const { code, stdout } = await git.read(from.gitFolder, words);
  if (code !== 0) return undefined;
  return stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
}

/** Whether one of the files is, or lies below, or fits one of the paths. */
export function touches(files: readonly string[], paths: readonly string[]): boolean {
  const prefixes = paths.map((path) => path.replace(/^\.?\/+/, '').replace(/\/+$/, ''));
  return files.some((file) =>
    prefixes.some(
      (path) =>
        path === '' || path === '.' || file === path || file.startsWith(`${path}/`) || matchesGlob(path, file, '/'),
    ),
  );
}
