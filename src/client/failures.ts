// What a server, or something in front of it, can answer that is not an answer: each case gets its sentence and its hint.

import { errorFrom } from '../api/status.ts';
import { HawserError, messageOf, type Reason, systemCode } from '../core/errors.ts';
import type { HttpAnswer } from './transport.ts';

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
const WITHOUT_SERVER = 'hawser context local uses the system of this machine';
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
  { when: /ECONNREFUSED/, fault: 'refused', says: 'connection refused', hint: `${CHECK_ADDRESS}; ${WITHOUT_SERVER}` },
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
  const reply = { status: answer.status, type, text, location: answer.headers['location'] ?? '', address };
  const entry = FOREIGN_ANSWERS.find(({ when }) => when(reply));
  if (entry) return new HawserError(entry.code(reply), entry.says(reply), { hint: entry.hint(reply) });
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

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly location: string;
  readonly address: string;
}

interface ForeignAnswer {
  readonly when: (reply: Reply) => boolean;
  readonly code: (reply: Reply) => 'bad-answer' | 'unreachable' | 'not-logged-in' | 'too-many-requests' | 'not-allowed';
  readonly says: (reply: Reply) => string;
  readonly hint: (reply: Reply) => string;
}

const isHtml = (reply: Reply): boolean => /html/.test(reply.type) || /^\s*<(!doctype|html)/i.test(reply.text);
const bad = (): 'bad-answer' => 'bad-answer';

const FOREIGN_ANSWERS: readonly ForeignAnswer[] = [
  {
    when: (reply) => /HTTP request to an HTTPS server/i.test(reply.text),
    code: bad,
    says: (reply) => `${reply.address} speaks TLS, but was asked over plain HTTP`,
    hint: () => 'leave --plaintext out',
  },
  {
    when: (reply) => reply.status >= 300 && reply.status < 400 && isUpgrade(reply),
    code: bad,
    says: (reply) => `${reply.address} wants TLS, but was asked over plain HTTP`,
    hint: () => 'leave --plaintext out',
  },
  {
    when: (reply) => reply.status >= 300 && reply.status < 400,
    code: bad,
    says: (reply) =>
      `${reply.address} redirects to ${reply.location || 'another place'}: a login page stands before the API`,
    hint: () => 'let /api pass the proxy, or send what it wants with --header',
  },
  {
    when: (reply) => /application\/grpc/.test(reply.type) || reply.status === 464,
    code: bad,
    says: (reply) => `${reply.address} speaks gRPC only`,
    hint: () => 'use the port that serves the web interface: the API is on it too',
  },
  {
    when: (reply) => reply.status === 429,
    code: () => 'too-many-requests',
    says: (reply) => `${reply.address} refuses more requests for now`,
    hint: () => 'try again in a minute',
  },
  {
    when: (reply) => reply.status >= 502 && reply.status <= 504,
    code: () => 'unreachable',
    says: (reply) => `a proxy before ${reply.address} answered ${reply.status}: the server behind it does not answer`,
    hint: () => 'check that the Argo CD server runs; try again',
  },
  {
    when: isHtml,
    code: bad,
    says: (reply) => `${reply.address} answered with a web page (status ${reply.status}), not with the API`,
    hint: () => 'check the address and the base path (--grpc-web-root-path)',
  },
  {
    when: (reply) => reply.status === 401,
    code: () => 'not-logged-in',
    says: (reply) => `${reply.address} wants a login`,
    hint: () => 'hawser login SERVER',
  },
  {
    when: (reply) => reply.status === 403,
    code: () => 'not-allowed',
    says: (reply) => `${reply.address} refuses this`,
    hint: () => 'hawser account can-i get applications "*/*"',
  },
  {
    when: (reply) => reply.status === 404,
    code: bad,
    says: (reply) => `${reply.address} does not support this request`,
    hint: () => 'an Argo CD server may support it; behind a proxy, check the base path (--grpc-web-root-path)',
  },
  {
    when: (reply) => reply.status === 405 || reply.status === 415,
    code: bad,
    says: (reply) =>
      `${reply.address} refuses the request itself (status ${reply.status}: ${reply.text.trim().slice(0, 80)})`,
    hint: () => 'a proxy may have changed its method or content type',
  },
];

function isUpgrade(reply: Reply): boolean {
  return reply.location.startsWith('https://') && reply.location.slice(8).startsWith(hostOf(reply.address));
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
