// Login by single sign-on, against a provider of its own: by a browser, by a device code, and renewed when it has ended.

import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, textAt } from '../../../src/core/json.ts';
import { parseYaml } from '../../../src/core/yaml.ts';
import { hawser, type Shown, type Typed } from '../../support/hawser.ts';
import { type OidcProvider, type ProviderTraits, startOidcProvider } from '../../support/oidc-provider.ts';

let provider: OidcProvider;
let argocd: Server;
let address: string;
let home: string;
let seen: string[];

/** A browser that follows the login page to its end. */
const BROWSER = `#!${process.execPath}
fetch(process.argv[2]).then((answer) => answer.text());
`;

async function start(traits: ProviderTraits = {}, oidc: object = {}): Promise<void> {
  provider = await startOidcProvider(traits);
  const oidcConfig = { issuer: provider.issuer, clientID: 'web', cliClientID: 'hawser-cli', ...oidc };
  argocd = createServer((request, response) => {
    const token = request.headers.authorization ?? '';
    seen.push(`${request.url} ${token.slice(0, 12)}`);
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/job?x=1&audience=cd') {
      return token === 'bearer job-secret' ? json(200, { value: 'token-of-the-job' }) : json(403, {});
    }
    if (request.url === '/api/version') return json(200, { Version: 'v3.5.1' });
    if (request.url === '/api/v1/settings') return json(200, { url: 'http://cd', oidcConfig });
    return isFresh(token) ? json(200, { items: [] }) : json(401, { code: 16, message: 'token is expired' });
  });
  await new Promise<void>((resolve) => argocd.listen(0, '127.0.0.1', resolve));
  const bound = argocd.address();
  address = `127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
}

function isFresh(token: string): boolean {
  const [, payload = ''] = token.split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8') || '{}');
  return Number(at(claims, 'exp')) * 1000 > Date.now();
}

beforeEach(() => {
  seen = [];
  home = mkdtempSync(join(tmpdir(), 'hawser-sso-'));
  writeFileSync(join(home, 'xdg-open'), BROWSER);
  chmodSync(join(home, 'xdg-open'), 0o755);
});

afterEach(async () => {
  await provider.close();
  await new Promise((resolve) => argocd.close(resolve));
});

const typed = (line: string, more: Typed = {}): Promise<Shown> =>
  hawser(line, {
    clock: systemClock,
    ...more,
    env: { HOME: home, HAWSER_CONTEXT: '', PATH: `${home}${delimiter}${process.env['PATH']}`, ...more.env },
  });

const config = (): unknown => parseYaml(readFileSync(join(home, '.config', 'argocd', 'config'), 'utf8'), 'config');

let port = 18085;
const nextPort = (): number => {
  port += 1;
  return port;
};

describe('by a browser', () => {
  test('keeps the id token and the refresh token', async () => {
    await start({}, { idTokenClaims: { groups: { essential: true } } });
    const shown = await typed(`login ${address} --plaintext --sso --sso-port ${nextPort()}`);
    expect(shown.err).toContain('Authentication successful');
    expect(shown).toMatchObject({
      code: 0,
      out: `'ada@example.com' logged in successfully\nContext '${address}' updated\n`,
    });
    expect(textAt(config(), 'users', 0, 'refresh-token')).toBe('refresh-1');
    const [visit] = provider.visits;
    expect(visit?.get('scope')).toBe('openid profile email groups offline_access');
    expect(visit?.get('code_challenge_method')).toBe('S256');
    expect(visit?.get('claims')).toBe('{"id_token":{"groups":{"essential":true}}}');
    expect(visit?.get('redirect_uri')).toBe(`http://localhost:${port}/auth/callback`);
    expect(await typed('app list -o name')).toMatchObject({ code: 0 });
  });

  test('shows the address where there is no browser', async () => {
    await start();
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 600);
    const shown = await typed(
      `login ${address} --plaintext --sso --sso-launch-browser=false --sso-port ${nextPort()}`,
      { signal: stop.signal },
    );
    expect(shown.code).toBe(130);
    expect(shown.err).toMatch(
      /To authenticate, copy-and-paste the following URL into your preferred browser: http.*\/authorize\?/,
    );
  });

  test('says why it was refused', async () => {
    await start({ refuses: 'access_denied' });
    const shown = await typed(`login ${address} --plaintext --sso --sso-port ${nextPort()}`);
    expect(shown.code).toBe(3);
    expect(shown.err).toMatch(/error: the login was refused: .*access_denied|error: the login was refused/);
  });

  test('says that the port is taken', async () => {
    await start();
    const other = createServer();
    const taken = nextPort();
    await new Promise<void>((resolve) => other.listen(taken, 'localhost', resolve));
    const shown = await typed(`login ${address} --plaintext --sso --sso-port ${taken}`);
    await new Promise((resolve) => other.close(resolve));
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(
      `error: cannot wait for the login page on port ${taken}: it is taken\nhint: --sso-port`,
    );
  });

  test('refuses a provider that offers no code', async () => {
    await start({ withoutCode: true });
    const shown = await typed(`login ${address} --plaintext --sso --sso-port ${nextPort()}`);
    expect(shown.code).toBe(20);
    expect(shown.err).toContain('offers no authorization code');
  });

  test('says that a server has none', async () => {
    await start({}, { issuer: '' });
    const shown = await typed(`login ${address} --plaintext --sso`);
    expect(shown).toEqual({
      code: 2,
      out: '',
      err: `error: ${address} is not configured with SSO\nhint: hawser login ${address} --username NAME\n`,
    });
  });
});

describe('by a device code', () => {
  test('shows the code and waits for it', async () => {
    await start();
    const shown = await typed(`login ${address} --plaintext --sso-device`);
    expect(shown.code).toBe(0);
    expect(shown.err).toContain(`To log in, open ${provider.issuer}/enter on any device and enter the code WDJB-MJHT`);
    expect(textAt(config(), 'users', 0, 'refresh-token')).toBe('refresh-1');
  });

  test('says that the provider has no such way', async () => {
    await start({ withoutDevice: true });
    const shown = await typed(`login ${address} --plaintext --sso-device`);
    expect(shown).toMatchObject({ code: 20, out: '' });
    expect(shown.err).toContain('hint: log in by a browser: --sso\n');
  });
});

describe('a token that has ended', () => {
  const save = async (refreshToken: string): Promise<void> => {
    await start();
    const saved = {
      contexts: [{ name: 'cd', server: address, user: 'cd' }],
      'current-context': 'cd',
      servers: [{ server: address, 'plain-text': true }],
      users: [{ name: 'cd', 'auth-token': await provider.expired(60), 'refresh-token': refreshToken }],
      theirs: 'kept',
    };
    writeFileSync(join(home, 'config'), JSON.stringify(saved), { mode: 0o600 });
  };

  test('is renewed, kept, and the command goes on', async () => {
    await save('refresh-1');
    const shown = await typed(`app list -o name --config ${join(home, 'config')}`);
    expect(shown).toEqual({ code: 0, out: '', err: '' });
    const kept: unknown = parseYaml(readFileSync(join(home, 'config'), 'utf8'), 'config');
    expect(textAt(kept, 'users', 0, 'refresh-token')).toBe('refresh-2');
    expect(textAt(kept, 'theirs')).toBe('kept');
    expect(provider.asked[0]?.get('grant_type')).toBe('refresh_token');
  });

  test('that cannot be renewed is 3, with the way out', async () => {
    await save('refresh-0');
    const shown = await typed(`app list --config ${join(home, 'config')}`);
    expect(shown.code).toBe(3);
    expect(shown.err).toContain('error: the login cannot be renewed: the session has ended\n');
  });

  test('is relogged in by the same way', async () => {
    await save('refresh-1');
    const shown = await typed(`relogin --sso-port ${nextPort()} --config ${join(home, 'config')}`);
    expect(shown.out).toBe("Reinitiating SSO login\n'ada@example.com' logged in successfully\nContext 'cd' updated\n");
  });
});

describe('a pipeline logs in by its own token', () => {
  const files = (): string[] => [readFileSync(join(home, '.config', 'argocd', 'config'), 'utf8')];
  const job = (): Record<string, string> => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://${address}/job?x=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-secret',
  });

  test('of GitHub, which each command exchanges anew: nothing secret is saved', async () => {
    await start();
    const login = await typed(`login ${address} --plaintext --oidc github --oidc-audience cd`, { env: job() });
    expect(login).toMatchObject({
      code: 0,
      out: `'ada@example.com' logged in successfully\nContext '${address}' updated\n`,
    });
    expect(textAt(config(), 'users', 0, 'hawser-oidc', 'source')).toBe('github');
    expect(files().join('')).not.toMatch(/token-of-the-job|job-secret|eyJ/);
    const [exchange] = provider.asked;
    expect(Object.fromEntries(exchange ?? [])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      connector_id: 'github-actions',
      subject_token: 'token-of-the-job',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      client_id: 'hawser-cli',
    });

    expect(await typed('app list', { env: job() })).toMatchObject({ code: 0 });
    expect(provider.asked).toHaveLength(2);
    expect(await typed('app list')).toMatchObject({ code: 2 });
  });

  test('of GitLab, of a file', async () => {
    await start();
    const gitlab = { GITLAB_OIDC_TOKEN: 'token-of-the-job' };
    expect(await typed(`login ${address} --plaintext --oidc gitlab`, { env: gitlab })).toMatchObject({ code: 0 });
    expect(provider.asked[0]?.get('connector_id')).toBe('gitlab-ci');
    writeFileSync(join(home, 'token'), 'token-of-the-job\n');
    const flags = `--oidc token-file --oidc-token-file ${join(home, 'token')} --oidc-connector cluster`;
    expect(await typed(`login ${address} --plaintext ${flags}`)).toMatchObject({ code: 0 });
    expect(provider.asked[1]?.get('connector_id')).toBe('cluster');
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['--oidc github', {}, 2, "hint: add 'permissions: {id-token: write}' to the job"],
    ['--oidc gitlab', {}, 2, 'GITLAB_OIDC_TOKEN is not set'],
    ['--oidc gitlab', { GITLAB_OIDC_TOKEN: 'another' }, 3, 'did not take the token of the pipeline: who is that'],
    ['--oidc token-file', {}, 2, '--oidc token-file needs --oidc-token-file'],
    ['--oidc token-file --oidc-token-file /nowhere', {}, 2, 'cannot read /nowhere'],
    ['--oidc jenkins', {}, 2, 'valid values: github, gitlab, token-file'],
  ])('%s with %o is refused, and nothing is saved', async (flags, env, code, message) => {
    await start();
    const shown = await typed(`login ${address} --plaintext ${flags}`, { env });
    expect(shown.code).toBe(code);
    expect(shown.err).toContain(message);
    expect(() => config()).toThrow();
  });
});
