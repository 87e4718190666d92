import { describe, expect, test } from 'vitest';
import { parseCron } from '../../../src/core/cron.ts';

const from = Date.parse('2026-03-10T10:07:30Z');
const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');

test.each([
  ['* * * * *', '2026-03-10T10:08:00Z'],
  ['*/15 * * * *', '2026-03-10T10:15:00Z'],
  ['?/15 ? ? ? ?', '2026-03-10T10:15:00Z'],
  ['50/5 * * * *', '2026-03-10T10:50:00Z'],
  ['*/90 * * * *', '2026-03-10T11:00:00Z'],
  ['0 9-17/4 * * *', '2026-03-10T13:00:00Z'],
  ['30 2 1 jan *', '2027-01-01T02:30:00Z'],
  ['0 0 * * sun', '2026-03-15T00:00:00Z'],
  ['0 0 * * FRI-sat', '2026-03-13T00:00:00Z'],
  ['0 0 29 2 *', '2028-02-29T00:00:00Z'],
  ['  0   0 1 * *  ', '2026-04-01T00:00:00Z'],
  ['@hourly', '2026-03-10T11:00:00Z'],
  ['@weekly', '2026-03-15T00:00:00Z'],
  ['@every 1h30m', '2026-03-10T11:37:30Z'],
  ['@every 10ms', '2026-03-10T10:07:31Z'],
  ['0 0 30 2 *', undefined],
])('%s comes next at %s', (text, next) => {
  expect(iso(parseCron(text).next(from))).toBe(next);
});

test('one of day and weekday is enough when both are restricted', () => {
  const schedule = parseCron('0 0 12 * 5');
  expect(iso(schedule.next(from))).toBe('2026-03-12T00:00:00Z');
  expect(iso(schedule.next(Date.parse('2026-03-12T00:00:00Z')))).toBe('2026-03-13T00:00:00Z');
});

describe('in a time zone', () => {
  const next = (text: string, after: string): string | undefined =>
    iso(parseCron(text, 'Europe/Berlin').next(Date.parse(after)));

  test.each([
    ['a time of day is the local one', '2026-01-10T00:00:00Z', '2026-01-10T01:30:00Z'],
    ['in summer too', '2026-07-10T00:00:00Z', '2026-07-10T00:30:00Z'],
    ['one that the clock skips comes right after', '2026-03-28T02:00:00Z', '2026-03-29T01:00:00Z'],
    ['one that comes twice runs once', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
  ])('%s', (_what, after, wanted) => {
    expect(next('30 2 * * *', after)).toBe(wanted);
  });

  test('what recurs each hour goes on when the clock is set back', () => {
    expect(next('0 * * * *', '2026-10-25T00:00:00Z')).toBe('2026-10-25T01:00:00Z');
    expect(next('0 * * * *', '2026-10-25T01:00:00Z')).toBe('2026-10-25T02:00:00Z');
  });
});

test.each([
  ['', 'empty spec string'],
  ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
  ['61 * * * *', 'end of range (61) above maximum (59): 61'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['* * * * 7', 'end of range (7) above maximum (6): 7'],
  ['30-10 * * * *', 'beginning of range (30) beyond end of range (10): 30-10'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['* * * foo *', 'failed to parse int from foo: strconv.Atoi: parsing "foo": invalid syntax'],
  ['* * L * *', 'failed to parse int from L: strconv.Atoi: parsing "L": invalid syntax'],
  ['@fortnightly', 'unrecognized descriptor: @fortnightly'],
  ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
])('%j is refused as Go refuses it: %s', (text, message) => {
  expect(() => parseCron(text)).toThrow(expect.objectContaining({ code: 'invalid', message }));
});

test('an unknown time zone is refused', () => {
  expect(() => parseCron('* * * * *', 'Mars/Olympus')).toThrow('unknown time zone Mars/Olympus');
});
