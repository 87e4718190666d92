// `--server-side-generate`: the files of a folder here, to be rendered by the server.

import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { matchesGlob } from '../../core/glob.ts';
import { type Application, hasMultipleSources, sourcesOf } from '../../model/application.ts';
import type { SentFile, SentFiles } from '../../model/sent-files.ts';
import { placeOf } from './local-manifests.ts';

export interface SentChoice {
  readonly local: readonly string[];
  readonly root?: string;
  /** Globs; without a slash they mean the name of a file. */
  readonly include: readonly string[];
}

/** What stands in the repository around the folder; of the repository itself, the path of the application's source. */
export async function gatherFiles(app: Application, { local, root, include }: SentChoice): Promise<SentFiles> {
  const [folder] = local;
  if (folder === undefined || local.length > 1 || hasMultipleSources(app.spec)) {
    throw new HawserError(
      'usage',
      '--server-side-generate takes the one --local folder of an application with one source',
      {
        hint: 'leave it out: the folders are then rendered here',
      },
    );
  }
  const location = await placeOf(folder, root);
  const path = location.path === '.' ? (sourcesOf(app.spec)[0]?.path ?? '.') : location.path;
  const files = await filesBelow(location.root, location.root, include);
  if (files.length === 0) {
    throw new HawserError('usage', `no file below ${location.root} is one of ${include.join(', ')}`, {
      hint: '--local-include GLOB',
    });
  }
  return { path, files };
}

async function filesBelow(folder: string, root: string, include: readonly string[]): Promise<SentFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.map(async (entry): Promise<SentFile[]> => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === '.git' ? [] : filesBelow(path, root, include);
    const name = relative(root, path).split(sep).join('/');
    const isWanted = include.some((glob) => matchesGlob(glob, glob.includes('/') ? name : basename(name)));
    return entry.isFile() && isWanted ? [{ path: name, content: await readFile(path, 'base64') }] : [];
  });
  return (await Promise.all(files)).flat();
}
