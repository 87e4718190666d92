// Which start is due of a CronJob that started so long ago, and what is warned of: as a real controller answered at that moment.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCron } from '../../../src/core/cron.ts';
import { isObject, numberAt, textAt } from '../../../src/core/json.ts';
import { missedBy, zonedTimestamp } from '../../../src/local-cluster/controllers/cron-times.ts';
import type { KubeObject } from '../../../src/objects/object.ts';

const NOW = Date.parse('2026-11-30T18:13:30Z');

const parsed: unknown = JSON.parse(readFileSync(new URL('cron-starts.json', import.meta.url), 'utf8'));
const rows = Array.isArray(parsed) ? parsed.filter(isObject) : [];

test('there are rows', () => {
  expect(rows.length).toBe(100);
});

test.each(rows.map((row) => [JSON.stringify(row), row] as const))('%s', (_name, row) => {
  const { secondsAgo: _ago, start, warning, ...spec } = row;
  const lastScheduleTime = new Date(NOW - (numberAt(row, 'secondsAgo') ?? 0) * 1000).toISOString();
  const cron: KubeObject = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {},
    spec,
    status: { lastScheduleTime },
  };
  const schedule = parseCron(textAt(row, 'schedule'), textAt(row, 'timeZone') || 'UTC');
  const { time, isMany, isNever } = missedBy(cron, schedule, NOW);
  expect(time === undefined ? '' : zonedTimestamp(cron, time)).toBe(start);
  expect(isMany ? 'TooManyMissedTimes' : isNever ? 'InvalidSchedule' : '').toBe(warning);
});
