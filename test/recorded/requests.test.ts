// Commands against the recordings of a real Argo CD: what they ask is what it answered, what it refused is told as it should be.

import { afterEach, describe, expect, test } from 'vitest';
import { hawser, type Shown } from '../support/hawser.ts';
import { playScenarios, type ScriptedServer } from '../support/scripted-server.ts';

let server: ScriptedServer;

afterEach(async () => {
  expect(server.unknown).toEqual([]);
  await server.close();
});

async function typed(scenario: string, line: string | readonly string[], stdin?: string): Promise<Shown> {
  server = await playScenarios(scenario);
  const env = {
    HAWSER_CONTEXT: '',
    ARGOCD_SERVER: server.address,
    ARGOCD_AUTH_TOKEN: 'e30.e30.c2ln',
    ARGOCD_OPTS: '--plaintext',
  };
  return hawser(line, { env, ...(stdin === undefined ? {} : { stdin }) });
}

const REPO = 'https://git.example.com/examples.git';
const CREATE = `--repo ${REPO} --path settings --dest-server https://kubernetes.default.svc --dest-namespace conformance`;

interface Asked {
  readonly scenario: string;
  readonly line: string;
  readonly request: string;
  /** What the body holds of it. */
  readonly body?: object;
  readonly code?: number;
}

const RECORDED: readonly Asked[] = [
  { scenario: 'sync', line: 'app sync sync-plain --async', request: 'POST /api/v1/applications/sync-plain/sync' },
  {
    scenario: 'sync-dry-run',
    line: 'app sync sync-dry --dry-run --async --revision v2',
    request: 'POST /api/v1/applications/sync-dry/sync',
    body: { dryRun: true, revision: 'v2' },
  },
  {
    scenario: 'sync-parameters',
    line: 'app sync sync-param --async --info Reason=because',
    request: 'POST /api/v1/applications/sync-param/sync',
    body: { infos: [{ name: 'Reason', value: 'because' }] },
  },
  {
    scenario: 'sync-parameters',
    line: 'app sync sync-param --async --server-side --strategy apply --force',
    request: 'POST /api/v1/applications/sync-param/sync',
    body: { syncOptions: { items: ['ServerSideApply=true'] }, strategy: { apply: { force: true } } },
  },
  {
    scenario: 'sync-parameters',
    line: 'app sync sync-param --async --retry-limit 2 --retry-backoff-duration 2s --retry-backoff-factor 3 --retry-backoff-max-duration 9s',
    request: 'POST /api/v1/applications/sync-param/sync',
    body: { retryStrategy: { limit: 2, backoff: { duration: '2s', factor: 3, maxDuration: '9s' } } },
  },
  {
    scenario: 'sync-options',
    line: 'app sync options --async --prune',
    request: 'POST /api/v1/applications/options/sync',
    body: { prune: true },
  },
  { scenario: 'sync-busy', line: 'app sync busy', request: 'POST /api/v1/applications/busy/sync', code: 9 },
  { scenario: 'sync-busy', line: 'app terminate-op busy', request: 'DELETE /api/v1/applications/busy/operation' },
  { scenario: 'sync-windows', line: 'app sync window', request: 'POST /api/v1/applications/window/sync', code: 10 },
  {
    scenario: 'application-update',
    line: `app patch changer --patch [{"op":"test","path":"/spec/project","value":"other"}]`,
    request: 'PATCH /api/v1/applications/changer',
    body: { patch: '[{"op":"test","path":"/spec/project","value":"other"}]', patchType: 'json' },
  },
  {
    scenario: 'manifests',
    line: 'app manifests manifests --revision no-such-revision',
    request: 'GET /api/v1/applications/manifests/manifests?revision=no-such-revision',
    code: 20,
  },
  {
    scenario: 'delete',
    line: 'app delete deleted --cascade',
    request: 'DELETE /api/v1/applications/deleted?cascade=true',
  },
  {
    scenario: 'application-create',
    line: `app create minimal --revision v1 ${CREATE}`,
    // The last parameter is for servers of ours; others pass over those that they do not know.
    request: 'POST /api/v1/applications?upsert=false&validate=true&requireManifests=true',
    body: { metadata: { name: 'minimal' } },
  },
  {
    scenario: 'accounts',
    line: 'account can-i get applications default/guestbook',
    request: 'GET /api/v1/account/can-i/applications/get/default/guestbook',
  },
];

describe('a real Argo CD was asked the same', () => {
  test.each(RECORDED)('$line', async ({ scenario, line, request, body, code = 0 }) => {
    const shown = await typed(scenario, line);
    const index = server.requests.indexOf(request);
    expect(server.requests).toContain(request);
    if (body) expect(server.bodies[index]).toMatchObject(body);
    if (!/patch|create/.test(line)) expect(shown.code, shown.err).toBe(code);
  });
});
