// Ten settled applications in a local system, for `app list`.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function makeApplications(count, { work, env, program }) {
  const repository = join(work, 'repository');
  mkdirSync(join(repository, 'settings'), { recursive: true });
  writeFileSync(
    join(repository, 'settings', 'settings.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: blue}\n',
  );
  const git = (...args) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { env });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'one');
  for (let index = 0; index < count; index += 1) {
    const words = `app create app-${index} --repo ${repository} --path settings --dest-server https://kubernetes.default.svc --dest-namespace default`;
    execFileSync(process.execPath, [program, ...words.split(' '), '--sync-policy', 'automated'], {
      env,
      stdio: 'ignore',
    });
  }
}
