// A server as many people share it, over so many applications that lie still: everything but the controllers. Asked by its parent for
// what it costs, and to change an application.

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { deployed } from './deployed.js';

const count = Number(process.argv[2]);
const NAMESPACE = 'argocd';
const APPLICATION = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: NAMESPACE };

const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
const modules = loadHere(`
export { createKubeCluster } from './src/kubernetes/cluster.ts';
export { openLocalCluster } from './src/local-cluster/open.ts';
export { policyEnforcer } from './src/server/auth/enforcer.ts';
export { authorizerOver } from './src/server/compose/authorizer.ts';
export { createComponents } from './src/server/compose/components.ts';
export { install } from './src/server/compose/install.ts';
export { createApi } from './src/server/http/dispatch.ts';
export { serveApi } from './src/server/http/port.ts';
export { systemClock as clock } from './src/cli/io/system-clock.ts';
`);

const { clock } = modules;
const local = await modules.openLocalCluster({ clock, random: Math.random });
const home = modules.createKubeCluster(local.handle);
await modules.install(home, NAMESPACE);
for (let index = 0; index < count; index += 1) await home.create(application(index));
await settings();
const components = modules.createComponents(home, NAMESPACE, {
  folder,
  environment: { PATH: process.env.PATH },
  clock,
  random: Math.random,
  version: '1',
  log: () => undefined,
});
await components.settings.ready();
await components.live.follow([APPLICATION]);
const nothing = async () => undefined;
const api = modules.createApi({
  routes: components.routes({ run: nothing, touch: () => undefined, catchUp: nothing, failureOf: () => undefined }),
  authenticate: (head) => components.sessions.authenticate(head),
  authorizer: modules.authorizerOver({
    enforcer: modules.policyEnforcer(components.settings.access),
    home,
    namespace: NAMESPACE,
  }),
});
const { port } = await modules.serveApi({ host: '127.0.0.1', port: 0 }, { api });
const tokenOf = async (name) => (await components.sessions.sign(`${name}:login`, { expiresIn: 3600 })).token;

process.on('message', async ({ ask }) => {
  if (ask === 'memory') process.send({ rss: process.memoryUsage().rss / 1e6 });
  if (ask === 'change') {
    const at = Date.now();
    await home.patch(
      { ...APPLICATION, name: nameOf(7) },
      { type: 'merge', body: { metadata: { labels: { at: String(at) } } } },
    );
    process.send({ at });
  }
});
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
process.send({ port, admin: await tokenOf('admin'), ann: await tokenOf('ann') });

/** With all packages: fastify asks for its own by name. */
function loadHere(contents) {
  const outfile = join(folder, 'system.cjs');
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  buildSync({
    absWorkingDir: root,
    stdin,
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    logLevel: 'error',
    banner: {
      js: `const resolveHere = require('node:module').createRequire('${root}').resolve; const urlOfFile = 'file://' + __filename;`,
    },
    define: { 'import.meta.resolve': 'resolveHere', 'import.meta.url': 'urlOfFile' },
  });
  return createRequire(import.meta.url)(outfile);
}

/** ann is of a role with 500 lines; all that she sees she sees by the last ones. */
async function settings() {
  const lines = Array.from(
    { length: 500 },
    (_, index) =>
      `p, role:crew, applications, ${index % 2 ? 'get' : '*'}, team-${index}/*-web-*, ${index % 10 ? 'allow' : 'deny'}`,
  );
  const policy = [...lines, 'p, role:crew, applications, get, def*/*, allow', 'g, ann, role:crew'].join('\n');
  const core = { group: '', version: 'v1', kind: 'ConfigMap', namespace: NAMESPACE };
  await home.patch({ ...core, name: 'argocd-cm' }, { type: 'merge', body: { data: { 'accounts.ann': 'login' } } });
  const metadata = { name: 'argocd-rbac-cm', namespace: NAMESPACE };
  await home.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'policy.csv': policy } });
}

function nameOf(index) {
  return `app-${String(index).padStart(4, '0')}`;
}

function application(index) {
  const name = nameOf(index);
  const annotations = { 'argocd.argoproj.io/manifest-generate-paths': '.' };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: NAMESPACE, annotations },
    ...deployed(name),
  };
}
