// How long the table of `app list` and the frame of a wait take to become text, in this process.

import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Milliseconds of each run. */
export async function measureRendering(count, runs) {
  const { applicationTable, columnTable, PLAIN } = await load(
    "export { applicationTable } from './src/render/applications.ts'; export { columnTable } from './src/render/table.ts'; export { PLAIN } from './src/render/style.ts';",
  );
  const applications = Array.from({ length: count }, (_, index) => application(index));
  return Array.from({ length: runs }, () => {
    const begun = process.hrtime.bigint();
    const text = columnTable(applicationTable(applications, 'wide', Date.now()), PLAIN);
    if (text.split('\n').length <= count) throw new Error('rows are missing');
    return Number(process.hrtime.bigint() - begun) / 1e6;
  });
}

/** Milliseconds of processor time of each redraw of a wait for so many resources, none of which is settled. */
export async function measureWaiting(count, runs) {
  const { renderWaiting, resourceStates, PLAIN, UNICODE_GLYPHS } = await load(
    "export { renderWaiting } from './src/render/waiting.ts'; export { resourceStates } from './src/render/states.ts'; export { PLAIN } from './src/render/style.ts'; export { UNICODE_GLYPHS } from './src/render/glyphs.ts';",
  );
  const resources = Array.from({ length: count }, (_, index) => ({
    group: 'apps',
    kind: 'Deployment',
    version: 'v1',
    namespace: 'shop',
    name: `deployment-${index}`,
    status: 'Synced',
    health: {
      status: 'Progressing',
      message: 'Waiting for rollout to finish: 1 of 2 updated replicas are available...',
    },
  }));
  const app = application(0);
  const waiting = { ...app, operation: {}, status: { ...app.status, resources } };
  const look = { style: PLAIN, glyphs: UNICODE_GLYPHS, columns: 200, rows: count + 10 };
  const view = { application: waiting, states: resourceStates(waiting), reasons: new Map(), seconds: 1 };
  return Array.from({ length: runs }, () => {
    const begun = process.cpuUsage();
    if (renderWaiting(view, look).length <= count) throw new Error('rows are missing');
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  });
}

export async function load(contents) {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
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
