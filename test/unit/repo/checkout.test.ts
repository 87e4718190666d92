import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { createGit } from '../../../src/repo/git/git.ts';
import { openTree, type Tree } from '../../../src/repo/git/tree.ts';
import { createTools } from '../../../src/repo/tools.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';

let repository: GitRepository;
let folder: string;

beforeEach(async () => {
  repository = await createGitRepository();
  folder = await mkdtemp(join(tmpdir(), 'hawser-checkout-'));
  await mkdir(join(folder, 'out'));
  return () => repository.remove();
});
afterEach(() => rm(folder, { recursive: true }));

async function openHead(): Promise<Tree> {
  const environment = process.env;
  const git = createGit({ folder, tools: createTools(environment), clock: systemClock, environment });
  const revision = await repository.git('rev-parse', 'HEAD');
  return openTree(git, { url: repository.url, gitFolder: join(repository.url, '.git'), revision });
}

test('a checkout holds files of every size, with their modes', async () => {
  const large = 'x'.repeat(17 * 1024 * 1024);
  await repository.write({ 'a/large.bin': large, 'run.sh': '#!/bin/sh\n', 'b/empty': '' });
  await chmod(join(repository.url, 'run.sh'), 0o755);
  await repository.commit({});
  await (await openHead()).writeTo(join(folder, 'out'));
  expect((await stat(join(folder, 'out/a/large.bin'))).size).toBe(large.length);
  expect((await stat(join(folder, 'out/run.sh'))).mode & 0o111).toBe(0o111);
  expect(await readFile(join(folder, 'out/b/empty'), 'utf8')).toBe('');
});

test('names that are no UTF-8 stay apart', async () => {
  const names = [
    Buffer.from('a\xff.yaml', 'latin1'),
    Buffer.from('a\xfe.yaml', 'latin1'),
    Buffer.from('a\ufffdü.yaml'),
  ];
  for (const name of names) await writeFile(Buffer.concat([Buffer.from(`${repository.url}/`), name]), name);
  await repository.commit({});
  const tree = await openHead();
  const contents = await tree.read([...tree.entries.keys()]);
  expect([...contents.values()].map(String).sort()).toEqual(names.map(String).sort());
  await tree.writeTo(join(folder, 'out'));
  const written = await readdir(join(folder, 'out'), { encoding: 'buffer' });
  expect(written.map((name) => name.toString('latin1')).sort()).toEqual(
    names.map((name) => name.toString('latin1')).sort(),
  );
});
