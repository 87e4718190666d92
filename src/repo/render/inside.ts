// Paths that a source names must stay in the files it came with.

import { realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { HawserError } from '../../core/errors.ts';

/** The file or folder on disk: a leading slash means the root, anything else counts from `base`. */
export function placeInside(root: string, base: string, path: string): string {
  const absolute = path.startsWith('/') ? join(root, path) : resolve(root, base, path);
  checkInside(root, absolute, path);
  return absolute;
}

/** Throws `invalid`, with the path as it was written, for a place that is not in the root. */
export function checkInside(root: string, absolute: string, path: string): void {
  if (!isInside(root, absolute)) throw outside(path);
}

/** The same after links were followed; undefined where nothing is there. */
export async function realPlaceInside(root: string, absolute: string): Promise<string | undefined> {
  const real = await realpath(absolute).catch(() => undefined);
  if (real === undefined) return undefined;
  if (!isInside(await realpath(root), real)) throw outside(relative(root, absolute));
  return real;
}

function isInside(root: string, absolute: string): boolean {
  return absolute === root || absolute.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

function outside(path: string): HawserError {
  return new HawserError('invalid', `file '${path}' resolved to outside repository root`, {
    hint: 'a source may only name files of its own repository; $name/… names those of another source',
  });
}
