import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';
const UNTIL = 'hawser.dev/paused-until';
const REASON = 'hawser.dev/paused-reason';
const AUTOMATED = 'hawser.dev/paused-automated';

const automated = { prune: true, selfHeal: true };
const app = (spec: object = {}, annotations: Readonly<Record<string, string>> = {}) => {
  const made = anApplication({});
  return { ...made, metadata: { ...made.metadata, annotations }, spec: { ...made.spec, ...spec } };
};

/** What was sent as a merge patch. */
const patched = (): unknown => {
  const body = api.requests.find(({ method }) => method === 'PATCH')?.body;
  const { patch } = typeof body === 'string' ? JSON.parse(body) : body;
  return JSON.parse(patch);
};

describe('hawser app pause', () => {
  test('on the local system keeps the pause in annotations, and leaves the spec alone', async () => {
    api.on(`GET ${APP}`).reply(200, app({ syncPolicy: { automated } }));
    api.on(`PATCH ${APP}`).reply(200, app());
    const ended = await hawser(['app', 'pause', 'guestbook', '--for', '2h', '--reason', 'a freeze'], { api });
    expect(ended).toEqual({
      code: 0,
      out: "application 'guestbook' paused until 2026-01-05T12:00:00Z (a freeze)\n",
      err: '',
    });
    expect(patched()).toEqual({
      metadata: { annotations: { [UNTIL]: '2026-01-05T12:00:00Z', [REASON]: 'a freeze', [AUTOMATED]: null } },
    });
  });

  test('without --for has no end', async () => {
    api.on(`GET ${APP}`).reply(200, app());
    api.on(`PATCH ${APP}`).reply(200, app());
    const { out } = await hawser('app pause guestbook -o json', { api });
    expect(JSON.parse(out)).toEqual({
      applications: [{ name: 'guestbook', result: 'paused', until: null, reason: '' }],
    });
  });

  test('of several says which failed, and does the others', async () => {
    const other = '/api/v1/applications/other';
    api.on(`GET ${APP}`).reply(404, { code: 5, message: 'applications.argoproj.io "guestbook" not found' });
    api.on(`GET ${other}`).reply(200, app());
    api.on(`PATCH ${other}`).reply(200, app());
    const { code, out, err } = await hawser('app pause guestbook other', { api });
    expect({ code, out }).toEqual({ code: 4, out: "application 'other' paused\n" });
    expect(err).toContain('error: 1 of 2 applications failed: guestbook: ');
  });

  test.each([
    ['app pause', 2, 'hawser app pause needs APPNAME or -l SELECTOR'],
    ['app pause guestbook --for soon', 2, "invalid value 'soon' for --for"],
    ['app pause guestbook --for 0s', 2, "invalid value '0s' for --for"],
    ['app pause guestbook -o wide', 2, 'unknown output format: wide'],
  ])('%s is refused', async (line, code, says) => {
    expect(await hawser(line, { api })).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
  });
});

describe('hawser app resume', () => {
  test.each([
    ['of our server', {}, {}],
    ['of another server', { [AUTOMATED]: JSON.stringify(automated) }, { spec: { syncPolicy: { automated } } }],
    ['with a policy that cannot be read', { [AUTOMATED]: '{{' }, {}],
  ])('ends a pause %s', async (_what, annotations, spec) => {
    api.on(`GET ${APP}`).reply(200, app({}, { [UNTIL]: 'resumed', ...annotations }));
    api.on(`PATCH ${APP}`).reply(200, app());
    const ended = await hawser('app resume guestbook', { api });
    expect(ended).toEqual({ code: 0, out: "application 'guestbook' resumed\n", err: '' });
    expect(patched()).toEqual({
      metadata: { annotations: { [UNTIL]: null, [REASON]: null, [AUTOMATED]: null } },
      ...spec,
    });
  });

  test('of what is not paused changes nothing', async () => {
    api.on(`GET ${APP}`).reply(200, app());
    expect(await hawser('app resume guestbook', { api })).toMatchObject({
      code: 0,
      out: "application 'guestbook' is not paused\n",
    });
  });
});

test.each([
  [
    { [UNTIL]: '2026-01-05T12:00:00Z', [REASON]: 'a freeze' },
    'Automated, paused until 2026-01-05T12:00:00Z (a freeze)',
  ],
  [{ [UNTIL]: 'resumed' }, 'Automated, paused'],
  [{ [UNTIL]: '2026-01-05T09:00:00Z' }, 'Automated'],
])('app get says %j', async (annotations, says) => {
  api.on(`GET ${APP}`).reply(200, app({ syncPolicy: { automated: {} } }, annotations));
  api.on('GET /api/v1/applications/guestbook/syncwindows').reply(200, {});
  const { out } = await hawser('app get guestbook', { api });
  expect(out).toContain(`Sync Policy:        ${says}\n`);
});

describe('a server that knows nothing of pauses', () => {
  const bodies: string[] = [];
  let server: Server;
  beforeEach(async () => {
    bodies.length = 0;
    server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      if (request.method === 'PATCH') bodies.push(text);
      const isVersion = request.url?.startsWith('/api/version');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(isVersion ? { Version: 'v3.5.1' } : app({ syncPolicy: { automated } })));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => server.close());

  test('has automated sync turned off, and remembers it', async () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const words = [
      '--server',
      `127.0.0.1:${port}`,
      '--plaintext',
      '--auth-token',
      'x',
      'app',
      'pause',
      'guestbook',
      '--for',
      '1h',
    ];
    const { code, out, err } = await hawser(words, { env: { HAWSER_CONTEXT: '' } });
    expect({ code, out }).toEqual({ code: 0, out: "application 'guestbook' paused until 2026-01-05T11:00:00Z\n" });
    expect(err).toContain(
      'this server does not resume by itself: hawser app resume guestbook after 2026-01-05T11:00:00Z\n',
    );
    const [body = ''] = bodies;
    expect(JSON.parse(JSON.parse(body).patch)).toEqual({
      metadata: {
        annotations: { [UNTIL]: '2026-01-05T11:00:00Z', [REASON]: null, [AUTOMATED]: JSON.stringify(automated) },
      },
      spec: { syncPolicy: { automated: null } },
    });
  });
});
