import { describe, expect, test } from 'vitest';
import { errorBody, errorFrom, errorHeaders, statusOf } from '../../../src/api/status.ts';
import { type ErrorCode, EXIT_CODES, HawserError } from '../../../src/core/errors.ts';

const CODES = Object.keys(EXIT_CODES).filter((code): code is ErrorCode => code in EXIT_CODES);

describe('a failure on the wire', () => {
  test.each(CODES)('%s comes back with its name, sentence and hint', (code) => {
    const sent = new HawserError(code, 'it could not be done', { hint: 'hawser app list — try “this”' });

    const received = errorFrom(errorBody(sent), errorHeaders(sent));

    expect(received).toMatchObject({ code, message: sent.message, hint: sent.hint });
    expect(statusOf(sent)).toBeGreaterThanOrEqual(400);
  });

  test('has the reference’s body, and nothing beside it', () => {
    const body = errorBody(new HawserError('not-found', 'gone', { hint: 'look' }));
    expect(body).toEqual({ error: 'gone', code: 5, message: 'gone' });
  });

  test.each([
    ['another operation is already in progress', 9, 'busy'],
    ['rollback cannot be initiated when auto-sync is enabled', 9, 'needs-decision'],
    ['cannot sync: blocked by sync window', 7, 'blocked-by-window'],
    ['application argocd/roll does not have deployment with id 99', 3, 'not-found'],
    ['permission denied', 7, 'not-allowed'],
  ])('of the reference, "%s", has a name too', (message, code, name) => {
    expect(errorFrom({ error: message, code, message })).toMatchObject({ code: name });
  });

  test.each([
    [
      'permission denied: applications, create, default/shop, sub: ada',
      7,
      { kind: 'missing-permission', resource: 'applications', action: 'create', object: 'default/shop' },
    ],
    ['applications.argoproj.io "ghost" not found', 5, { kind: 'no-application' }],
    ['permission denied', 7, undefined],
    ['project "ghost" not found', 5, undefined],
  ])('of the reference, "%s", says more than its code', (message, code, reason) => {
    expect(errorFrom({ error: message, code, message })?.reason).toEqual(reason);
  });

  test('that is no body of the API is none', () => {
    expect(errorFrom('<html>')).toBeUndefined();
    expect(errorFrom({ message: 'no code' })).toBeUndefined();
  });
});
