// The repo server's door to axios.

import { Agent } from 'node:https';
import { HawserError, messageOf } from '../core/errors.ts';
import { withoutLogins } from '../core/url.ts';
import type { Credentials, Repository } from './request.ts';

const TIMEOUT_MS = 15_000;
/** Of all of an answer, however slowly it comes. */
const DEADLINE_MS = 60_000;
/** Once it is unpacked. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/** The text behind a URL of a repository; undefined where there is nothing. */
export async function fetchText({ url, credentials = {} }: Repository): Promise<string | undefined> {
  const { default: axios } = await import('axios');
  const { insecure, tlsClientCert, tlsClientKey } = credentials;
  const certificate = tlsClientCert && tlsClientKey ? { cert: tlsClientCert, key: tlsClientKey } : {};
  const special = insecure || tlsClientCert;
  const response = await axios
    .get<string>(url, {
      responseType: 'text',
      timeout: TIMEOUT_MS,
      maxContentLength: LIMIT_BYTES,
      signal: AbortSignal.timeout(DEADLINE_MS),
      validateStatus: () => true,
      transformResponse: (body: string) => body,
      headers: authorization(credentials),
      ...(special ? { httpsAgent: new Agent({ rejectUnauthorized: !insecure, ...certificate }) } : {}),
    })
    .catch((cause: unknown) => {
      throw new HawserError('unreachable', `'${withoutLogins(url)}' is unreachable: ${reasonOf(cause)}`, {
        hint: 'check the URL, the network and the proxy settings',
      });
    });
  if (response.status < 300) return response.data;
  if (response.status === 404 || response.status === 410) return undefined;
  if (response.status === 401 || response.status === 403) {
    throw new HawserError('invalid', `authentication required for '${withoutLogins(url)}'`, {
      hint: 'give the login in the URL: https://NAME:TOKEN@HOST/PATH',
    });
  }
  throw new HawserError('unreachable', `'${withoutLogins(url)}' answered with status ${response.status}`);
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
