// The answers of the server behind one transcript, by method and path.

import { isObject, type Json, type JsonObject, objectAt, textAt } from '../../../src/core/json.ts';
import { differencesIn } from './differences.ts';
import { MOMENT, TOKEN } from './placeholders.ts';
import { type Asked, anyApplication, named, progressOf, type Scene } from './scene.ts';
import { accountsIn, userIn, versionIn } from './sessions.ts';
import { documentIn, historyIn, manifestsIn, nodesIn, objectsIn, tableIn } from './shown.ts';

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (scene: Scene, asked: Asked, before: number) => Json | undefined;
}

const APP = '^/api/v1/applications/([^/]+)';

const route = (method: string, path: string, answer: Route['answer']): Route => ({
  method,
  path: new RegExp(`${path}$`),
  answer,
});

export const ROUTES: readonly Route[] = [
  route('GET', '^/api/version', ({ transcript }) => versionIn(transcript.stdout)),
  route('GET', '^/api/v1/settings', () => ({
    url: 'http://127.0.0.1:8080',
    appLabelKey: 'app.kubernetes.io/instance',
  })),
  route('GET', '^/api/v1/session/userinfo', ({ transcript }) => userIn(transcript.stdout)),
  route('POST', '^/api/v1/session', () => ({ token: TOKEN })),
  route('POST', '^/auth/logout', () => ({})),
  route('GET', '^/api/v1/account', ({ transcript }) => ({ items: accountsIn(transcript.stdout) })),
  route('PUT', '^/api/v1/account/password', () => ({})),
  route('GET', '^/api/v1/account/can-i/.*', ({ transcript }) => ({ value: transcript.stdout.trim() })),
  route('POST', '^/api/v1/account/[^/]+/token', () => ({ token: '<token>' })),
  route('DELETE', '^/api/v1/account/[^/]+/token/[^/]+', () => ({})),
  route(
    'GET',
    '^/api/v1/account/[^/]+',
    ({ transcript }, { path }) => accountsIn(transcript.stdout)[0] ?? { name: path.split('/').at(-1) ?? '' },
  ),
  route('GET', '^/api/v1/clusters/.+', () => ({ server: 'https://kubernetes.default.svc', info: {} })),
  route('GET', '^/api/v1/projects/[^/]+', () => ({ metadata: { name: 'default' }, spec: {} })),
  route('GET', '^/api/v1/applications', listed),
  route('POST', '^/api/v1/applications', (scene, { body }) =>
    scene.transcript.stdout.includes(' unchanged')
      ? (existing(scene)[0] ?? {})
      : { ...objectOf(body), metadata: { namespace: 'argocd', ...objectAt(body, 'metadata') } },
  ),
  route('GET', APP, (scene, { path }, before) => applicationAt(scene, nameIn(path), before)),
  route('PUT', APP, (_, { body }) => body),
  route('PATCH', APP, ({ transcript }) => documentIn(transcript.stdout) ?? {}),
  route('DELETE', APP, () => ({})),
  route('PUT', `${APP}/spec`, (_, { body }) => body),
  route('DELETE', `${APP}/operation`, () => ({})),
  route('POST', `${APP}/(sync|rollback)`, (scene, { path }) => running(finalOf(scene, nameIn(path)))),
  route('GET', `${APP}/syncwindows`, ({ transcript }) => windowsIn(transcript.stdout)),
  route('GET', `${APP}/resource-tree`, treeOf),
  route('GET', `${APP}/managed-resources`, managed),
  route('GET', `${APP}/manifests`, (scene) => {
    const { transcript, words } = scene;
    const found =
      words[1] === 'manifests'
        ? manifestsIn(transcript.stdout)
        : differencesIn(transcript.stdout).map(({ target }) => target);
    return { manifests: found.filter((item) => item !== null).map((item) => JSON.stringify(item)) };
  }),
  route('GET', `${APP}/resource`, (scene, { query }) => {
    const object = objectsIn(scene.transcript.stdout, query.get('resourceName') ?? '').find(
      (item) => textAt(item, 'metadata', 'name') === query.get('resourceName'),
    );
    return { manifest: JSON.stringify(object ?? {}) };
  }),
  route('POST', `${APP}/resource`, () => ({ manifest: '{}' })),
  route('DELETE', `${APP}/resource`, () => ({})),
  route('GET', `${APP}/resource/actions`, (scene, { query }) => ({ actions: actionsOf(scene, query) })),
  route('POST', `${APP}/resource/actions/v2`, () => ({})),
];

const objectOf = (value: Json): JsonObject => (isObject(value) ? value : {});

const nameIn = (path: string): string => path.split('/')[4] ?? '';

export function finalOf(scene: Scene, name: string): JsonObject {
  return withSourceNames(
    finalStateOf(scene, name),
    scene.known.sources[scene.transcript.id] ?? scene.known.sources[name],
  );
}

/** Names of sources are shown by no text; a transcript may be known to have fewer of them. */
function withSourceNames(app: JsonObject, names: readonly string[] | undefined): JsonObject {
  if (names === undefined) return app;
  const spec = objectAt(app, 'spec');
  const sources = Array.isArray(spec['sources']) ? spec['sources'].filter(isObject) : [objectAt(spec, 'source')];
  const [first = {}] = sources;
  return {
    ...app,
    spec: {
      ...spec,
      sources: names.map((name, index) => ({ ...(sources[index] ?? first), ...(name === '' ? {} : { name }) })),
    },
  };
}

function finalStateOf({ shown, known }: Scene, name: string): JsonObject {
  return (
    shown.find((app) => textAt(app, 'metadata', 'name') === name) ??
    known.applications.get(name) ??
    anyApplication(name)
  );
}

function applicationAt(scene: Scene, name: string, before: number): JsonObject {
  const final = finalOf(scene, name);
  const history = scene.transcript.stdout.startsWith('SOURCE')
    ? historyIn(scene.transcript.stdout)
    : scene.known.history;
  const told =
    /at least two|does not have deployment id '0'/.test(scene.transcript.stderr) ||
    (scene.words[1] === 'history' && scene.transcript.stdout === '')
      ? []
      : history;
  const ids = /^(\d+\n)+$/.test(scene.transcript.stdout)
    ? scene.transcript.stdout
        .trimEnd()
        .split('\n')
        .map((id) => ({ id: Number(id), deployedAt: MOMENT, source: { repoURL: 'r' } }))
    : told;
  const isHistory = ['history', 'rollback'].includes(scene.words[1] ?? '');
  const whole: JsonObject =
    isHistory && objectAt(final, 'status')['history'] === undefined
      ? { ...final, status: { ...objectAt(final, 'status'), history: ids } }
      : final;
  const isWaited = scene.words[1] === 'wait' && progressOf(scene, name).length > 0 && scene.transcript.exit === 0;
  return isWaited && before === 0 ? running(whole) : whole;
}

export const running = (app: JsonObject): JsonObject => ({ ...app, operation: { sync: {} } });

function listed(scene: Scene, { query }: Asked, before: number): Json {
  const { words, transcript, shown, known } = scene;
  if (words[1] === 'create')
    return { items: /unchanged|updated|use upsert/.test(transcript.stdout + transcript.stderr) ? existing(scene) : [] };
  if (words[1] === 'delete' && transcript.argv.includes('--wait') && before > 0) return { items: [] };
  if (words[1] === 'wait' && transcript.argv.includes('--delete') && transcript.exit === 0) {
    return { items: before > 1 ? [] : [finalOf(scene, words[2] ?? '')] };
  }
  const isServers =
    query.get('selector') !== null ||
    query.get('appNamespace') !== null ||
    transcript.env['ARGOCD_AUTH_TOKEN'] !== undefined;
  const deleted = [...transcript.stdout.matchAll(/'([^']+)' (?:deleted|and all its)/g)].map(([, name = '']) =>
    named(name.includes('/') ? name : `argocd/${name}`),
  );
  if (words[1] === 'delete')
    return { items: [...new Map(deleted.map((app) => [textAt(app, 'metadata', 'name'), app])).values()] };
  return {
    items:
      isServers || words[1] !== 'list' || known.all.length === 0
        ? [...shown]
        : transcript.about === 'nothing there'
          ? []
          : [...known.all],
  };
}

function existing({ words, transcript }: Scene): JsonObject[] {
  const [, name = ''] = /application '([^']+)'/.exec(transcript.stdout) ?? [];
  const app = anyApplication(name || (words[2] ?? ''));
  return [
    transcript.stdout.includes(' unchanged') ? app : { ...app, spec: { ...objectAt(app, 'spec'), project: 'before' } },
  ];
}

function windowsIn(stdout: string): Json {
  const [, says = 'Sync Allowed'] = /^SyncWindow: +(.*)$/m.exec(stdout) ?? [];
  const [, assigned = ''] = /^Assigned Windows: +(.*)$/m.exec(stdout) ?? [];
  const windows =
    assigned === ''
      ? []
      : assigned.split(',').map((text) => ({
          kind: text.split(':')[0] ?? '',
          schedule: text.split(':')[1] ?? '',
          duration: text.split(':')[2] ?? '',
        }));
  return {
    activeWindows: says === 'Sync Allowed' ? [] : windows,
    assignedWindows: windows,
    canSync: says !== 'Sync Denied',
  };
}

function treeOf({ transcript, words }: Scene): Json {
  if (words[1] !== 'get-resource') return nodesIn(transcript.stdout);
  const kind = transcript.argv[transcript.argv.indexOf('--kind') + 1] ?? '';
  const own = transcript.argv.includes('--resource-name')
    ? [transcript.argv[transcript.argv.indexOf('--resource-name') + 1] ?? '']
    : namesIn(transcript.stderr);
  const group = kind === 'Deployment' ? 'apps' : '';
  return { nodes: own.map((name) => ({ group, version: 'v1', kind, namespace: 'conformance', name, uid: name })) };
}

const namesIn = (stderr: string): string[] =>
  [...stderr.matchAll(/Resources? '([^']+)'/g)].flatMap(([, names = '']) => names.split(', '));

interface Live {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

const LIVE: Readonly<Record<string, readonly Live[]>> = {
  settings: [
    { group: '', kind: 'ConfigMap', name: 'settings-one' },
    { group: '', kind: 'ConfigMap', name: 'settings-two' },
  ],
};

const GUESTBOOK: readonly Live[] = [
  { group: '', kind: 'ConfigMap', name: 'guestbook-settings' },
  { group: '', kind: 'Service', name: 'guestbook' },
  { group: 'apps', kind: 'Deployment', name: 'guestbook' },
  { group: 'argoproj.io', kind: 'Application', name: 'guestbook' },
];

function managed(scene: Scene): Json {
  const { words, transcript } = scene;
  if (words[1] === 'manifests') {
    const live = transcript.argv.includes('live');
    return {
      items: manifestsIn(transcript.stdout).map((item) => ({
        [live ? 'liveState' : 'targetState']: JSON.stringify(item),
      })),
    };
  }
  if (words[1] === 'diff' || transcript.argv.includes('--preview-changes')) {
    const later = transcript.argv.some((word) => word.startsWith('--revision'));
    const items = differencesIn(transcript.stdout).filter(({ live }) => !later || live !== null);
    return {
      items: items.map(({ live, target, ...named }) => ({
        ...named,
        normalizedLiveState: JSON.stringify(live),
        liveState: JSON.stringify(live),
        targetState: JSON.stringify(later ? live : target),
      })),
    };
  }
  const done = namesIn(transcript.stderr);
  const live = LIVE[words[2] ?? words[3] ?? ''] ?? GUESTBOOK;
  const objects = live.filter(({ name }) => done.length === 0 || done.includes(name));
  return {
    items: objects.map(({ group, kind, name }) => ({
      group,
      kind,
      namespace: 'conformance',
      name,
      liveState: JSON.stringify({
        apiVersion: group === '' ? 'v1' : `${group}/v1`,
        kind,
        metadata: { name, namespace: 'conformance' },
      }),
    })),
  };
}

function actionsOf({ transcript }: Scene, query: URLSearchParams): Json[] {
  const document = documentIn(transcript.stdout) ?? yamlActions(transcript.stdout);
  const rows = Array.isArray(document)
    ? document.map((item) => [
        textAt(item, 'Group'),
        textAt(item, 'Kind'),
        textAt(item, 'Name'),
        textAt(item, 'Action'),
        String(objectOf(item ?? null)['Disabled']),
      ])
    : tableIn(transcript.stdout.trimEnd().split('\n')).slice(1);
  return rows
    .filter(
      ([group, kind, name]) =>
        group === query.get('group') && kind === query.get('kind') && name === query.get('resourceName'),
    )
    .map(([, , , name = '', disabled]) => ({ name, ...(disabled === 'true' ? { disabled: true } : {}) }));
}

function yamlActions(stdout: string): Json | undefined {
  return stdout.startsWith('- Action') ? manifestsIn(stdout)[0] : undefined;
}
