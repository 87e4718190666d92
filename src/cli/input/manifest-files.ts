import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { whyUnreadable } from './unreadable.ts';

const MANIFEST = /\.(ya?ml|json)$/;

/** The manifests of a folder in the order of their names; of those below it where `recursive` says so. */
export async function manifestFiles(path: string, recursive: boolean): Promise<string[]> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (path === '-' || !isFolder) return [path];
  const entries = await readdir(path, { recursive }).catch((cause: unknown) => {
    throw new HawserError('usage', `cannot read ${path}: ${whyUnreadable(cause, 'folder')}`, {
      hint: `ls -ld ${path}`,
      cause,
    });
  });
  const names = entries.filter((name) => MANIFEST.test(name)).sort();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new HawserError('invalid', `there is no .yaml, .yml or .json file in ${path}`, {
    ...(recursive ? {} : { hint: '-R reads the folders below it too' }),
  });
}
