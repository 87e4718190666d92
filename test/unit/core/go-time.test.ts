import { expect, test } from 'vitest';
import { isAsWritten, RFC3339, RFC3339_MICRO, timeFault } from '../../../src/core/go-time.ts';

const DAY_MS = 86_400_000;
const daysOf = (year: number): string[] =>
  Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(year, 0, 1) + day * DAY_MS).toISOString().slice(0, 10));

test('a time of each day that every year has is known at a glance', () => {
  for (const day of daysOf(2026)) {
    expect(isAsWritten(`${day}T23:59:59Z`, RFC3339), day).toBe(true);
    expect(isAsWritten(`${day}T00:00:00.000001Z`, RFC3339_MICRO), day).toBe(true);
  }
});

test('a day that a month has not is out of range', () => {
  for (const day of [
    '2026-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-06-31',
    '2026-09-31',
    '2026-11-31',
    '2026-01-32',
  ]) {
    expect(isAsWritten(`${day}T00:00:00Z`, RFC3339), day).toBe(false);
    expect(timeFault(`${day}T00:00:00Z`, RFC3339), day).toBe(`parsing time "${day}T00:00:00Z": day out of range`);
  }
  expect(timeFault('2028-02-29T00:00:00Z', RFC3339)).toBeUndefined();
});
