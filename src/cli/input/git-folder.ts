// The Git repository of a folder of this machine: the one that a person stands in, or that a relative path names.

import { stat } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { whyUnreadable } from './unreadable.ts';

export interface GitFolder {
  readonly root: string;
  /** The name of its root folder. */
  readonly name: string;
  /** From the root, with slashes; '.' is the root. */
  readonly path: string;
  /** Where its first remote is. */
  readonly url: string | undefined;
  /** Undefined where HEAD is what a server follows anyway. */
  readonly branch: string | undefined;
}

/** The repository around a folder; undefined where there is none. */
export async function gitFolder(folder: string, context: Context): Promise<GitFolder | undefined> {
  const full = resolve(folder);
  const { root, gitFolder, urls, branch, defaultBranch } = await context.offline((offline) =>
    offline.workingCopy(full),
  );
  if (gitFolder === undefined) return undefined;
  const path = relative(root, full).split(sep).join('/') || '.';
  return { root, name: basename(root), path, url: urls[0], branch: branch === defaultBranch ? undefined : branch };
}

/** Whether a text names a folder by where one stands: '.', './deploy', '../shop'. */
const isRelative = (text: string): boolean => /^\.{1,2}([/\\]|$)/.test(text);

/**
 * A repository as the server can read it. A relative folder becomes the root of its repository for the local system, and the
 * address of its remote for a server elsewhere. Everything else stays as it is.
 */
export async function readableRepository(text: string, context: Context): Promise<string> {
  if (!isRelative(text)) return text;
  const stats = await stat(text).catch((thrown: unknown) => {
    throw new HawserError('usage', `cannot read ${text}: ${whyUnreadable(thrown, 'folder')}`, {
      hint: 'name the folder of a Git repository, or its URL',
    });
  });
  const found = stats.isDirectory() ? await gitFolder(text, context) : undefined;
  if (!found) {
    throw new HawserError('usage', `${text} is in no Git repository`, {
      hint: 'git init && git add -A && git commit -m "Begin" makes it one',
    });
  }
  const { local } = await context.connect();
  if (local) return found.root;
  if (found.url !== undefined && !isAbsolute(found.url)) return found.url;
  throw new HawserError('usage', `the server cannot read ${found.root}, a folder of this machine`, {
    hint: 'push it somewhere and name that URL: git remote add origin URL',
  });
}

/** Flags with the repository as the server can read it. */
export async function withReadableRepository<Flags extends { readonly repo?: string | undefined }>(
  flags: Flags,
  context: Context,
): Promise<Flags> {
  return flags.repo === undefined ? flags : { ...flags, repo: await readableRepository(flags.repo, context) };
}
