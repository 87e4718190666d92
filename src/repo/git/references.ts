// Branches and tags as git lists them, and which commit a revision means.

import { HawserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { withoutLogins } from '../../core/url.ts';
import { isConstraint, isVersion, maxSatisfying } from '../../core/version.ts';

/** Full name ('HEAD', 'refs/heads/main') → commit; an annotated tag counts as the commit behind it. */
export type References = ReadonlyMap<string, string>;

/** Reads the lines of `ls-remote` and `show-ref`. */
export function parseReferences(text: string): References {
  const references = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{40}|[0-9a-f]{64})\s+(\S+)$/.exec(line);
    if (!match) continue;
    const [, commit = '', name = ''] = match;
    // The line of an annotated tag is followed by one for what it points to.
    references.set(name.endsWith('^{}') ? name.slice(0, -3) : name, commit);
  }
  return references;
}

export function branchesOf(references: References): string[] {
  return namesUnder(references, 'refs/heads/');
}

export function tagsOf(references: References): string[] {
  return namesUnder(references, 'refs/tags/');
}

function namesUnder(references: References, prefix: string): string[] {
  return [...references.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/i.test(revision);
}

export function isShortCommit(revision: string): boolean {
  return /^[0-9a-f]{7,39}$/i.test(revision);
}

/** The commit of a revision that a repository names; undefined when it names none. */
export function commitOf(references: References, revision: string, tagPrefix = ''): string | undefined {
  if (revision === '' || revision === 'HEAD') return references.get('HEAD') ?? onlyBranch(references);
  const tag = tagOf(references, revision, tagPrefix);
  if (tag !== undefined) return references.get(`refs/tags/${tag}`);
  for (const prefix of ['', 'refs/heads/', 'refs/tags/', 'refs/remotes/', 'refs/']) {
    const commit = references.get(`${prefix}${revision}`);
    if (commit !== undefined) return commit;
  }
  const wanted = revision.toLowerCase();
  return isShortCommit(revision) ? [...references.values()].find((commit) => commit.startsWith(wanted)) : undefined;
}

/** The tag by which a revision names this commit; undefined where it is named otherwise. */
export function tagBehind(
  references: References,
  {
    revision,
    tagPrefix = '',
    commit,
  }: { readonly revision: string; readonly tagPrefix?: string; readonly commit: string },
): string | undefined {
  const plain = revision.replace(/^(refs\/)?tags\//, '');
  const isBranch = plain === revision && references.has(`refs/heads/${revision}`);
  const name = tagOf(references, revision, tagPrefix) ?? (isBranch ? undefined : plain);
  return name !== undefined && references.get(`refs/tags/${name}`) === commit ? name : undefined;
}

/** A version pins the tag of that very name, a constraint the highest tag that fits. */
function tagOf(references: References, revision: string, tagPrefix: string): string | undefined {
  const version = isVersion(revision);
  if (tagPrefix !== '' && !version && !isConstraint(revision)) {
    throw new HawserError('invalid', `tagPrefix needs a version or a constraint, and '${revision}' is neither`);
  }
  if (version) return references.has(`refs/tags/${tagPrefix}${revision}`) ? `${tagPrefix}${revision}` : undefined;
  if (!isConstraint(revision)) return undefined;
  const versions = tagsOf(references)
    .filter((tag) => tag.startsWith(tagPrefix))
    .map((tag) => tag.slice(tagPrefix.length));
  const best = maxSatisfying(versions, revision);
  return best === undefined ? undefined : `${tagPrefix}${best}`;
}

/** A repository whose HEAD points at a branch that was never made still has one place to be. */
function onlyBranch(references: References): string | undefined {
  const branches = branchesOf(references);
  return branches.length === 1 ? references.get(`refs/heads/${branches[0]}`) : undefined;
}

/** Why a revision could not be resolved. */
export function unresolved(url: string, revision: string, references: References): HawserError {
  const where = withoutLogins(url);
  if (references.size === 0) {
    return new HawserError('invalid', `repository '${where}' is empty: it has no commit yet`, {
      hint: 'commit the manifests first: git add -A && git commit',
    });
  }
  const [near] = nearest(revision, [...branchesOf(references), ...tagsOf(references)]);
  return new HawserError('invalid', `unable to resolve '${revision || 'HEAD'}' to a commit SHA`, {
    hint: near === undefined ? `git ls-remote ${where}` : `did you mean '${near}'? git ls-remote ${where} lists all`,
  });
}
