// Keeps the compiled code of what the commands typed most often run (src/boot/code-cache.ts): they are typed here, to a server of
// one application and to a local system, and V8 is asked what it has compiled.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const { openBundle } = createRequire(import.meta.url)('../dist/code-cache.js');

const source = { repoURL: 'https://git.example.com/team/repo.git', path: 'web', targetRevision: 'main' };
const resource = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'web', name: 'web', status: 'Synced' };
const deployment = { id: 0, revision: '0'.repeat(40), deployedAt: '2026-01-05T10:00:00Z', source };
const application = {
  metadata: { name: 'web', namespace: 'argocd', resourceVersion: '1' },
  spec: { source, project: 'default', destination: { server: 'https://kubernetes.default.svc', namespace: 'web' } },
  status: {
    reconciledAt: deployment.deployedAt,
    sync: { status: 'Synced', revision: deployment.revision },
    health: { status: 'Healthy' },
    resources: [{ ...resource, health: { status: 'Healthy' } }],
    history: [deployment],
    operationState: {
      operation: { sync: {} },
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
      startedAt: deployment.deployedAt,
      finishedAt: deployment.deployedAt,
      syncResult: { revision: deployment.revision, resources: [{ ...resource, message: 'created' }] },
    },
  },
};

const server = createServer(({ url }, response) => {
  const body = /applications\/web(\?|$)/.test(url) ? application : { items: [application], metadata: {} };
  response.setHeader('content-type', 'application/json');
  if (url.includes('/stream/')) response.write(`${JSON.stringify({ result: { type: 'ADDED', application } })}\n`);
  else response.end(JSON.stringify(body));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const folder = mkdtempSync(join(tmpdir(), 'hawser-build-'));
process.env.HOME = folder;
process.env.HAWSER_DATA_DIR = join(folder, 'data');
process.env.NO_PROXY = '*';
for (const name of Object.keys(process.env)) if (/^(ARGOCD_|HAWSER_(?!DATA))/.test(name)) delete process.env[name];

const bundle = openBundle(dist, true);
const { main } = bundle.load('./main.js');
const far = ['--server', `127.0.0.1:${server.address().port}`, '--plaintext', '--auth-token', 'e30.e30.c2ln'];
const lines = [
  ['app', 'get', 'web', ...far],
  ['app', 'list', ...far],
  ['app', 'wait', 'web', '-o', 'json', '--timeout', '5', ...far],
  ['app', 'list'],
];
try {
  // A data folder is made once: what does that is not what commands run.
  execFileSync(process.execPath, [join(dist, '../bin/hawser.js'), 'app', 'list'], { stdio: 'pipe' });
  for (const line of lines) {
    process.argv = [process.argv[0], 'hawser', ...line];
    await main();
    if (process.exitCode) throw new Error(`hawser ${line.join(' ')} ended with ${process.exitCode}`);
  }
  for (const [id, code] of bundle.compiled()) writeFileSync(join(dist, id.replace(/js$/, 'code')), code);
} finally {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}
