import { expect, test } from 'vitest';
import { nextTime, parseSchedule } from '../../../src/local-cluster/controllers/schedule.ts';

const from = Date.parse('2026-03-10T10:07:30Z');

test.each([
  ['* * * * *', '2026-03-10T10:08:00.000Z'],
  ['*/15 * * * *', '2026-03-10T10:15:00.000Z'],
  ['0 9-17/4 * * *', '2026-03-10T13:00:00.000Z'],
  ['30 2 1 jan *', '2027-01-01T02:30:00.000Z'],
  ['0 0 * * sun', '2026-03-15T00:00:00.000Z'],
  ['0 0 13 * 5', '2026-03-13T00:00:00.000Z'],
  ['@hourly', '2026-03-10T11:00:00.000Z'],
])('%s comes next at %s', (text, wanted) => {
  const schedule = parseSchedule(text);
  expect(schedule && new Date(nextTime(schedule, from) ?? 0).toISOString()).toBe(wanted);
});

test.each(['', '* * * *', '61 * * * *', '* * * foo *'])('%j is no schedule', (text) => {
  expect(parseSchedule(text)).toBeUndefined();
});
