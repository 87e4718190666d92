// Every bad input has a sentence, a hint and its own exit code, and changes nothing.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveGit } from '../support/git-http.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = '--dest-server https://kubernetes.default.svc --dest-namespace default';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: blue}\n';

let place: Workplace;
let url: string;

beforeAll(async () => {
  place = await createWorkplace();
  url = place.repository.url;
  await place.repository.commit({
    'settings/settings.yaml': CONFIG_MAP,
    'broken/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n data: {x: 1}\n',
    'nothing/readme.txt': 'no manifest here\n',
    'unknown/gizmo.yaml': 'apiVersion: example.com/v1\nkind: Gizmo\nmetadata: {name: gizmo}\n',
    'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    'chart/templates/settings.yaml': 'value: {{ .Values.missing.deep }}\n',
    'overlay/kustomization.yaml': 'resources: [missing.yaml]\n',
  });
  await mkdir(join(place.folder, 'plain'));
  await expect(place.hawser(`app create known --repo ${url} --path settings ${HERE}`)).resolves.toMatchObject({
    code: 0,
  });
});

afterAll(() => place.remove());

interface Case {
  readonly what: string;
  readonly line: () => string;
  readonly code: number;
  readonly says: RegExp;
  readonly hint: RegExp;
}

const create = (more: string): string => `app create refused ${more} ${HERE}`;

const CASES: readonly Case[] = [
  { what: 'an unknown command', line: () => 'app creat x', code: 2, says: /unknown command 'creat'/, hint: /'create'/ },
  { what: 'an unknown group', line: () => 'ap list', code: 2, says: /unknown command 'ap'/, hint: /'app'/ },
  {
    what: 'an unknown flag',
    line: () => create(`--repo ${url} --path settings --dest-servr x`),
    code: 2,
    says: /unknown flag '--dest-servr'/,
    hint: /--dest-server/,
  },
  {
    what: 'an unknown application',
    line: () => 'app get knwon',
    code: 4,
    says: /application 'knwon' not found/,
    hint: /'known'/,
  },
  {
    what: 'nothing to create, without a terminal',
    line: () => 'app create',
    code: 2,
    says: /name|repo/,
    hint: /hawser app create/,
  },
  {
    what: 'an invalid name',
    line: () => `app create Bad_Name --repo ${url} --path settings ${HERE}`,
    code: 20,
    says: /"Bad_Name" is invalid/,
    hint: /lower case/,
  },
  {
    what: 'a repository that is missing',
    line: () => create('--repo /no/such/folder --path x'),
    code: 20,
    says: /repository '\/no\/such\/folder' not found/,
    hint: /check the path/,
  },
  {
    what: 'a repository that is unreachable',
    line: () => create('--repo https://127.0.0.1:1/x.git --path x'),
    code: 8,
    says: /unreachable/,
    hint: /URL/,
  },
  {
    what: 'a folder that is not a repository',
    line: () => create(`--repo ${place.folder}/plain --path x`),
    code: 20,
    says: /is not a git repository/,
    hint: /git .*init/,
  },
  {
    what: 'a revision that is missing',
    line: () => create(`--repo ${url} --path settings --revision nope`),
    code: 20,
    says: /unable to resolve 'nope' to a commit SHA/,
    hint: /git ls-remote/,
  },
  {
    what: 'a path that is missing',
    line: () => create(`--repo ${url} --path nope`),
    code: 20,
    says: /nope: app path does not exist/,
    hint: /not committed/,
  },
  {
    what: 'a path with nothing in it',
    line: () => create(`--repo ${url} --path nothing`),
    code: 20,
    says: /no manifest in 'nothing'/,
    hint: /--directory-recurse/,
  },
  {
    what: 'broken YAML',
    line: () => create(`--repo ${url} --path broken`),
    code: 20,
    says: /broken\/settings\.yaml:5: broken YAML/,
    hint: /fix that line/,
  },
  {
    what: 'a chart that fails',
    line: () => create(`--repo ${url} --path chart`),
    code: 20,
    says: /helm failed in 'chart': .*nil pointer/,
    hint: /helm template/,
  },
  {
    what: 'an overlay that fails',
    line: () => create(`--repo ${url} --path overlay`),
    code: 20,
    says: /failed in 'overlay': .*missing\.yaml/,
    hint: /by hand/,
  },
  {
    what: 'a rollback to what never was',
    line: () => 'app rollback known 99',
    code: 4,
    says: /99/,
    hint: /hawser app history known/,
  },
  {
    what: 'a cluster that nobody registered',
    line: () =>
      `app create refused --repo ${url} --path settings --dest-server https://other.example.com --dest-namespace x`,
    code: 20,
    says: /other\.example\.com/,
    hint: /kubernetes\.default\.svc/,
  },
  { what: 'an unknown format', line: () => 'app list -o xml', code: 2, says: /xml/, hint: /json/ },
  {
    what: 'cascade on a selection',
    line: () => 'app delete known refused --cascade',
    code: 11,
    says: /several/,
    hint: /--yes/,
  },
  {
    what: 'a server that does not answer',
    line: () => 'app list --server 127.0.0.1:1 --auth-token a.b.c --plaintext --argocd-context=',
    code: 8,
    says: /127\.0\.0\.1:1/,
    hint: /./,
  },
];

describe('bad input', () => {
  test.each(CASES)('$what', async ({ line, code, says, hint }) => {
    const shown = await place.hawser(
      line().split(' '),
      line().includes('--server 127') ? { env: { HAWSER_CONTEXT: '' } } : {},
    );
    expect(shown.err).toMatch(says);
    expect(shown.err).toMatch(new RegExp(`hint: .*${hint.source}`));
    expect(shown.err).not.toMatch(/^\s+at .*:\d+/m);
    expect(shown).toMatchObject({ code, out: '' });
  });

  test('changed nothing', async () => {
    expect(await place.hawser('app list -o name')).toMatchObject({ code: 0, out: 'argocd/known\n' });
  });

  test('with -o json the failure is the one document on stdout', async () => {
    const shown = await place.hawser('app get knwon -o json');
    expect(JSON.parse(shown.out)).toMatchObject({
      error: { code: 'not-found', exit: 4, details: { near: ['known'] } },
    });
    expect(shown).toMatchObject({ code: 4, err: '' });
  });

  test('an application that exists with another spec is left alone, and the way to change it is named', async () => {
    const shown = await place.hawser(`app create known --repo ${url} --path unknown ${HERE}`);
    expect(shown.code).toBe(20);
    expect(shown.err).toMatch(/path.*unknown|unknown.*path/s);
    expect(shown.err).toMatch(/--upsert/);
    const kept = JSON.parse((await place.hawser('app get known -o json')).out);
    expect(kept.spec.source.path).toBe('settings');
  });

  test('a kind that the cluster does not know fails the sync, and is named', async () => {
    const other = await createWorkplace();
    await other.repository.commit({
      'unknown/gizmo.yaml': 'apiVersion: example.com/v1\nkind: Gizmo\nmetadata: {name: gizmo}\n',
    });
    await other.hawser(`app create gizmos --repo ${other.repository.url} --path unknown ${HERE}`);
    const shown = await other.hawser('app sync gizmos --timeout 30');
    expect(shown.code).toBe(5);
    expect(shown.err).toMatch(/Gizmo/);
    await other.remove();
  });

  test('a repository without a commit is called empty', async () => {
    const folder = await mkdtemp(join(place.folder, 'empty-'));
    await place.repository.git('init', '--quiet', folder);
    const shown = await place.hawser(create(`--repo ${folder} --path x`));
    expect(shown).toMatchObject({ code: 20 });
    expect(shown.err).toMatch(/is empty: it has no commit yet\nhint: .*git commit/);
  });

  test('a repository that is private says so', async () => {
    const served = await serveGit(url, { username: 'reader', password: 'secret' });
    const shown = await place.hawser(create(`--repo ${served.url} --path settings`));
    await served.close();
    expect(shown).toMatchObject({ code: 20, out: '' });
    expect(shown.err).toMatch(/authentication|private|credentials/i);
    expect(shown.err).toMatch(/\nhint: /);
  });

  test('a tool that is missing is named, with the line that gets it', async () => {
    const bin = await mkdtemp(join(place.folder, 'bin-'));
    const git = (await promisify(execFile)('sh', ['-c', 'command -v git'])).stdout.trim();
    await symlink(git, join(bin, 'git'));
    const clone = await mkdtemp(join(place.folder, 'published-'));
    for (const part of ['bin', 'dist', 'package.json'])
      await cp(join(ROOT, part), join(clone, part), { recursive: true });
    const words = create(`--repo ${url} --path chart`).split(' ');
    const shown = await promisify(execFile)(process.execPath, [join(clone, 'bin', 'hawser.js'), ...words], {
      env: { ...place.env, PATH: bin },
    }).catch((failure: { code: number; stderr: string }) => failure);
    expect(shown.stderr).toMatch(/helm/);
    expect(shown.stderr).toMatch(/hint: .*helm/);
    expect(shown).toMatchObject({ code: 20 });
  });

  test('a reader that has enough is no failure', async () => {
    const shown = await place.hawser('--help', { shell: '"$@" | head -n 1' });
    expect(shown.out.split('\n')).toHaveLength(2);
    expect(shown.err).toBe('');
  });
});
