// What a person names: a file, a folder, or a repository elsewhere.

import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { whyUnreadable } from '../input/unreadable.ts';

export type Location =
  /** The text of an Application: a file, a URL, or stdin. `folder` is where it stands here. */
  | { readonly kind: 'document'; readonly from: string; readonly folder: string }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'repository'; readonly url: string };

const DOCUMENT_URL = /^https?:\/\/[^?#]*\.(ya?ml|json)([?#].*)?$/i;
const REPOSITORY_URL = /^([a-z][a-z\d+.-]*:\/\/|[\w.-]+@[\w.-]+:)/i;

export async function locate(text: string): Promise<Location> {
  if (text === '-' || DOCUMENT_URL.test(text)) return { kind: 'document', from: text, folder: resolve('.') };
  if (REPOSITORY_URL.test(text)) return { kind: 'repository', url: text };
  const stats = await stat(text).catch((thrown: unknown) => {
    throw new HawserError('usage', `cannot read ${text}: ${whyUnreadable(thrown, 'file or folder')}`, {
      hint: 'name a file with an Application, a folder with manifests, or the URL of a repository',
      cause: thrown,
    });
  });
  if (stats.isDirectory()) return { kind: 'folder', folder: resolve(text) };
  return { kind: 'document', from: text, folder: dirname(resolve(text)) };
}
