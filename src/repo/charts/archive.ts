// A packed chart as files: regular ones alone, all of them below the folder that the archive has at its top.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { HawserError } from '../../core/errors.ts';

/** Of all files, unpacked. */
const LIMIT_BYTES = 100 * 1024 * 1024;

/** Writes the files into a folder, without the archive's own one. Throws `invalid` for what is no packed chart. */
export async function unpackChart(archive: Buffer, target: string, what: string): Promise<void> {
  const files = await readChart(archive, what);
  if (!files.has('Chart.yaml')) throw broken(what, 'it has no Chart.yaml in the folder at its top');
  for (const [path, content] of files) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(target, path), content);
  }
}

/** The files by their paths in the chart. Throws `invalid` for what is no packed chart. */
export async function readChart(archive: Buffer, what: string): Promise<ReadonlyMap<string, Buffer>> {
  const packed = await promisify(gunzip)(archive, { maxOutputLength: LIMIT_BYTES }).catch((cause: unknown) => {
    throw broken(what, 'it is no gzip, or too large', cause);
  });
  const { extract } = await import('tar-stream');
  const entries = extract();
  const files = new Map<string, Buffer>();
  const reading = (async () => {
    for await (const entry of entries) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) if (chunk instanceof Buffer) chunks.push(chunk);
      // Links would lead out of the chart, or to what is not there.
      if (entry.header.type === 'file') files.set(pathOf(entry.header.name, what), Buffer.concat(chunks));
    }
  })();
  entries.end(packed);
  await reading.catch((cause: unknown) => {
    throw cause instanceof HawserError ? cause : broken(what, 'it is no tar archive', cause);
  });
  return files;
}

function pathOf(name: string, what: string): string {
  const [, ...parts] = name.replaceAll('\\', '/').split('/');
  const path = posix.normalize(parts.join('/'));
  const isInside = path !== '.' && !posix.isAbsolute(path) && !path.startsWith('..') && !/^[a-z]:/i.test(path);
  if (isInside) return path;
  throw broken(what, `the file '${name}' lies outside of the chart`);
}

const broken = (what: string, why: string, cause?: unknown): HawserError =>
  new HawserError('invalid', `${what} is no packed chart: ${why}`, { cause });
