// The repo server's door to axios.

import { Agent } from 'node:https';
import { HawserError, messageOf, systemCode } from '../core/errors.ts';
import { withoutLogins } from '../core/url.ts';
import { refuseLinkLocal } from './address.ts';
import type { Credentials, Repository } from './request.ts';

const TIMEOUT_MS = 15_000;
/** Of all of an answer, however slowly it comes. */
const DEADLINE_MS = 60_000;
/** Once it is unpacked. */
const LIMIT_BYTES = 64 * 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly bytes: Buffer;
  readonly text: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

interface HttpRequest extends Repository {
  readonly method?: 'GET' | 'POST';
  /** What kinds of answers are understood. */
  readonly accept?: string;
}

/** Any answer; throws where there is none. */
export async function request({ url, credentials = {}, method = 'GET', accept }: HttpRequest): Promise<HttpAnswer> {
  const [{ default: axios }] = await Promise.all([import('axios'), refuseLinkLocal({ url, credentials })]);
  const { status, data, headers } = await axios
    .request<Buffer>({
      url,
      method,
      responseType: 'arraybuffer',
      timeout: TIMEOUT_MS,
      maxContentLength: LIMIT_BYTES,
      signal: AbortSignal.timeout(DEADLINE_MS),
      validateStatus: () => true,
      headers: { ...authorization(credentials), ...(accept ? { Accept: accept } : {}) },
      ...(await connectionOf(url, credentials)),
    })
    .catch((cause: unknown) => {
      throw new HawserError('unreachable', `'${withoutLogins(url)}' is unreachable: ${reasonOf(cause)}`, {
        hint: 'check the URL, the network and the proxy settings',
        ...(systemCode(cause) === 'ECONNREFUSED' ? { reason: { kind: 'repository-refused' } } : {}),
      });
    });
  // Of the proxy that looks at each address.
  if (status === 421 && credentials.proxy) throw misdirected(url);
  const plain = Object.entries(headers).map(([name, value]) => [name, value === undefined ? undefined : String(value)]);
  const bytes = Buffer.from(data);
  return { status, bytes, text: bytes.toString('utf8'), headers: Object.fromEntries(plain) };
}

const misdirected = (url: string): HawserError =>
  new HawserError('invalid', `'${withoutLogins(url)}' leads to an address that nothing is fetched from`, {
    hint: 'link-local addresses never, this machine with hawser server --local-repositories',
  });

/** The text behind a URL of a repository; undefined where there is nothing. */
export async function fetchText(repository: Repository): Promise<string | undefined> {
  return (await fetchBytes(repository))?.toString('utf8');
}

export async function fetchBytes(repository: Repository): Promise<Buffer | undefined> {
  const { status, bytes } = await request(repository);
  const url = withoutLogins(repository.url);
  if (status < 300) return bytes;
  if (status === 404 || status === 410) return undefined;
  if (status === 401 || status === 403) {
    throw new HawserError('invalid', `authentication required for '${url}'`, {
      hint: 'hawser repo add URL --username NAME --password-stdin gives the server a login',
      reason: { kind: 'repository-login' },
    });
  }
  throw new HawserError('unreachable', `'${url}' answered with status ${status}`);
}

/** How a connection is made where it is not as the environment has it. */
async function connectionOf(url: string, credentials: Credentials): Promise<object> {
  const { insecure, tlsClientCert, tlsClientKey, caCertificates, proxy } = credentials;
  const tls = {
    rejectUnauthorized: !insecure,
    ...(tlsClientCert && tlsClientKey ? { cert: tlsClientCert, key: tlsClientKey } : {}),
    ...(caCertificates ? { ca: caCertificates } : {}),
  };
  if (proxy) {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    const agent = new HttpsProxyAgent(proxy);
    Object.assign(agent.options, tls);
    return { proxy: false, httpAgent: agent, httpsAgent: agent };
  }
  const isSpecial = insecure || tlsClientCert || caCertificates;
  const agents = isSpecial && url.startsWith('https:') ? { httpsAgent: new Agent(tls) } : {};
  return proxy === '' ? { ...agents, proxy: false } : agents;
}

/** As a header, which a redirect to another host leaves behind. */
function authorization({ username, password, bearerToken }: Credentials): Record<string, string> {
  if (bearerToken) return { Authorization: `Bearer ${bearerToken}` };
  if (!username && !password) return {};
  return { Authorization: `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}` };
}

function reasonOf(cause: unknown): string {
  const message = messageOf(cause);
  if (/maxContentLength/.test(message)) return `its answer is larger than ${LIMIT_BYTES / 1024 / 1024} MiB`;
  return message === 'canceled' ? `it did not answer whole within ${DEADLINE_MS / 1000} s` : message;
}
