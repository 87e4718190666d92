// Whether commits are signed by keys that a project trusts. git and gpg verify; what they say is read here.

import { join } from 'node:path';
import { createKeyedMutex } from '../../core/concurrency.ts';
import { HawserError } from '../../core/errors.ts';
import type { Repository } from '../request.ts';
import { gitFailure } from './failure.ts';
import type { Git } from './git.ts';
import { type Keyring, type KeyringContext, openKeyring } from './keyring.ts';
import { checkRepositoryUrl, gitFolderOf, localFolder, withoutUrlCredentials } from './location.ts';
import { digestOf, initMirror } from './mirror.ts';
import { missingRevision } from './objects.ts';
import { isCommit } from './references.ts';

export interface SignatureRequest {
  readonly repository: Repository;
  /** The commit. */
  readonly revision: string;
  /** The tag by which it was named, if by one. */
  readonly tag: string | undefined;
  /** `strict`: with everything that came before it. */
  readonly mode: 'head' | 'strict';
  /** Ids or fingerprints of the keys that are trusted. */
  readonly trusted: readonly string[];
  /** The public keys of the server, armoured. */
  readonly keys: readonly string[];
}

export interface SignatureContext extends KeyringContext {
  readonly git: Git;
  /** The folder of the mirrors. */
  readonly mirrors: string;
}

/** A signature as git grades it (`%G?`): N is none, E one that cannot be checked. */
interface Signature {
  readonly what: string;
  readonly grade: string;
  /** The key that signed, and the one that it belongs to. */
  readonly key: string;
  readonly primary: string;
}

const TIMEOUT_MS = 90_000;
const MOST_TOLD = 10;
const SEAL = 'Argocd-gpg-seal';

const exclusive = createKeyedMutex();

/** Why a revision is not proved to come from whom the project trusts; empty where it is. */
export async function signatureProblems(context: SignatureContext, request: SignatureRequest): Promise<string[]> {
  if (!isCommit(request.revision)) throw missingRevision(request.repository.url, request.revision);
  const keyring = await openKeyring(context, request.keys);
  const gitFolder = await folderWith(context, request);
  const look: Look = { git: context.git, gitFolder, keyring, request };
  const tag = await annotatedTag(look);
  const signatures = tag ? [tag.signature] : [];
  if (request.mode === 'strict') signatures.push(...(await historyOf(look)));
  else if (!tag) signatures.push(...(await signaturesOf(look, ['--no-walk', request.revision])));
  const problems = signatures.flatMap((signature) => problemOf(signature, request.trusted));
  if (tag?.problem) problems.unshift(tag.problem);
  const more = problems.length - MOST_TOLD;
  return more > 0 ? [...problems.slice(0, MOST_TOLD), `and ${more} more`] : problems;
}

function problemOf({ what, grade, key, primary }: Signature, trusted: readonly string[]): readonly string[] {
  const by = `signed with key ${key || '(unknown)'}`;
  if (grade === 'N') return [`${what} is not signed`];
  if (grade === 'E') return [`${what} is ${by}, which is not among the GPG keys of the server`];
  const flaw = FLAWS[grade];
  if (flaw !== undefined) return [`${what} is ${by}: ${flaw}`];
  // A good signature of a key without certificates of others, which the keys of a server need not have.
  if (grade !== 'G' && grade !== 'U') return [`${what} is ${by}, which cannot be verified`];
  return [key, primary].some((own) => isTrusted(own, trusted))
    ? []
    : [`${what} is ${by}, which the project does not trust`];
}

const FLAWS: Readonly<Record<string, string>> = {
  B: 'the signature is bad',
  X: 'the signature has expired',
  Y: 'the key has expired',
  R: 'the key is revoked',
};

/** By id or fingerprint: a fingerprint ends with the id. */
function isTrusted(key: string, trusted: readonly string[]): boolean {
  if (!/^([\dA-F]{16}|[\dA-F]{40})$/i.test(key)) return false;
  const own = key.toUpperCase();
  return trusted.some((one) => {
    const id = one.toUpperCase();
    return id.length >= 16 && (own.endsWith(id) || id.endsWith(own));
  });
}

interface Look {
  readonly git: Git;
  readonly gitFolder: string;
  readonly keyring: Keyring;
  readonly request: SignatureRequest;
}

/** Signatures of other kinds than OpenPGP are none that a key of the server could have made. */
const verifying = ({ program }: Keyring): readonly string[] => [
  '-c',
  'gpg.format=openpgp',
  '-c',
  `gpg.program=${program}`,
  '-c',
  `gpg.openpgp.program=${program}`,
  '-c',
  'gpg.ssh.program=false',
  '-c',
  'gpg.x509.program=false',
  '-c',
  'gpg.minTrustLevel=undefined',
];

async function signaturesOf(
  { git, gitFolder, keyring, request }: Look,
  range: readonly string[],
): Promise<Signature[]> {
  const format = '--format=%H%x00%G?%x00%GK%x00%GP';
  const { code, stdout, stderr } = await git.read(
    gitFolder,
    [...verifying(keyring), 'log', '--no-show-signature', format, ...range, '--'],
    { environment: { GNUPGHOME: keyring.home }, timeoutMs: TIMEOUT_MS },
  );
  if (code !== 0) throw gitFailure(request.repository.url, stderr);
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [commit = '', grade = 'N', key = '', primary = ''] = line.split('\0');
      return { what: `commit ${commit.slice(0, 12)}`, grade, key, primary };
    });
}

/** A commit and all before it, up to those that a trusted one has sealed. */
async function historyOf(look: Look): Promise<Signature[]> {
  const { git, gitFolder, request } = look;
  const shallow = await git.read(gitFolder, ['rev-parse', '--is-shallow-repository']);
  if (shallow.stdout.toString('utf8').trim() !== 'false')
    throw new HawserError('invalid', `the history of '${request.repository.url}' is cut off: it cannot be verified`, {
      hint: 'git fetch --unshallow',
    });
  const format = `--format=%H%x00%(trailers:key=${SEAL},valueonly,separator=%x20)`;
  const { code, stdout, stderr } = await git.read(gitFolder, ['log', format, request.revision, '--'], {
    timeoutMs: TIMEOUT_MS,
  });
  if (code !== 0) throw gitFailure(request.repository.url, stderr);
  const sealing = stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [commit = '', justification = ''] = line.split('\0');
      return justification.trim() === '' ? [] : [commit];
    });
  const seals: string[] = [];
  for (const commit of sealing) {
    const [signature] = await signaturesOf(look, ['--no-walk', commit]);
    if (signature && problemOf(signature, request.trusted).length === 0) seals.push(commit);
  }
  const sealed = seals.length === 0 ? [] : ['--not', ...seals.map((commit) => `${commit}^@`)];
  return signaturesOf(look, [request.revision, ...sealed]);
}

/** Of a tag that is an object of its own the signature counts, and that it is what it is called. */
async function annotatedTag(
  look: Look,
): Promise<{ readonly signature: Signature; readonly problem: string | undefined } | undefined> {
  const { git, gitFolder, keyring, request } = look;
  const { tag, revision } = request;
  if (tag === undefined) return undefined;
  const reference = `refs/tags/${tag}`;
  const { code, stdout } = await git.read(gitFolder, ['cat-file', 'tag', reference]);
  if (code !== 0) return undefined;
  const target = await git.read(gitFolder, ['rev-parse', '--verify', '--quiet', `${reference}^{commit}`]);
  // It has moved since.
  if (target.stdout.toString('utf8').trim() !== revision) return undefined;
  const own = /^tag (.+)$/m.exec(stdout.toString('utf8'))?.[1];
  const verified = await git.read(gitFolder, [...verifying(keyring), 'verify-tag', '--raw', reference], {
    environment: { GNUPGHOME: keyring.home },
    timeoutMs: TIMEOUT_MS,
  });
  return {
    signature: { what: `tag '${tag}'`, ...gradeOf(verified.stderr) },
    problem: own === tag ? undefined : `tag '${tag}' was signed as '${own}'`,
  };
}

const GRADES: Readonly<Record<string, string>> = {
  GOODSIG: 'G',
  BADSIG: 'B',
  EXPSIG: 'X',
  EXPKEYSIG: 'Y',
  REVKEYSIG: 'R',
  ERRSIG: 'E',
};

/** What gpg says of one signature (doc/DETAILS); of several the first is not enough, so that they count as none. */
function gradeOf(status: string): Omit<Signature, 'what'> {
  const lines = [...status.matchAll(/^\[GNUPG:\] (\w+)(?: (.*))?$/gm)].map(([, word = '', rest = '']) => ({
    word,
    rest,
  }));
  const graded = lines.filter(({ word }) => GRADES[word] !== undefined);
  const [first] = graded;
  if (!first || graded.length > 1) return { grade: first ? 'B' : 'N', key: '', primary: '' };
  const valid = lines.find(({ word }) => word === 'VALIDSIG')?.rest.split(' ') ?? [];
  return {
    grade: GRADES[first.word] ?? 'B',
    key: valid[0] ?? first.rest.split(' ')[0] ?? '',
    primary: valid.at(-1) ?? '',
  };
}

/** A Git folder with the commit and its tag; for a strict look with all that came before, without the files. */
async function folderWith({ git, mirrors }: SignatureContext, request: SignatureRequest): Promise<string> {
  const repository = withoutUrlCredentials(request.repository);
  const { url } = repository;
  checkRepositoryUrl(url);
  const local = localFolder(url);
  if (local !== undefined) return gitFolderOf(local, url);
  const { revision, tag, mode } = request;
  const gitFolder = join(mirrors, `${digestOf(repository)}-${mode === 'head' ? 'signed' : 'history'}`);
  await exclusive(gitFolder, async () => {
    await initMirror(git, gitFolder, url);
    const words = ['--git-dir', gitFolder, 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-gc'];
    const depth = mode === 'head' ? ['--depth=1'] : [];
    const tags = tag === undefined ? [] : [`+refs/tags/${tag}:refs/tags/${tag}`];
    const reference = `refs/hawser/${revision}`;
    const fetch = (...references: readonly string[]): Promise<unknown> =>
      git.speak(repository, [...words, ...depth, '--filter=tree:0', '--', url, ...references]);
    try {
      await fetch(`+${revision}:${reference}`, ...tags);
    } catch (thrown) {
      if (!(thrown instanceof HawserError) || thrown.reason?.kind !== 'commit-refused') throw thrown;
      await fetch('+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*');
      const { code } = await git.read(gitFolder, ['update-ref', reference, revision]);
      if (code !== 0) throw missingRevision(url, revision);
    }
  });
  return gitFolder;
}
