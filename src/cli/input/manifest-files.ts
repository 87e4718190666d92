import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { whyUnreadable } from './unreadable.ts';

const MANIFEST = /\.(ya?ml|json)$/;

/** The manifests of a folder in the order of their names; of those below it where `recursive` says so. */
export async function manifestFiles(place: string, recursive: boolean): Promise<string[]> {
  const isFolder = await stat(place).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (place === '-' || !isFolder) return [place];
  const entries = await readdir(place, { recursive }).catch((cause: unknown) => {
    throw new HawserError('usage', `cannot read ${place}: ${whyUnreadable(cause, 'folder')}`, {
      hint: `ls -ld ${place}`,
      cause,
    });
  });
  const names = entries.filter((name) => MANIFEST.test(name)).sort();
  if (names.length > 0) return names.map((name) => join(place, name));
  throw new HawserError('invalid', `there is no .yaml, .yml or .json file in ${place}`, {
    ...(recursive ? {} : { hint: '-R reads the folders below it too' }),
  });
}
