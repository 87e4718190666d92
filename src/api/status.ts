// Our errors as the reference's status, code and body, and back: the server writes by this table, the client reads by it.

import { type ErrorCode, HawserError, type Reason } from '../core/errors.ts';
import { isObject } from '../core/json.ts';

/** gRPC's codes, which the reference puts beside the HTTP status. */
export const GRPC_STATUS: Readonly<Record<number, number>> = {
  1: 408,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};

export const GRPC_NAMES: Readonly<Record<number, string>> = {
  1: 'Canceled',
  2: 'Unknown',
  3: 'InvalidArgument',
  4: 'DeadlineExceeded',
  5: 'NotFound',
  6: 'AlreadyExists',
  7: 'PermissionDenied',
  8: 'ResourceExhausted',
  9: 'FailedPrecondition',
  10: 'Aborted',
  11: 'OutOfRange',
  12: 'Unimplemented',
  13: 'Internal',
  14: 'Unavailable',
  15: 'DataLoss',
  16: 'Unauthenticated',
};

const CODES: Readonly<Record<ErrorCode, number>> = {
  differs: 2,
  usage: 3,
  'not-logged-in': 16,
  'not-allowed': 7,
  'not-found': 5,
  'sync-failed': 9,
  unhealthy: 9,
  'timed-out': 4,
  unreachable: 14,
  busy: 9,
  'blocked-by-window': 7,
  'needs-decision': 9,
  interrupted: 1,
  terminated: 1,
  'already-exists': 6,
  conflict: 10,
  invalid: 3,
  'too-many-requests': 8,
  'not-implemented': 12,
  'bad-answer': 2,
  'missing-tool': 2,
  'broken-state': 2,
  internal: 13,
};

const NAMES: Readonly<Record<number, ErrorCode>> = {
  1: 'interrupted',
  2: 'internal',
  3: 'invalid',
  4: 'timed-out',
  5: 'not-found',
  6: 'already-exists',
  7: 'not-allowed',
  8: 'too-many-requests',
  9: 'invalid',
  10: 'conflict',
  11: 'invalid',
  12: 'not-implemented',
  13: 'internal',
  14: 'unreachable',
  15: 'internal',
  16: 'not-logged-in',
};

declare module '../core/errors.ts' {
  interface Reasons {
    'missing-permission': { readonly resource: string; readonly action: string; readonly object: string };
    'no-application': unknown;
  }
}

interface Message {
  readonly says: RegExp;
  /** Where the gRPC code does not say it. */
  readonly code?: ErrorCode;
  readonly reason?: (match: RegExpExecArray) => Reason;
}

/** The reference tells some failures apart by their text alone; these are the ones a client must act on. */
const MESSAGES: readonly Message[] = [
  { says: /^another operation is already in progress$/, code: 'busy' },
  { says: /^cannot sync: blocked by sync window$/, code: 'blocked-by-window' },
  { says: /rollback cannot be initiated when auto-sync is enabled/, code: 'needs-decision' },
  { says: /use upsert flag to force update/, code: 'already-exists' },
  { says: /does not have deployment with id \d+$/, code: 'not-found' },
  { says: /applications\.argoproj\.io/, reason: () => ({ kind: 'no-application' }) },
  {
    says: /permission denied: (\w+), ([^,]+), ([^,]+)/,
    reason: ([, resource = '', action = '', object = '']) => ({ kind: 'missing-permission', resource, action, object }),
  },
];

export interface ErrorBody {
  readonly error: string;
  readonly code: number;
  readonly message: string;
}

/** Hawser's own name of a failure, and its hint: beside the body, which is the reference's to the letter. */
const NAME_HEADER = 'hawser-error';
const HINT_HEADER = 'hawser-hint';

/** The gRPC code a failure travels with; an error may carry another one in its details (`grpc`). */
export function grpcCodeOf(error: HawserError): number {
  const own = error.details?.['grpc'];
  return typeof own === 'number' ? own : CODES[error.code];
}

export function statusOf(error: HawserError): number {
  return GRPC_STATUS[grpcCodeOf(error)] ?? 500;
}

export function errorBody(error: HawserError): ErrorBody {
  return { error: error.message, code: grpcCodeOf(error), message: error.message };
}

export function errorHeaders(error: HawserError): Readonly<Record<string, string>> {
  const name = { [NAME_HEADER]: error.code };
  return error.hint === undefined ? name : { ...name, [HINT_HEADER]: encodeURIComponent(error.hint) };
}

/** A failed answer as an error; `undefined` when the body is not the reference's. */
export function errorFrom(
  body: unknown,
  headers: Readonly<Record<string, string | undefined>> = {},
): HawserError | undefined {
  if (!isObject(body)) return undefined;
  const stream = isObject(body['error']) ? body['error'] : undefined;
  const message = stream ? stream['message'] : (body['message'] ?? body['error']);
  const grpc = stream ? stream['grpc_code'] : body['code'];
  if (typeof message !== 'string' || typeof grpc !== 'number') return undefined;
  const fields = { ...headers, ...stream };
  const encodedHint = fields[HINT_HEADER];
  const hint = typeof encodedHint === 'string' ? decodeURIComponent(encodedHint) : undefined;
  const entry = MESSAGES.find(({ says }) => says.test(message));
  const match = entry?.says.exec(message);
  const reason = match ? entry?.reason?.(match) : undefined;
  const code = ownCode(fields[NAME_HEADER]) ?? entry?.code ?? NAMES[grpc] ?? 'internal';
  return new HawserError(code, message, { hint, details: { grpc }, reason });
}

const ownCode = (name: unknown): ErrorCode | undefined =>
  Object.keys(CODES).find((code): code is ErrorCode => code === name);
