import type { Flag } from '../../../input/flags.ts';

/** When a sync window is open, and for what. */
export const WINDOW_FLAGS = [
  {
    name: 'schedule',
    type: 'string',
    value: 'cron',
    summary: "when it begins, five fields of cron: '0 22 * * *'",
  },
  { name: 'duration', type: 'string', value: 'duration', summary: 'how long it is, like 1h30m' },
  { name: 'applications', type: 'strings', value: 'names', summary: 'applications it is for, by globs' },
  { name: 'namespaces', type: 'strings', value: 'names', summary: 'namespaces it is for, by globs' },
  { name: 'clusters', type: 'strings', value: 'names', summary: 'clusters it is for, by globs of names or URLs' },
  {
    name: 'time-zone',
    type: 'string',
    value: 'zone',
    default: 'UTC',
    typedOnly: true,
    summary: 'time zone of the schedule, like Europe/Amsterdam',
  },
  { name: 'description', type: 'string', summary: 'what it is for' },
] as const satisfies readonly Flag[];
