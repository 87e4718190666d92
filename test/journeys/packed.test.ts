// The package as npm would publish it: one package, small, with its licences and man pages, and it runs.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let tarball: string;
let installed: { readonly status: number | null; readonly says: string };
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-packed-'));
  env = { PATH: process.env['PATH'], HOME: folder, NO_UPDATE_NOTIFIER: '1', npm_config_update_notifier: 'false' };
  // Not by `prepack`, which builds the bundle anew while other tests run it.
  execFileSync(process.execPath, [join(root, 'scripts/docs.js'), '--man', join(root, 'man')]);
  const words = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  tarball = join(folder, execFileSync('npm', words, { cwd: root, env, encoding: 'utf8' }).trim());
  const install = [
    'install',
    '--global',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--prefix',
    join(folder, 'prefix'),
    tarball,
  ];
  const { status, stdout, stderr } = spawnSync('npm', install, { cwd: folder, env, encoding: 'utf8' });
  installed = { status, says: stdout + stderr };
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inPackage = (path: string): string => join(folder, 'prefix/lib/node_modules/hawser', path);

test('is one package of at most 2 MB, and installs without a warning', () => {
  expect(installed.status).toBe(0);
  expect(installed.says.trim()).toMatch(/^added 1 package in \S+$/);
  expect(statSync(tarball).size).toBeLessThanOrEqual(2_000_000);
  expect(readdirSync(join(folder, 'prefix/lib/node_modules'))).toEqual(['hawser']);
  expect(existsSync(inPackage('node_modules'))).toBe(false);
  const manifest: unknown = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('dependencies');
  for (const field of ['repository', 'homepage', 'bugs', 'keywords', 'license', 'man'])
    expect(manifest).toHaveProperty(field);
});

test('runs without the clone, the local system too', () => {
  const run = (...words: readonly string[]): string =>
    execFileSync(join(folder, 'prefix/bin/hawser'), words, {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  expect(run('--version')).toContain('hawser: v');
  expect(run('app', 'list', '-o', 'json')).toBe('[]\n');
  expect(run('app', 'list', '-o', 'yaml')).toBe('[]\n');
  expect(run('help', 'ci')).toContain('pipeline');
});

test('holds the licence of each package that the sources import', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const imported = sources.flatMap((name) =>
    [...readFileSync(join(root, 'src', name), 'utf8').matchAll(/^[^"`\n]*(?:from |import\()'([a-z@][\w@./-]*)'/gm)].map(
      ([, path = '']) => path,
    ),
  );
  const packages = [...new Set(imported.filter((path) => !path.includes(':')))].map(
    (path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? '',
  );
  const notices = readFileSync(inPackage('THIRD-PARTY-NOTICES'), 'utf8');
  expect(packages).toEqual(expect.arrayContaining(['axios', 'commander', 'fastify']));
  for (const name of [...packages, 'jq-wasm'])
    expect(notices).toMatch(new RegExp(`^${name} \\d+[.].* \\([^)]+\\)`, 'm'));
  expect(notices).toMatch(/Oniguruma\nCopyright/);
  expect(existsSync(inPackage('LICENSE'))).toBe(true);
});

test('links its man pages', () => {
  const pages = readdirSync(join(folder, 'prefix/share/man/man1'));
  expect(pages).toEqual(readdirSync(inPackage('man')));
  expect(pages).toContain('hawser-app-sync.1');
});
