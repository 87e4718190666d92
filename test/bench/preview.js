// How long `hawser preview` takes for a hundred applications, half charts and half kustomizations, beside the renders alone.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const URL = 'https://git.example.com/org/many.git';

/** Milliseconds of the first preview, and of one that finds all in the cache. */
export function measurePreview(count, { work, env, program }) {
  const root = join(work, 'preview');
  for (const [path, text] of filesOf(count)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  const git = (...words) => execFileSync('git', ['-C', root, ...identity, ...words]);
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', URL);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  writeFileSync(join(root, 'base/map.yaml'), map('changed'));
  return [1, 2].map(() =>
    timed(() => spawnSync(process.execPath, [program, 'preview', '-o', 'summary'], { cwd: root, env })),
  );
}

function timed(run) {
  const begun = process.hrtime.bigint();
  const { status, stderr } = run();
  if (status !== 1) throw new Error(`hawser preview ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - begun) / 1e6;
}

const map = (value) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {value: ${value}}\n`;

function* filesOf(count) {
  yield ['base/kustomization.yaml', 'resources: [map.yaml]\n'];
  yield ['base/map.yaml', map('first')];
  for (let index = 0; index < count; index += 1) {
    const path = index % 2 ? `charts/c${index}` : `overlays/o${index}`;
    yield [
      `apps/a${index}.yaml`,
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a${index}}\nspec:\n  project: default\n  source: {repoURL: ${URL}, path: ${path}}\n  destination: {server: https://kubernetes.default.svc, namespace: shop}\n`,
    ];
    if (index % 2) {
      yield [`${path}/Chart.yaml`, `apiVersion: v2\nname: c${index}\nversion: 0.1.0\n`];
      yield [`${path}/templates/map.yaml`, map('chart')];
    } else yield [`${path}/kustomization.yaml`, `resources: [../../base]\nnamePrefix: o${index}-\n`];
  }
}
