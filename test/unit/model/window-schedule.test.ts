import { expect, test } from 'vitest';
import type { SyncWindow } from '../../../src/model/project.ts';
import { judgeWindows, mayGoOn, nextAllowed } from '../../../src/model/window-schedule.ts';

/** A Monday. */
const NOW = Date.parse('2026-01-05T10:00:00Z');

const window = (kind: string, schedule: string, duration: string, more: SyncWindow = {}): SyncWindow => ({
  kind,
  schedule,
  duration,
  applications: ['*'],
  ...more,
});
const denyNow = window('deny', '0 9 * * *', '2h');
const allowNow = window('allow', '30 9 * * *', '1h');
const allowLater = window('allow', '0 22 * * *', '1h');
const broken = window('deny', 'nonsense', '1h');

test.each<[string, SyncWindow[], boolean, boolean, string | undefined]>([
  ['none', [], true, true, '2026-01-05T10:00:00Z'],
  ['a denial that holds', [denyNow], false, false, '2026-01-05T11:00:00Z'],
  ['a denial that is not on', [window('deny', '0 22 * * *', '1h')], true, true, '2026-01-05T10:00:00Z'],
  ['a denial that lets people', [{ ...denyNow, manualSync: true }], true, false, '2026-01-05T10:00:00Z'],
  [
    'two denials, one of which lets people',
    [denyNow, { ...denyNow, manualSync: true }],
    false,
    false,
    '2026-01-05T11:00:00Z',
  ],
  ['a permission that holds', [allowNow], true, true, '2026-01-05T10:00:00Z'],
  ['a permission for later', [allowLater], false, false, '2026-01-05T22:00:00Z'],
  [
    'a permission for later that lets people',
    [{ ...allowLater, manualSync: true }],
    true,
    false,
    '2026-01-05T10:00:00Z',
  ],
  ['a denial that covers every permission', [denyNow, allowNow], false, false, undefined],
  [
    'a denial that a permission outlasts',
    [denyNow, { ...allowNow, duration: '3h' }],
    false,
    false,
    '2026-01-05T11:00:00Z',
  ],
  ['one of two permissions', [allowNow, allowLater], true, true, '2026-01-05T10:00:00Z'],
  ['one that cannot be read', [broken], false, false, undefined],
  [
    'another time zone',
    [window('allow', '0 11 * * *', '30m', { timeZone: 'Europe/Berlin' })],
    true,
    true,
    '2026-01-05T10:00:00Z',
  ],
  ['a weekday', [window('deny', '0 0 * * 1-5', '24h')], false, false, '2026-01-10T00:00:00Z'],
])('%s', (_what, windows, manual, automatic, next) => {
  expect(judgeWindows(windows, NOW)).toMatchObject({ manual, automatic });
  const time = nextAllowed(windows, NOW, 'manual');
  expect(time === undefined ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`).toBe(next);
});

test.each<[string, SyncWindow[], string, boolean]>([
  ['nothing forbids', [], '2026-01-05T08:30:00Z', true],
  ['a denial that came meanwhile', [denyNow], '2026-01-05T08:30:00Z', false],
  ['a denial that lets it end', [{ ...denyNow, syncOverrun: true }], '2026-01-05T08:30:00Z', true],
  ['a denial that held when it began', [{ ...denyNow, syncOverrun: true }], '2026-01-05T09:30:00Z', false],
  [
    'two denials, one of which lets it end',
    [{ ...denyNow, syncOverrun: true }, denyNow],
    '2026-01-05T08:30:00Z',
    false,
  ],
  ['a permission that is over', [window('allow', '0 8 * * *', '1h')], '2026-01-05T08:30:00Z', false],
  [
    'a permission that is over and lets it end',
    [window('allow', '0 8 * * *', '1h', { syncOverrun: true })],
    '2026-01-05T08:30:00Z',
    true,
  ],
  ['a denial that lets people', [{ ...denyNow, manualSync: true }], '2026-01-05T08:30:00Z', true],
])('what began before goes on: %s', (_, windows, since, expected) => {
  expect(mayGoOn(windows, { now: NOW, since: Date.parse(since) }, 'manual')).toBe(expected);
});
