// Where a repository is: a Git folder of this machine, which is read in place, or elsewhere.

import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HawserError, systemCode } from '../../core/errors.ts';
import { shellWord } from '../../core/shell-word.ts';
import { withoutLogins } from '../../core/url.ts';
import type { Repository } from '../request.ts';

/** The folder that a URL names on this machine; undefined when it names another place. */
export function localFolder(url: string): string | undefined {
  if (/^file:\/\//i.test(url)) {
    try {
      return fileURLToPath(url);
    } catch (cause) {
      throw new HawserError('invalid', `'${url}' is not a valid URL`, { cause });
    }
  }
  return isAbsolute(url) ? url : undefined;
}

/** Throws `invalid` for what is no repository URL, before git can take it for an option or a transport of its own. */
export function checkRepositoryUrl(url: string): void {
  const isUrl =
    isAbsolute(url) || /^(file|https?|ssh|git|oci):\/\/[^\s]+$/i.test(url) || /^[\w.-]+@[\w.-]+:[^\s]+$/.test(url);
  if (isUrl && !url.startsWith('-')) return;
  throw new HawserError('invalid', `'${withoutLogins(url)}' is not a repository URL`, {
    hint: 'give an absolute folder, https://…, ssh://…, git@host:path, file://… or oci://…',
  });
}

/** The repository with the credentials of its URL taken out of it: a URL stands on command lines and in errors. */
export function withoutUrlCredentials(repository: Repository): Repository {
  const match = /^(https?:\/\/)([^/]*)@(.*)$/i.exec(repository.url);
  if (!match) return repository;
  const [, scheme = '', login = '', rest = ''] = match;
  const colon = login.indexOf(':');
  const username = decoded(colon < 0 ? login : login.slice(0, colon));
  const password = colon < 0 ? undefined : decoded(login.slice(colon + 1));
  // Credentials that were given for the repository win over what stands in its URL.
  return { url: `${scheme}${rest}`, credentials: { username, password, ...repository.credentials } };
}

/** What is no valid encoding was meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The Git folder of a working tree or a bare repository. */
export async function gitFolderOf(folder: string, url: string): Promise<string> {
  const folderKind = await kindOf(folder);
  if (folderKind === undefined) {
    throw new HawserError('invalid', `repository '${url}' not found: there is no such folder`, {
      hint: 'check the path; a local repository is named by its absolute path',
    });
  }
  if (folderKind === 'folder') {
    const inside = join(folder, '.git');
    const kind = await kindOf(inside);
    if (kind === 'folder') return inside;
    if (kind === 'file') return linkedFolder(folder, inside);
    if ((await kindOf(join(folder, 'HEAD'))) === 'file' && (await kindOf(join(folder, 'objects'))) === 'folder') {
      return folder;
    }
  }
  throw new HawserError('invalid', `'${url}' is not a git repository`, {
    hint: `git -C ${shellWord(folder)} init && git -C ${shellWord(folder)} add -A && git -C ${shellWord(folder)} commit -m "Add manifests"`,
  });
}

/** A worktree or submodule has a file that names its Git folder. */
async function linkedFolder(folder: string, file: string): Promise<string> {
  const target = /^gitdir: (.+)$/m.exec(await readFile(file, 'utf8'))?.[1];
  return target === undefined ? file : resolve(folder, target);
}

async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  const stats = await stat(path).catch((cause: unknown) => {
    if (systemCode(cause) !== 'EACCES') return undefined;
    throw new HawserError('invalid', `cannot read '${path}': permission denied`, {
      hint: `ls -ld ${shellWord(path)}`,
      cause,
    });
  });
  if (!stats) return undefined;
  return stats.isDirectory() ? 'folder' : 'file';
}
