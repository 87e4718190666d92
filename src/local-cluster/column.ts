// One column of a table, and the two that every table has.

import type { Json } from '../core/json.ts';
import { formatDuration } from '../core/time.ts';
import type { KubeObject } from '../objects/object.ts';

export interface Column {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  /** 1: only in wide output. */
  readonly priority?: number;
  readonly cell: (object: KubeObject, now: number) => Json;
}

export const NAME: Column = { name: 'Name', format: 'name', cell: (object) => object.metadata.name ?? '' };
export const AGE: Column = { name: 'Age', cell: (object, now) => ageOf(object.metadata.creationTimestamp, now) };

/** The time that has passed, in the largest unit or two. */
export function ageOf(since: string | undefined, now: number): string {
  const start = Date.parse(since ?? '');
  if (Number.isNaN(start)) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now - start) / 1000));
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return formatDuration(seconds * 1000).replace(/m0s$/, 'm');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return `${hours}h${minutes % 60 === 0 ? '' : `${minutes % 60}m`}`;
  if (hours < 48) return `${hours}h`;
  if (days < 8) return `${days}d${hours % 24 === 0 ? '' : `${hours % 24}h`}`;
  return days < 730 ? `${days}d` : `${Math.floor(days / 365)}y`;
}
