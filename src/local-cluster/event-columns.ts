// Events as a table, whichever of their two versions they come from.

import { numberAt, textAt } from '../core/json.ts';
import type { KubeObject } from '../objects/object.ts';
import { ageOf, type Column } from './column.ts';

const text = (name: string, ...path: string[]): Column => ({ name, cell: (event) => textAt(event, ...path) });

export const EVENT: readonly Column[] = [
  { name: 'Last Seen', cell: lastSeen },
  text('Type', 'type'),
  text('Reason', 'reason'),
  {
    name: 'Object',
    cell: (event) => {
      const kind = textAt(event, 'involvedObject', 'kind').toLowerCase();
      const name = textAt(event, 'involvedObject', 'name');
      return name === '' ? kind : `${kind}/${name}`;
    },
  },
  { ...text('Subobject', 'involvedObject', 'fieldPath'), priority: 1 },
  {
    name: 'Source',
    priority: 1,
    cell: (event) =>
      [
        textAt(event, 'source', 'component') || textAt(event, 'reportingComponent'),
        textAt(event, 'source', 'host') || textAt(event, 'reportingInstance'),
      ]
        .filter((part) => part !== '')
        .join(', '),
  },
  { name: 'Message', cell: (event) => textAt(event, 'message').trim() },
  { name: 'First Seen', priority: 1, cell: firstSeen },
  {
    name: 'Count',
    priority: 1,
    cell: (event) => numberAt(event, 'series', 'count') ?? (numberAt(event, 'count') || 1),
  },
  { name: 'Name', priority: 1, format: 'name', cell: (event) => event.metadata.name ?? '' },
];

function firstSeen(event: KubeObject, now: number): string {
  return ageOf(textAt(event, 'firstTimestamp') || textAt(event, 'eventTime'), now);
}

function lastSeen(event: KubeObject, now: number): string {
  const last = textAt(event, 'series', 'lastObservedTime') || textAt(event, 'lastTimestamp');
  return last === '' ? firstSeen(event, now) : ageOf(last, now);
}
