// Login by a browser: the authorization code comes back to a port of this machine, guarded by PKCE and a state.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { type Provider, ssoFailure, type Tokens, tokensOf } from './provider.ts';

export interface BrowserLogin {
  readonly port: number;
  /** The port as the browser sees it, where that is another address. */
  readonly callback?: string;
  readonly signal: AbortSignal;
  /** Sends the person to the login page. */
  open(url: string): Promise<void>;
}

const CALLBACK = '/auth/callback';

export async function loginByBrowser(provider: Provider, login: BrowserLogin): Promise<Tokens> {
  const oidc = await import('openid-client');
  const { configuration, parameters } = provider;
  const types = configuration.serverMetadata().response_types_supported;
  if (types && !types.includes('code')) throw withoutCode(provider);
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const redirect = `${login.callback?.replace(/\/+$/, '') ?? `http://localhost:${login.port}`}${CALLBACK}`;
  const url = oidc.buildAuthorizationUrl(configuration, {
    ...parameters,
    response_type: 'code',
    redirect_uri: redirect,
    state: expectedState,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const listener = await listen(login, expectedState);
  try {
    await login.open(url.href);
    const query = await listener.answered;
    const current = new URL(`${redirect}?${query}`);
    const checks = { pkceCodeVerifier, expectedState, idTokenExpected: true };
    const answer = await oidc.authorizationCodeGrant(configuration, current, checks).catch((thrown: unknown) => {
      throw ssoFailure('the login was refused', thrown);
    });
    return tokensOf(answer);
  } finally {
    listener.close();
  }
}

/** The implicit flow, which puts tokens into addresses, is refused. */
const withoutCode = ({ issuer }: Provider): HawserError =>
  new HawserError('not-implemented', `${issuer} offers no authorization code, the only flow that is safe here`, {
    hint: 'try --sso-device, or log in with --username',
  });

interface Listener {
  /** The query of the one call that carries our state. */
  readonly answered: Promise<URLSearchParams>;
  close(): void;
}

const MAX_CALLS = 2;

async function listen({ port, signal }: BrowserLogin, state: string): Promise<Listener> {
  let calls = 0;
  let settle: (query: URLSearchParams) => void = () => undefined;
  let fail: (error: HawserError) => void = () => undefined;
  const answered = new Promise<URLSearchParams>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  answered.catch(() => undefined);
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== CALLBACK) return page(response, 404, 'There is nothing here.');
    calls += 1;
    if (calls > MAX_CALLS) return fail(loginRefused('Unable to complete login flow: too many redirects'));
    if (url.searchParams.get('state') !== state) {
      page(response, 400, 'This answer belongs to another login.');
      return fail(loginRefused('Unknown state nonce'));
    }
    const isError = url.searchParams.has('error');
    page(
      response,
      isError ? 400 : 200,
      isError ? 'The login was refused.' : 'You are logged in: go back to the terminal.',
    );
    settle(url.searchParams);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (thrown) => reject(portFailure(thrown, port)));
    server.listen(port, 'localhost', resolve);
  });
  const stop = (): void => fail(new HawserError('interrupted', 'stopped waiting for the login page'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return {
    answered,
    close: () => {
      signal.removeEventListener('abort', stop);
      server.close();
      server.closeAllConnections();
    },
  };
}

const loginRefused = (message: string): HawserError =>
  new HawserError('not-logged-in', message, {
    hint: 'try once more: hawser relogin',
    reason: { kind: 'sso-failed' },
  });

function portFailure(thrown: Error, port: number): HawserError {
  const why = systemCode(thrown) === 'EADDRINUSE' ? 'it is taken' : messageOf(thrown);
  return new HawserError('usage', `cannot wait for the login page on port ${port}: ${why}`, {
    hint: '--sso-port takes another one, which the provider must know too',
    cause: thrown,
  });
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', connection: 'close' });
  response.end(`<!doctype html><title>Hawser</title><p>${text}</p>`);
}
