import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalRendering } from '../../../src/cli/offline/offline.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, type Shown, type Typed } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';

interface Drawn extends JsonObject {
  readonly metadata: JsonObject;
}

const map = (name: string, data: Record<string, string>): Drawn => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data,
});
const secret = (data: Record<string, string>): Drawn => ({ ...map('token', data), kind: 'Secret' });

function item(live: Drawn | undefined, target: Drawn | undefined): unknown {
  const either = live ?? target;
  return {
    kind: either?.kind,
    namespace: 'shop',
    name: either?.metadata['name'],
    targetState: JSON.stringify(target ?? null),
    liveState: JSON.stringify(live ?? null),
    normalizedLiveState: JSON.stringify(live ?? null),
    predictedLiveState: JSON.stringify(target ?? null),
  };
}

function serve(items: readonly unknown[], app = anApplication()): void {
  api.on(`GET ${APP}`).reply(200, app);
  api.on(`GET ${APP}/managed-resources`).reply(200, { items });
}

const diff = (line: string, typed: Typed = {}): Promise<Shown> =>
  hawser(`app diff guestbook ${line}`, { api, ...typed });

const COLOUR = item(map('colour', { mode: 'blue', size: 'one' }), map('colour', { mode: 'green', size: 'one' }));
const FRESH = item(undefined, map('fresh', { a: 'b' }));
const GONE = item(map('old', { a: 'b' }), undefined);

describe('hawser app diff', () => {
  test('shows what a sync would change, and says so by its exit code', async () => {
    serve([COLOUR]);
    expect(await diff('')).toEqual({
      code: 1,
      err: '',
      out: `===== /ConfigMap shop/colour ======
@@ -1,6 +1,6 @@
 apiVersion: v1
 data:
-  mode: blue
+  mode: green
   size: one
 kind: ConfigMap
 metadata:
`,
    });
  });

  test('says nothing and succeeds where nothing differs', async () => {
    serve([item(map('same', {}), map('same', {}))]);
    expect(await diff('')).toEqual({ code: 0, out: '', err: '' });
  });

  test('sets off the words that differ within a line', async () => {
    serve([COLOUR]);
    const { out } = await diff('--color always', { env: { TERM: 'xterm' } });
    expect(out).toContain(
      '\u001b[31m-\u001b[39m\u001b[31m  mode: \u001b[39m\u001b[1m\u001b[31mblue\u001b[39m\u001b[22m',
    );
  });

  test('-o names lists them', async () => {
    serve([COLOUR, FRESH, GONE]);
    expect((await diff('-o names')).out).toBe('ConfigMap/shop/colour\nConfigMap/shop/fresh\nConfigMap/shop/old\n');
  });

  test('-o summary counts them', async () => {
    serve([COLOUR, FRESH, GONE]);
    expect((await diff('-o summary')).out).toBe(`CHANGE   GROUP  KIND       NAMESPACE  NAME    LINES
changed         ConfigMap  shop       colour  +1 -1
added           ConfigMap  shop       fresh   +7 -0
removed         ConfigMap  shop       old     +0 -7

1 added, 1 changed, 1 removed
`);
  });

  test('-o json is a document, also when nothing differs', async () => {
    serve([]);
    const shown = await diff('-o json');
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.out)).toEqual({ added: 0, changed: 0, removed: 0, differences: [] });
  });

  test('-o side-by-side keeps to the width of the terminal', async () => {
    serve([item(map('colour', { mode: 'b'.repeat(90) }), map('colour', { mode: 'green' }))]);
    const { out } = await diff('-o side-by-side', { terminal: true, columns: 60, env: { TERM: 'dumb' } });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(out).toContain(`  mode: ${'b'.repeat(20)} |   mode: green\n`);
  });

  test('hides the values of Secrets, and names the keys that differ', async () => {
    const live = secret({ WORD: '++++++++++++', USER: '++++++++', OLD: '++++++++' });
    serve([item(live, secret({ WORD: '++++++++', USER: '++++++++', NEW: '++++++++' }))]);
    for (const format of ['', '-o side-by-side', '-o json']) {
      const { out } = await diff(format, { columns: 200 });
      expect(out).not.toContain('++++++++');
      expect(out).toMatch(/WORD: \(hidden, differs\)|"WORD": "\(hidden, differs\)"/);
      expect(out).toMatch(/values are hidden: added NEW; changed WORD; removed OLD|"changed": \[\s*"WORD"\s*\]/);
    }
  });

  test('gives the two files to KUBECTL_EXTERNAL_DIFF, split as a shell does', async () => {
    serve([COLOUR]);
    const { out } = await diff('', {
      env: { KUBECTL_EXTERNAL_DIFF: `diff -u --label 'in the cluster' --label "in Git"` },
    });
    expect(out).toContain('--- in the cluster\n+++ in Git\n');
  });

  test('no name chooses the file that KUBECTL_EXTERNAL_DIFF gets', async () => {
    const outside = join(mkdtempSync(join(tmpdir(), 'hawser-diff-')), 'target');
    for (const name of [`../../../../../../../..${outside}`, outside, '..', '-la', 'a\u0000b', 'x'.repeat(5000)]) {
      serve([item(map(name, { mode: 'blue' }), map(name, { mode: 'green' }))]);
      const { code, out } = await diff('', { env: { KUBECTL_EXTERNAL_DIFF: 'diff -u' } });
      expect(code).toBe(1);
      expect(out).toContain('-  mode: blue\n+  mode: green\n');
    }
    expect(readdirSync(dirname(outside))).toEqual([]);
  });

  test('is what diff prints in drop-in mode', async () => {
    serve([COLOUR]);
    expect((await diff('', { env: { HAWSER_COMPAT: 'argocd' } })).out).toBe(
      '\n===== /ConfigMap shop/colour ======\n3c3\n<   mode: blue\n---\n>   mode: green\n',
    );
  });

  test.each([
    ['-o html', 'unknown output format: html'],
    ['--local . --revision v1', '--local and --revision exclude each other'],
    ['--server-side-diff-concurrency 0', '0 is not allowed'],
  ])('%s is wrong usage', async (line, says) => {
    const shown = await hawser(`app diff guestbook ${line}`);
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(says);
  });
});

describe('hawser app diff by the server', () => {
  const serves = (version: string, annotations: Readonly<Record<string, string>> = {}): void => {
    const app = anApplication();
    api.on(`GET ${APP}`).reply(200, { ...app, metadata: { ...app.metadata, annotations } });
    api.on('GET /api/version').reply(200, { Version: version });
  };
  const OURS = 'v3.5.1+hawser.1.2.3';
  const ANNOTATED = { 'argocd.argoproj.io/compare-options': 'IgnoreExtraneous, ServerSideDiff=true' };

  test.each(['--server-side-diff', '--server-side-generate --local .'])('%s is refused by any other', async (flags) => {
    serves('v3.5.1+abcdef');
    const shown = await hawser(`app diff guestbook ${flags}`, { api });
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toMatch(
      /^error: --server-side-\w+ has no form in the REST interface of Argo CD v3\.5\.1\+abcdef\nhint: /,
    );
  });

  test('shows what the cluster answered, and asks it for annotated applications without being told', async () => {
    serves(OURS, ANNOTATED);
    api
      .on('POST /api/hawser/applications/guestbook/differences')
      .reply(200, { items: [item(map('colour', { mode: 'blue' }), map('colour', { mode: 'green' }))] });
    expect(await hawser('app diff guestbook -o names', { api })).toEqual({
      code: 1,
      out: 'ConfigMap/shop/colour\n',
      err: '',
    });
    expect(api.requests.at(-1)?.body).toMatchObject({ dryRun: true });
  });

  test('leaves annotated applications of others to what their controller found', async () => {
    serves('v3.5.1+abcdef', ANNOTATED);
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: [] });
    expect(await hawser('app diff guestbook', { api })).toEqual({ code: 0, out: '', err: '' });
  });

  test.each([
    ['--server-side-generate', '--server-side-generate needs --local FOLDER'],
    ['--server-side-generate --local . --local .', '--server-side-generate takes the one --local folder'],
    ['--server-side-generate --local . --local-include *.nope', 'no file below'],
  ])('%s is wrong usage', async (flags, says) => {
    serves(OURS);
    const shown = await hawser(`app diff guestbook ${flags}`, { api });
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(says);
  });
});

test('a folder that is not there is named as it was typed', async () => {
  api.on(`GET ${APP}`).reply(200, anApplication());
  api.on(`GET ${APP}/managed-resources`).reply(200, { items: [] });
  const shown = await hawser('app diff guestbook --local no/where', { api });
  expect(shown).toMatchObject({ code: 2, out: '' });
  expect(shown.err).toMatch(/^error: cannot read no\/where: there is no such folder\nhint: /);
});

test('a folder is not compared by dry runs unless it is sent', async () => {
  api.on(`GET ${APP}`).reply(200, anApplication());
  expect(await hawser('app diff guestbook --server-side-diff --local .', { api })).toEqual({
    code: 2,
    out: '',
    err:
      'error: --server-side-diff with --local requires --server-side-generate.\n' +
      'hint: add it, or leave --server-side-diff out\n',
  });
});

describe('hawser app diff --local', () => {
  const tracked = (object: Drawn): Drawn => ({
    ...object,
    metadata: { ...object.metadata, annotations: { 'argocd.argoproj.io/tracking-id': 'x' } },
  });

  function renders(objects: readonly Drawn[]): { asked: LocalRendering[]; typed: Typed } {
    const asked: LocalRendering[] = [];
    api.on('GET /api/v1/clusters/https%3A%2F%2Fkubernetes.default.svc').reply(200, {
      server: 'https://kubernetes.default.svc',
      info: { serverVersion: '1.35', apiVersions: ['v1', 'apps/v1'] },
    });
    return {
      asked,
      typed: {
        renderFolders: async (_, rendering) => {
          asked.push(rendering);
          return objects.map((object) => ({ object, namespace: 'shop' }));
        },
      },
    };
  }

  test('compares with what the folder renders to, at the place of the repository', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hawser-local-'));
    mkdirSync(join(root, '.git'));
    mkdirSync(join(root, 'apps', 'guestbook'), { recursive: true });
    writeFileSync(join(root, 'apps', 'guestbook', 'a.yaml'), '');
    const live = tracked(map('colour', { mode: 'blue' }));
    serve([item(live, live)]);
    const { asked, typed } = renders([tracked(map('colour', { mode: 'green' })), tracked(map('fresh', {}))]);
    const shown = await diff(`-o summary --local ${join(root, 'apps', 'guestbook')}`, typed);
    expect(shown.out).toContain('1 added, 1 changed, 0 removed');
    expect(shown.out).toMatch(/changed .* \+1 -1\n/);
    expect(asked[0]).toMatchObject({
      kubeVersion: '1.35',
      apiVersions: ['v1', 'apps/v1'],
      destinationNamespace: 'shop',
      sources: [{ folder: { root, path: 'apps/guestbook' } }],
    });
  });

  test('compares the keys of Secrets alone, whose values no server tells', async () => {
    const live = tracked(secret({ WORD: '++++++++' }));
    serve([item(live, live)]);
    const { typed } = renders([{ ...secret({}), stringData: { WORD: 'swordfish', NEW: 'hush' } }]);
    const { out, err } = await diff('--local .', typed);
    expect(err).toBe('no server tells the values of Secrets: only their keys are compared with the files\n');
    expect(out).toContain('values are hidden: added NEW\n');
    expect(out).not.toMatch(/swordfish|hush/);
  });

  test('names the sources where the application has several', async () => {
    const app = anApplication();
    const { source: _source, ...spec } = app.spec;
    const sources = [
      { repoURL: 'https://example.com/a.git', path: 'a', name: 'front' },
      { repoURL: 'b', ref: 'values' },
    ];
    serve([], { ...app, spec: { ...spec, sources } });
    const shown = await diff('--local .');
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain('--local front=. or --local values=.');
    const wrong = await diff('--local back=.');
    expect(wrong.err).toContain("there is no source 'back'\nhint: available sources: front, values");
  });
});

describe('hawser app diff --revision', () => {
  /** What is managed now, and what another revision has, as a server renders it: without the namespaces that it fills in. */
  const compareWith = async (items: readonly unknown[], manifests: readonly JsonObject[]): Promise<Shown> => {
    serve(items);
    api.on(`GET ${APP}/manifests`).reply(200, { manifests: manifests.map((one) => JSON.stringify(one)) });
    return diff('--revision v1');
  };
  const { metadata: _metadata, ...rest } = map('colour', { mode: 'blue' });
  const bare = { ...rest, metadata: { name: 'colour' } };

  test('shows no namespace that Git leaves out', async () => {
    const same = item(map('colour', { mode: 'blue' }), map('colour', { mode: 'blue' }));
    expect(await compareWith([same], [bare])).toMatchObject({ code: 0, out: '' });
  });

  test('takes a kind without a namespace for what it is, whatever Git says', async () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { on: true } };
    const state = JSON.stringify(widget);
    const states = { targetState: state, liveState: state, normalizedLiveState: state, predictedLiveState: state };
    const managed = { group: 'example.com', kind: 'Widget', name: 'w', ...states };
    const declared = { ...widget, metadata: { name: 'w', namespace: 'shop' } };
    expect(await compareWith([managed], [declared])).toMatchObject({ code: 0, out: '' });
  });

  test('takes what is declared twice as it is declared last', async () => {
    const same = item(map('colour', { mode: 'blue' }), map('colour', { mode: 'blue' }));
    const first = { ...bare, data: { mode: 'red' } };
    expect(await compareWith([same], [first, bare])).toMatchObject({ code: 0, out: '' });
    expect((await compareWith([same], [bare, first])).out).toContain('mode: red');
  });
});
