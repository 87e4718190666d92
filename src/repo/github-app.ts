// A login by an app of GitHub: a token for an hour, in exchange for a statement signed by the app's key.

import { createPrivateKey, createSign } from 'node:crypto';
import { HawserError } from '../core/errors.ts';
import { numberAt, textAt } from '../core/json.ts';
import type { Clock } from '../core/time.ts';
import { request } from './http.ts';
import type { Credentials } from './request.ts';

export interface GithubApp {
  readonly id: number;
  /** Found out where it is not there. */
  readonly installationId?: number;
  /** PEM. */
  readonly privateKey: string;
  /** Of GitHub Enterprise: 'https://ghe.example.com/api/v3'. */
  readonly baseUrl?: string;
}

interface Token {
  readonly text: string;
  readonly expires: number;
}

/** Tokens by app and installation; each is asked for anew a minute before it ends. */
export function createGithubTokens(
  clock: Clock,
): (app: GithubApp, url: string, credentials: Credentials) => Promise<string> {
  const tokens = new Map<string, Token>();
  return async (app, url, credentials) => {
    const key = `${app.baseUrl ?? ''} ${app.id} ${app.installationId ?? ownerOf(url)}`;
    const last = tokens.get(key);
    if (last && last.expires - 60_000 > clock.now()) return last.text;
    const token = await issue(app, url, { credentials, now: clock.now() });
    tokens.set(key, token);
    return token.text;
  };
}

interface Asking {
  readonly credentials: Credentials;
  readonly now: number;
}

async function issue(app: GithubApp, url: string, { credentials, now }: Asking): Promise<Token> {
  const base = (app.baseUrl || 'https://api.github.com').replace(/\/+$/, '');
  const asApp: Credentials = { ...credentials, bearerToken: statement(app, now) };
  const ask = async (path: string, method: 'GET' | 'POST'): Promise<unknown> => {
    const { status, text } = await request({ url: `${base}${path}`, credentials: asApp, method });
    if (status < 300) return JSON.parse(text || '{}');
    throw new HawserError('invalid', `GitHub does not let the app ${app.id} in: status ${status} for ${path}`, {
      hint: 'check the id, the installation and the private key of the app',
      reason: { kind: 'repository-login' },
    });
  };
  const installation =
    app.installationId || numberAt(await ask(`/repos/${pathOf(url)}/installation`, 'GET'), 'id') || 0;
  const answer = await ask(`/app/installations/${installation}/access_tokens`, 'POST');
  return { text: textAt(answer, 'token'), expires: Date.parse(textAt(answer, 'expires_at')) || now + 3_600_000 };
}

function statement({ id, privateKey }: GithubApp, now: number): string {
  const seconds = Math.floor(now / 1000);
  // A minute back: clocks differ.
  const claims = { iat: seconds - 60, exp: seconds + 540, iss: String(id) };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  try {
    return `${content}.${createSign('RSA-SHA256').update(content).sign(createPrivateKey(privateKey), 'base64url')}`;
  } catch (cause) {
    throw new HawserError('invalid', 'the private key of the GitHub app cannot be read', {
      hint: 'give the PEM file that GitHub made for the app',
      cause,
    });
  }
}

const pathOf = (url: string): string =>
  url
    .replace(/^[a-z]+:\/\/[^/]+\//i, '')
    .replace(/\.git$/, '')
    .split('/')
    .slice(0, 2)
    .join('/');

const ownerOf = (url: string): string => pathOf(url).split('/')[0] ?? '';
