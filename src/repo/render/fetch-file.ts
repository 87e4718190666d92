// A file that a source names by its URL.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { withoutLogins } from '../../core/url.ts';
import { refuseUnreached } from '../address.ts';
import { fetchBytes } from '../http.ts';
import type { Rendering } from './renderer.ts';

/** Writes it into a folder; answers its name there. It may be anywhere: no login goes along. */
export async function fetchFile(
  { request, environment }: Rendering,
  { url, folder, prefix }: { readonly url: string; readonly folder: string; readonly prefix: string },
): Promise<string> {
  await refuseUnreached(url, environment);
  const proxy = (await request.credentialsOf?.(url))?.proxy;
  const bytes = await fetchBytes({ url, ...(proxy === undefined ? {} : { credentials: { proxy } }) });
  if (bytes === undefined) throw new HawserError('invalid', `there is no file at '${withoutLogins(url)}'`);
  const name = `${prefix}-${createHash('sha256').update(url).digest('hex').slice(0, 12)}.yaml`;
  await writeFile(join(folder, name), bytes, { mode: 0o600 });
  return name;
}
