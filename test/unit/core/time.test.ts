import { describe, expect, test } from 'vitest';
import { parseTime } from '../../../src/core/time.ts';

describe('a time as people type it', () => {
  test.each([
    ['90', 90_000],
    ['0', 0],
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['300ms', 300],
    ['+5m', 300_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['007', 7000],
  ])('%s', (text, milliseconds) => {
    expect(parseTime(text)).toBe(milliseconds);
  });

  test.each(['', ' ', '5 m', ' 90', '90 ', '1m 30s', 'm', '5x', '1.5', '90S', '1e3', '0x10', '1d12h', 'soon', '٥'])(
    "'%s' is none",
    (text) => {
      expect(() => parseTime(text)).toThrow(/invalid time/);
    },
  );

  test.each(['-5', '-5s', '-0s', '-1m30s'])("'%s' is refused", (text) => {
    expect(() => parseTime(text)).toThrow(/invalid time/);
  });

  test.each(['9999999999999', '999999999999d', '3000000h'])("'%s' is too long", (text) => {
    expect(() => parseTime(text)).toThrow(/invalid time/);
  });
});
