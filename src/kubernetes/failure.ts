// Status answers as errors with a name.

import { type ErrorCode, HawserError } from '../core/errors.ts';
import { isObject, type JsonObject, listAt, textAt } from '../core/json.ts';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'not-logged-in',
  403: 'not-allowed',
  404: 'not-found',
  409: 'conflict',
  410: 'conflict',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'too-many-requests',
  501: 'not-implemented',
  502: 'unreachable',
  503: 'unreachable',
  504: 'timed-out',
  507: 'broken-state',
};

/** The refusal of an API server, its own message kept; details hold its Status. */
export function apiFailure(status: number, body: JsonObject | string): HawserError {
  const reason = textAt(body, 'reason');
  const message = isObject(body) ? textAt(body, 'message') : body.trim();
  const code = reason === 'AlreadyExists' ? 'already-exists' : (BY_STATUS[status] ?? 'bad-answer');
  const details = isObject(body) ? { status: body } : undefined;
  const hint = listAt(body, 'details', 'causes').find((cause) => textAt(cause, 'reason') === 'Hint');
  return new HawserError(code, message || `the API server answered ${status}`, {
    ...(details ? { details } : {}),
    ...(hint === undefined ? {} : { hint: textAt(hint, 'message') }),
  });
}
