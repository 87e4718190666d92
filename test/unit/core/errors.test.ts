import { describe, expect, test } from 'vitest';
import { HawserError } from '../../../src/core/errors.ts';

const failure = new HawserError('usage', 'it went wrong', {
  hint: 'do this',
  details: { flag: 'foo' },
  reason: { kind: 'no-match' },
});

describe('HawserError.with', () => {
  test('keeps what the change leaves out, and the error as the cause', () => {
    const { code, message, hint, details, reason, cause } = failure.with({});
    expect({ code, message, hint, details, reason, cause }).toEqual({
      code: 'usage',
      message: 'it went wrong',
      hint: 'do this',
      details: { flag: 'foo' },
      reason: { kind: 'no-match' },
      cause: failure,
    });
  });

  test('merges details and replaces the rest', () => {
    const change = { message: 'it went worse', details: { near: [] }, reason: { kind: 'no-answer' } } as const;
    const { code, message, hint, details, reason } = failure.with(change);
    expect({ code, message, hint, details, reason }).toEqual({
      code: 'usage',
      message: 'it went worse',
      hint: 'do this',
      details: { flag: 'foo', near: [] },
      reason: { kind: 'no-answer' },
    });
  });

  test('makes no details where there are none', () => {
    expect(new HawserError('invalid', 'it went wrong').with({ hint: 'do this' }).details).toBeUndefined();
  });
});
