// What is said of a webhook that could not be asked, or did not answer as it should.

import { goQuote } from '../../core/go-text.ts';
import { isObject, parseJson, textAt } from '../../core/json.ts';
import { ApiError } from '../status.ts';

/** A fault that is the server's own. */
export const internal = (why: string): ApiError =>
  new ApiError(500, 'InternalError', {
    message: `Internal error occurred: ${why}`,
    details: { causes: [{ message: why }] },
  });

export const failed = (name: string, why: string): ApiError =>
  internal(`failed calling webhook ${goQuote(name)}: ${why}`);

/** Begins what went wrong while a webhook was called. */
export const uncalled = (why: string): string => `failed to call webhook: ${why}`;

export const invalidResponse = (why: string): string => `received invalid webhook response: ${why}`;

/** What a client says of an answer by its code alone. */
const BY_CODE: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  406: 'the server was unable to respond with a content type that the client supports',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** Codes of which the answer itself may tell more. */
const TOLD: ReadonlySet<number> = new Set([403, 415]);

export interface HttpAnswer {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

/** What an answer that is no success says. */
export function refusalOf({ code, type, text }: HttpAnswer): string {
  const status = statusIn(text);
  if (status !== '') return status;
  const shown = type.startsWith('text/') && text !== '' ? text.trim() : 'unknown';
  if (TOLD.has(code)) return shown;
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (code >= 500) return `an error on the server (${goQuote(shown)}) has prevented the request from succeeding`;
  return `the server responded with the status code ${code} but did not return more information`;
}

function statusIn(text: string): string {
  try {
    const value = parseJson(text);
    return isObject(value) && textAt(value, 'kind') === 'Status' ? textAt(value, 'message') : '';
  } catch {
    return '';
  }
}

interface Failure {
  readonly code?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly reason?: string | undefined;
  readonly message: string;
}

const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const UNREACHED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
};

/** Why a connection failed, as Go tells it. */
export function connectionFault({ code = '', address = '', port = 0, message }: Failure, host: string): string {
  const unreached = UNREACHED[code];
  if (unreached !== undefined)
    return `dial tcp ${address.includes(':') ? `[${address}]` : address}:${port}: connect: ${unreached}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${host}: no such host`;
  if (UNKNOWN_AUTHORITY.has(code)) return `${UNVERIFIED}: certificate signed by unknown authority`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `${UNVERIFIED}: certificate has expired or is not yet valid`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${UNVERIFIED}: certificate is not valid for ${host}`;
  if (code === 'EPROTO') return 'http: server gave HTTP response to HTTPS client';
  return code === 'ECONNRESET' ? 'EOF' : message;
}

const UNVERIFIED = 'tls: failed to verify certificate: x509';
