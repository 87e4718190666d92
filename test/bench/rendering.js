// How long the table of `app list` takes to become text, in this process.

import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Milliseconds of each run. */
export async function measureRendering(count, runs) {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    stdin: {
      contents:
        "export { applicationTable } from './src/render/applications.ts'; export { columnTable } from './src/render/table.ts'; export { PLAIN } from './src/render/style.ts';",
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const { applicationTable, columnTable, PLAIN } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
  );
  const applications = Array.from({ length: count }, (_, index) => application(index));
  return Array.from({ length: runs }, () => {
    const begun = process.hrtime.bigint();
    const text = columnTable(applicationTable(applications, 'wide', Date.now()), PLAIN);
    if (text.split('\n').length <= count) throw new Error('rows are missing');
    return Number(process.hrtime.bigint() - begun) / 1e6;
  });
}

function application(index) {
  return {
    metadata: { name: `application-${index}`, namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: 'https://git.example.com/team/deploy.git', path: `overlays/${index}`, targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: `team-${index % 50}` },
    },
    status: {
      sync: { status: index % 7 ? 'Synced' : 'OutOfSync' },
      health: { status: index % 11 ? 'Healthy' : 'Degraded' },
    },
  };
}
