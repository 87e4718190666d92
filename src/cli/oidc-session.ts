// The session of a pipeline: its own token is exchanged for one of the server in each command, and lives as long as that.

import { getSettings } from '../api/sessions.ts';
import type { Client } from '../client/client.ts';
import { openHttp } from '../client/http.ts';
import { findProvider, type Reach } from '../client/sso/provider.ts';
import { exchangeToken } from '../client/sso/token-exchange.ts';
import { HawserError } from '../core/errors.ts';
import { isObject, textAt } from '../core/json.ts';
import type { SavedUser } from './config/config.ts';
import type { Environment } from './io/colour.ts';

export type OidcLogin = NonNullable<SavedUser['hawser-oidc']>;

interface Surroundings {
  readonly client: Client;
  readonly reach: Reach;
  readonly env: Environment;
  readFile(path: string): Promise<string>;
}

/** A token of the server for the token of this pipeline. */
export async function openOidcSession(login: OidcLogin, around: Surroundings): Promise<string> {
  const source = SOURCES[login.source];
  if (!source) throw unknownSource(login.source);
  const subjectToken = (await source.token(login, around)).trim();
  const { client, reach } = around;
  const provider = await findProvider(await client.call(getSettings, {}), client.address, reach);
  return exchangeToken(provider, { subjectToken, connector: login.connector ?? source.connector });
}

interface Source {
  /** The id of the connector in the examples of Argo CD. */
  readonly connector: string | undefined;
  token(login: OidcLogin, around: Surroundings): Promise<string>;
}

const SOURCES: Readonly<Record<string, Source>> = {
  github: { connector: 'github-actions', token: githubToken },
  gitlab: { connector: 'gitlab-ci', token: gitlabToken },
  'token-file': { connector: undefined, token: fileToken },
};

async function githubToken({ audience }: OidcLogin, { env, reach }: Surroundings): Promise<string> {
  const [address, secret] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
  if (!address || !secret || !URL.canParse(address)) {
    throw new HawserError('usage', 'this is no job of GitHub Actions that may ask for a token', {
      hint: "add 'permissions: {id-token: write}' to the job",
    });
  }
  const url = new URL(address);
  if (audience !== undefined) url.searchParams.set('audience', audience);
  const send = await openHttp(reach(url.origin));
  const headers = { authorization: `bearer ${secret}`, accept: 'application/json' };
  const { status, body } = await send({ method: 'GET', url: `${url.pathname}${url.search}`, headers, stream: false });
  const answer: unknown = status === 200 ? JSON.parse(String(body)) : undefined;
  const token = isObject(answer) ? textAt(answer, 'value') : '';
  if (token !== '') return token;
  throw new HawserError('not-logged-in', `GitHub gave no token for this job (${status})`, {
    hint: "add 'permissions: {id-token: write}' to the job",
  });
}

async function gitlabToken(_: OidcLogin, { env }: Surroundings): Promise<string> {
  const token = env['GITLAB_OIDC_TOKEN'];
  if (token) return token;
  throw new HawserError('usage', 'GITLAB_OIDC_TOKEN is not set', {
    hint: "add 'id_tokens: {GITLAB_OIDC_TOKEN: {aud: https://SERVER}}' to the job",
  });
}

async function fileToken({ file }: OidcLogin, { readFile }: Surroundings): Promise<string> {
  if (file !== undefined) return readFile(file);
  throw new HawserError('usage', '--oidc token-file needs --oidc-token-file');
}

const unknownSource = (source: string): HawserError =>
  new HawserError('usage', `there is no way to log in called '${source}'`, {
    hint: `valid values: ${Object.keys(SOURCES).join(', ')}`,
  });
