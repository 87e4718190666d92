// Which start of a CronJob is due: one is worked out from the distance of the first two that were missed, as Kubernetes does, so
// that a long pause costs nothing. Where starts lie unevenly, the last one before a long pause may be passed over.

import type { CronSchedule } from '../../core/cron.ts';
import { at, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';

/** More than so many starts that were missed are told of. */
const MANY = 100;
const SECOND = 1000;

export interface Missed {
  /** The start that is due. */
  readonly time?: number;
  readonly isMany?: boolean;
  /** The schedule never has a time. */
  readonly isNever?: boolean;
}

/** What is due since it started last, was made, or a start may be late. */
export function missedBy(cron: KubeObject, schedule: CronSchedule, now: number): Missed {
  const last = Date.parse(textAt(cron, 'status', 'lastScheduleTime') || (cron.metadata.creationTimestamp ?? ''));
  const late = numberAt(cron, 'spec', 'startingDeadlineSeconds');
  const first = schedule.next(late === undefined ? last : Math.max(last, now - late * SECOND));
  if (first === undefined) return { isNever: true };
  if (first > now) return {};
  const second = schedule.next(first);
  if (second === undefined || second > now) return { time: first };
  const distance = Math.round((second - first) / SECOND) * SECOND;
  const count = Math.floor((now - first) / distance) + 1;
  let time: number | undefined;
  let next = schedule.next(first + (count - 2) * distance);
  for (; next !== undefined && next <= now; next = schedule.next(next)) time = next;
  return time === undefined ? {} : { time, isMany: count > MANY };
}

/** A start in the words of its time zone, as Go writes it. */
export function zonedTimestamp(cron: KubeObject, time: number): string {
  const timeZone = textAt(cron, 'spec', 'timeZone') || 'UTC';
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(time);
  const offset = /[+-]\d\d:\d\d$/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '')?.[0] ?? '+00:00';
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  const local = new Date(time + (offset.startsWith('-') ? -minutes : minutes) * 60_000).toISOString().slice(0, 19);
  return minutes === 0 ? `${local}Z` : `${local}${offset}`;
}

/** What its next start depends on. */
export const rhythmOf = (cron: KubeObject): string =>
  JSON.stringify([at(cron, 'spec', 'schedule'), at(cron, 'spec', 'timeZone') ?? null]);
