// The repo server's door to axios.

import { Agent } from 'node:https';
import { HawserError, messageOf } from '../core/errors.ts';
import { plainUrl } from './git/failure.ts';
import type { Repository } from './request.ts';

const TIMEOUT_MS = 15_000;
const LIMIT_BYTES = 256 * 1024 * 1024;

/** The text behind a URL of a repository; undefined where there is nothing. */
export async function fetchText({ url, credentials = {} }: Repository): Promise<string | undefined> {
  const { default: axios } = await import('axios');
  const { username, password, bearerToken, insecure, tlsClientCert, tlsClientKey } = credentials;
  const certificate = tlsClientCert && tlsClientKey ? { cert: tlsClientCert, key: tlsClientKey } : {};
  const special = insecure || tlsClientCert;
  const response = await axios
    .get<string>(url, {
      responseType: 'text',
      timeout: TIMEOUT_MS,
      maxContentLength: LIMIT_BYTES,
      validateStatus: () => true,
      transformResponse: (body: string) => body,
      ...(username || password ? { auth: { username: username ?? '', password: password ?? '' } } : {}),
      ...(bearerToken ? { headers: { Authorization: `Bearer ${bearerToken}` } } : {}),
      ...(special ? { httpsAgent: new Agent({ rejectUnauthorized: !insecure, ...certificate }) } : {}),
    })
    .catch((cause: unknown) => {
      throw new HawserError('unreachable', `'${plainUrl(url)}' is unreachable: ${messageOf(cause)}`, {
        hint: 'check the URL, the network and the proxy settings',
      });
    });
  if (response.status < 300) return response.data;
  if (response.status === 404 || response.status === 410) return undefined;
  if (response.status === 401 || response.status === 403) {
    throw new HawserError('invalid', `authentication required for '${plainUrl(url)}'`, {
      hint: 'hawser repo add URL --type helm --name NAME --username NAME --password TOKEN',
    });
  }
  throw new HawserError('unreachable', `'${plainUrl(url)}' answered with status ${response.status}`);
}
