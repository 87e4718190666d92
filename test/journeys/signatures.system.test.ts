// Signed commits, by real git and gpg: what a project demands is held to, and nothing unsigned is called proved.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serveGit } from '../support/git-http.ts';
import { createGitRepository, type GitRepository } from '../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../support/repo-server.ts';
import { createSigners, type Signers } from '../support/signing.ts';
import { create, createWorkplace } from '../support/workplace.ts';

let signers: Signers;
let ada: string;
let eve: string;
let stranger: string;
let keys: string[];

beforeAll(async () => {
  signers = await createSigners();
  ada = await signers.key('ada@example.com');
  eve = await signers.key('eve@example.com');
  stranger = await signers.key('stranger@example.com');
  keys = [await signers.exported(ada), await signers.exported(eve)];
}, 60_000);

afterAll(() => signers.remove());

describe('a revision', () => {
  let repository: GitRepository;
  let repo: TestRepoServer;

  beforeEach(async () => {
    repository = await createGitRepository();
    repo = await createTestRepoServer();
  });

  afterEach(async () => {
    await repository.remove();
    await repo.remove();
  });

  const head = (): Promise<string> => repository.git('rev-parse', 'HEAD');
  const commit = async (message: string, key?: string, ...more: readonly string[]): Promise<string> => {
    const signing = key === undefined ? ['--no-gpg-sign'] : [`--gpg-sign=${key}`];
    await repository.git(...signers.git, 'commit', '--quiet', '--allow-empty', '-m', message, ...signing, ...more);
    return head();
  };
  interface Question {
    readonly mode?: 'head' | 'strict';
    readonly targetRevision?: string;
    readonly trusted?: readonly string[];
    readonly repoURL?: string;
  }
  const problems = async (question: Question = {}): Promise<string> => {
    const { mode = 'head', targetRevision = 'main', trusted = [ada.slice(-16)], repoURL = repository.url } = question;
    const source = { repoURL, targetRevision };
    const { revision } = await repo.resolve({ source, force: true });
    return (await repo.signatureProblems({ source, revision, mode, trusted, keys })).join('\n');
  };
  const seal = ['--trailer', 'Argocd-gpg-seal: looked through'];

  test('is proved by a key that is trusted, by its id or its fingerprint', async () => {
    await commit('one', ada);
    expect(await problems()).toBe('');
    expect(await problems({ trusted: [ada.toLowerCase()] })).toBe('');
    expect(await problems({ trusted: [eve] })).toMatch(
      new RegExp(`^commit [\\da-f]{12} is signed with key ${ada.slice(-16)}, which the project does not trust$`),
    );
    expect(await problems({ trusted: [] })).toMatch(/does not trust/);
    expect(await problems({ trusted: [ada.slice(-8)] })).toMatch(/does not trust/);
  });

  test('is not proved without a signature, by an unknown key, by ssh, or by a signature of something else', async () => {
    await commit('one');
    expect(await problems()).toMatch(/^commit [\da-f]{12} is not signed$/);
    await commit('two', stranger);
    expect(await problems({ trusted: [stranger] })).toMatch(/is not among the GPG keys of the server$/);
    const ssh = join(repo.folder, 'ssh');
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', ssh]);
    const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${ssh}`];
    await repository.git(...signing, 'commit', '--quiet', '--allow-empty', '--gpg-sign', '-m', 'ssh');
    expect(await problems()).toMatch(/^commit [\da-f]{12} is (not signed|signed with key .*not among)/);
    await commit('three', ada);
    const forged = (await repository.git('cat-file', 'commit', 'HEAD')).replace(/three/, 'other');
    await repository.write({ forged: `${forged}\n` });
    const other = await repository.git('hash-object', '-t', 'commit', '-w', 'forged');
    expect(await problems({ targetRevision: other })).toMatch(/the signature is bad$/);
  });

  test('is not proved by a key that has expired', async () => {
    const past = ['--faked-system-time', '20200101T000000!'];
    const old = await signers.key('old@example.com', 'seconds=86400', ...past);
    keys.push(await signers.exported(old));
    await repository.git(...signers.at(past), 'commit', '--allow-empty', '-m', 'old', `--gpg-sign=${old}`);
    expect(await problems({ trusted: [old] })).toMatch(/the key has expired$/);
  });

  test('that is an annotated tag is proved by the tag', async () => {
    await commit('one');
    await repository.git(...signers.git, 'tag', '--sign', `--local-user=${ada}`, '-m', 'v1', 'v1.0.0');
    await repository.git('tag', 'light');
    await repository.git('tag', '--annotate', '-m', 'plain', 'plain');
    expect(await problems({ targetRevision: 'v1.0.0' })).toBe('');
    expect(await problems({ targetRevision: 'refs/tags/v1.0.0' })).toBe('');
    expect(await problems({ targetRevision: '1.*' })).toBe('');
    expect(await problems({ targetRevision: 'v1.0.0', mode: 'strict' })).toMatch(/^commit \S+ is not signed$/);
    expect(await problems({ targetRevision: 'v1.0.0', trusted: [eve] })).toMatch(/^tag 'v1.0.0' is signed with key/);
    expect(await problems({ targetRevision: 'light' })).toMatch(/^commit \S+ is not signed$/);
    expect(await problems({ targetRevision: 'plain' })).toBe("tag 'plain' is not signed");
    // The object of one tag under the name of another.
    await repository.git('update-ref', 'refs/tags/v2.0.0', await repository.git('rev-parse', 'v1.0.0'));
    expect(await problems({ targetRevision: 'v2.0.0' })).toBe("tag 'v2.0.0' was signed as 'v1.0.0'");
    // By its commit nothing is known of the tag.
    expect(await problems({ targetRevision: await head() })).toMatch(/^commit \S+ is not signed$/);
  });

  test('is proved strictly with all that came before it, up to what is sealed', async () => {
    const first = await commit('one');
    await commit('two', ada);
    expect(await problems()).toBe('');
    expect(await problems({ mode: 'strict' })).toBe(`commit ${first.slice(0, 12)} is not signed`);
    await commit('sealed by nobody who is trusted', eve, ...seal);
    expect(await problems({ mode: 'strict' })).toMatch(/is signed with key .*\n.*is not signed$/);
    await commit('sealed', ada, ...seal);
    await commit('three', ada);
    expect(await problems({ mode: 'strict' })).toBe('');
    await repository.git('switch', '--quiet', '--create', 'side', first);
    const aside = await commit('aside');
    await repository.git('switch', '--quiet', 'main');
    await repository.git(...signers.git, 'merge', '--quiet', '--no-ff', '-m', 'merge', `--gpg-sign=${ada}`, 'side');
    expect(await problems()).toBe('');
    expect(await problems({ mode: 'strict' })).toBe(`commit ${aside.slice(0, 12)} is not signed`);
    await commit('a seal without a word', ada, '--trailer', 'Argocd-gpg-seal:');
    expect(await problems({ mode: 'strict' })).toBe(`commit ${aside.slice(0, 12)} is not signed`);
  });

  test('is fetched with what proves it', async () => {
    const first = await commit('one');
    await commit('two', ada);
    await repository.git(...signers.git, 'tag', '--sign', `--local-user=${ada}`, '-m', 'v1', 'v1.0.0');
    const served = await serveGit(repository.url);
    try {
      const repoURL = served.url;
      expect(await problems({ repoURL })).toBe('');
      expect(await problems({ repoURL, targetRevision: 'v1.0.0' })).toBe('');
      expect(await problems({ repoURL, mode: 'strict' })).toBe(`commit ${first.slice(0, 12)} is not signed`);
      await commit('three');
      expect(await problems({ repoURL })).toMatch(/^commit \S+ is not signed$/);
      await commit('four', ada, ...seal);
      expect(await problems({ repoURL, mode: 'strict' })).toBe('');
      expect(await problems({ repoURL })).toBe('');
    } finally {
      await served.close();
    }
  });

  test('of a clone whose history is cut off cannot be proved strictly', async () => {
    await commit('one');
    await commit('two', ada);
    const clone = join(repo.folder, 'clone');
    await repository.git('clone', '--quiet', '--depth=1', `file://${repository.url}`, clone);
    expect(await problems({ repoURL: clone })).toBe('');
    await expect(problems({ repoURL: clone, mode: 'strict' })).rejects.toThrow(/is cut off: it cannot be verified/);
  });
});

test('an application of a project that demands signatures is synced to signed commits alone', async () => {
  const place = await createWorkplace();
  const run = async (line: string, code = 0) => {
    const ended = await place.hawser(line);
    expect(ended.code, ended.err).toBe(code);
    return ended.out + ended.err;
  };
  try {
    await place.repository.write({ 'ada.asc': await signers.exported(ada) });
    await run(`gpg add --from ${join(place.repository.url, 'ada.asc')}`);
    await run(`proj add-signature-key default ${ada.slice(-16)}`);
    await run(`${create('web', place)} --validate=false`);
    const unsigned = /commit \w{12} is not signed/;
    expect(await run('app sync web', 5)).toMatch(unsigned);
    expect(await run('app get web')).toMatch(unsigned);
    expect((await place.hawser('local kubectl get deployments')).err).toMatch(/No resources found/);
    expect(await run(`app sync web --local ${join(place.repository.url, 'guestbook')}`, 20)).toMatch(/signed commits/);
    const signing = [...signers.git, 'commit', '--quiet', '--allow-empty', '-m', 'signed', `--gpg-sign=${ada}`];
    await place.repository.git(...signing);
    expect(await run('app sync web --timeout 60')).not.toMatch(unsigned);
    await run('app wait web --timeout 60');
    await run(`gpg rm ${ada.slice(-16)}`);
    expect(await run('app sync web', 5)).toMatch(/is not among the GPG keys of the server/);
  } finally {
    await place.remove();
  }
}, 60_000);
