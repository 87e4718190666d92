// What a server, or something in front of it, can answer that is not an answer: each case gets its sentence and its hint.

import { errorFrom } from '../api/status.ts';
import { HawserError, messageOf, type Reason, systemCode } from '../core/errors.ts';
import type { HttpAnswer } from './http.ts';

export type ConnectionFault =
  | 'refused'
  | 'unknown-host'
  | 'timeout'
  | 'silent'
  | 'no-route'
  | 'no-tls'
  | 'certificate'
  | 'no-http'
  | 'cut-off'
  | 'closed'
  | 'other';

declare module '../core/errors.ts' {
  interface Reasons {
    'connection-failed': { readonly address: string; readonly fault: ConnectionFault; readonly says: string };
  }
}

/** A connection that failed, as an error that says why. */
export function connectionFailure(thrown: unknown, address: string): HawserError {
  const text = messageOf(thrown);
  const entry = CONNECTION_FAILURES.find(({ when }) => when.test(`${systemCode(thrown)} ${text}`));
  const { code = 'unreachable', fault, says, hint } = entry ?? { fault: 'other', says: text, hint: CHECK_ADDRESS };
  const reason: Reason = { kind: 'connection-failed', address, fault, says };
  return new HawserError(code, `cannot reach ${address}: ${says}`, { hint, reason, cause: thrown });
}

/** What stood between us and the server, where that is why a call failed. */
export const connectionFault = (thrown: unknown): ConnectionFault | undefined =>
  thrown instanceof HawserError && thrown.reason?.kind === 'connection-failed' ? thrown.reason.fault : undefined;

const CHECK_ADDRESS = 'check the address (--server, ARGOCD_SERVER or hawser context) and that the server runs';
const TRUST = 'give its certificate authority with --server-crt FILE, or skip the check with --insecure';

interface ConnectionFailure {
  readonly when: RegExp;
  readonly fault: ConnectionFault;
  readonly code?: 'unreachable' | 'bad-answer';
  readonly says: string;
  readonly hint: string;
}

/** By the codes and words of Node, OpenSSL and axios. */
const CONNECTION_FAILURES: readonly ConnectionFailure[] = [
  { when: /ECONNREFUSED/, fault: 'refused', says: 'connection refused', hint: CHECK_ADDRESS },
  { when: /ENOTFOUND|EAI_AGAIN/, fault: 'unknown-host', says: 'no such host', hint: CHECK_ADDRESS },
  { when: /ETIMEDOUT|ECONNABORTED/, fault: 'timeout', says: 'no answer in time', hint: CHECK_ADDRESS },
  { when: /ESILENT/, fault: 'silent', says: 'it does not answer', hint: CHECK_ADDRESS },
  { when: /EHOSTUNREACH|ENETUNREACH/, fault: 'no-route', says: 'no route to it', hint: CHECK_ADDRESS },
  {
    when: /WRONG_VERSION_NUMBER|packet length too long|EPROTO/i,
    fault: 'no-tls',
    says: 'it does not speak TLS',
    hint: 'add --plaintext when the server is meant to speak plain HTTP',
  },
  {
    when: /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|self.signed/,
    fault: 'certificate',
    says: 'its certificate is self-signed, or signed by an authority that is not known here',
    hint: TRUST,
  },
  {
    when: /CERT_HAS_EXPIRED/,
    fault: 'certificate',
    says: 'its certificate has expired',
    hint: 'renew it, or skip the check with --insecure',
  },
  { when: /ALTNAME_INVALID/, fault: 'certificate', says: 'its certificate is for another name', hint: TRUST },
  {
    when: /HPE_|Parse Error/,
    fault: 'no-http',
    says: 'its answer is not HTTP/1.1',
    hint: 'leave --plaintext out when it speaks TLS; a port that speaks gRPC only cannot be used',
    code: 'bad-answer',
  },
  {
    when: /aborted|ERR_BAD_RESPONSE|premature/i,
    fault: 'cut-off',
    says: 'the answer was cut off',
    hint: 'try again; if it stays, look at the proxy between here and the server',
    code: 'bad-answer',
  },
  {
    when: /ECONNRESET|EPIPE|socket hang up/,
    fault: 'closed',
    says: 'the connection was closed',
    hint: `${CHECK_ADDRESS}; leave --plaintext out when it speaks TLS`,
  },
];

/** An answer that is no success, as an error: the API's own body first, else what stands in front of it. */
export function answerFailure(answer: HttpAnswer, body: unknown, address: string): HawserError {
  const own = errorFrom(body, answer.headers);
  if (own) return withHint(own, answer);
  const text = typeof body === 'string' ? body : '';
  const type = answer.headers['content-type'] ?? '';
  const seen = { status: answer.status, type, text, location: answer.headers['location'] ?? '', address };
  const known = FOREIGN_ANSWERS.find((entry) => entry.when(seen));
  if (known) return new HawserError(known.name(seen), known.says(seen), { hint: known.hint(seen) });
  return new HawserError(
    'bad-answer',
    `${address} answered with status ${answer.status}${type === '' ? '' : ` and ${type}`}, which is not an answer of Argo CD`,
    { hint: 'check the address and the base path (--grpc-web-root-path)' },
  );
}

function withHint(error: HawserError, answer: HttpAnswer): HawserError {
  if (error.hint !== undefined) return error;
  const hint = HINTS[answer.status];
  return hint === undefined ? error : error.with({ hint });
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'hawser relogin (or hawser login SERVER, or a new ARGOCD_AUTH_TOKEN)',
  429: 'the server asks for patience: try again in a minute',
};

interface Seen {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly location: string;
  readonly address: string;
}

interface ForeignAnswer {
  readonly when: (seen: Seen) => boolean;
  readonly name: (seen: Seen) => 'bad-answer' | 'unreachable' | 'not-logged-in' | 'too-many-requests' | 'not-allowed';
  readonly says: (seen: Seen) => string;
  readonly hint: (seen: Seen) => string;
}

const isHtml = (seen: Seen): boolean => /html/.test(seen.type) || /^\s*<(!doctype|html)/i.test(seen.text);
const bad = (): 'bad-answer' => 'bad-answer';

const FOREIGN_ANSWERS: readonly ForeignAnswer[] = [
  {
    when: (seen) => /HTTP request to an HTTPS server/i.test(seen.text),
    name: bad,
    says: (seen) => `${seen.address} speaks TLS, but was asked over plain HTTP`,
    hint: () => 'leave --plaintext out',
  },
  {
    when: (seen) => seen.status >= 300 && seen.status < 400 && isUpgrade(seen),
    name: bad,
    says: (seen) => `${seen.address} wants TLS, but was asked over plain HTTP`,
    hint: () => 'leave --plaintext out',
  },
  {
    when: (seen) => seen.status >= 300 && seen.status < 400,
    name: bad,
    says: (seen) =>
      `${seen.address} redirects to ${seen.location || 'another place'}: a login page stands before the API`,
    hint: () => 'let /api pass the proxy, or send what it wants with --header',
  },
  {
    when: (seen) => /application\/grpc/.test(seen.type) || seen.status === 464,
    name: bad,
    says: (seen) => `${seen.address} speaks gRPC only`,
    hint: () => 'use the port that serves the web interface: the API is on it too',
  },
  {
    when: (seen) => seen.status === 429,
    name: () => 'too-many-requests',
    says: (seen) => `${seen.address} refuses more requests for now`,
    hint: () => 'try again in a minute',
  },
  {
    when: (seen) => seen.status >= 502 && seen.status <= 504,
    name: () => 'unreachable',
    says: (seen) => `a proxy before ${seen.address} answered ${seen.status}: the server behind it does not answer`,
    hint: () => 'check that the Argo CD server runs; try again',
  },
  {
    when: isHtml,
    name: bad,
    says: (seen) => `${seen.address} answered with a web page (status ${seen.status}), not with the API`,
    hint: () => 'check the address and the base path (--grpc-web-root-path)',
  },
  {
    when: (seen) => seen.status === 401,
    name: () => 'not-logged-in',
    says: (seen) => `${seen.address} wants a login`,
    hint: () => 'hawser login SERVER',
  },
  {
    when: (seen) => seen.status === 403,
    name: () => 'not-allowed',
    says: (seen) => `${seen.address} refuses this`,
    hint: () => 'hawser account can-i get applications "*/*"',
  },
  {
    when: (seen) => seen.status === 404,
    name: bad,
    says: (seen) => `${seen.address} knows no such path`,
    hint: () => 'not every server has this call; behind a proxy, check the base path (--grpc-web-root-path)',
  },
  {
    when: (seen) => seen.status === 405 || seen.status === 415,
    name: bad,
    says: (seen) =>
      `${seen.address} refuses the request itself (status ${seen.status}: ${seen.text.trim().slice(0, 80)})`,
    hint: () => 'a proxy may have changed its method or content type',
  },
];

function isUpgrade(seen: Seen): boolean {
  return seen.location.startsWith('https://') && seen.location.slice(8).startsWith(hostOf(seen.address));
}

const hostOf = (address: string): string => address.replace(/^https?:\/\//, '').replace(/[:/].*$/, '');

/** An answer of 200 that holds something else than JSON. */
export function unreadableAnswer(answer: HttpAnswer, text: string, address: string): HawserError {
  const type = answer.headers['content-type'] ?? '';
  if (!/json/.test(type) && type !== '') return answerFailure(answer, text, address);
  return new HawserError('bad-answer', `the answer of ${address} was cut off: it is not whole JSON`, {
    hint: 'try again; if it stays, look at the proxy between here and the server',
  });
}
