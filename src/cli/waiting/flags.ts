// The flags of every command that waits.

import { parseDuration } from '../../core/time.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { outputFlag } from '../output/document.ts';

export const TIMEOUT_FLAG = {
  name: 'timeout',
  type: 'uint',
  unit: 'seconds',
  value: 'time',
  summary: 'stop waiting after this time, like 90s or 5m; 0 waits forever (default: 10m)',
} as const satisfies Flag;

export const DEGRADED_FLAG = {
  name: 'on-degraded',
  type: 'duration',
  choices: ['fail', 'wait'],
  value: 'what',
  default: 'fail',
  own: true,
  summary: 'when a resource is degraded: fail, wait, or allow a time to recover, like 30s',
} as const satisfies Flag;

export const PROGRESS_MODES = ['auto', 'plain', 'json', 'none'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

export const PROGRESS_FLAG = {
  name: 'progress',
  type: 'string',
  choices: PROGRESS_MODES,
  value: 'how',
  own: true,
  summary: 'auto, plain (a line for each change), json (an event for each change, on stderr) or none',
} as const satisfies Flag;

export const PATIENCE_FLAGS = [
  {
    name: 'on-timeout',
    type: 'string',
    choices: ['leave', 'terminate'],
    value: 'what',
    default: 'leave',
    own: true,
    summary: 'on timeout, what to do with the running operation: leave or terminate',
  },
  DEGRADED_FLAG,
  PROGRESS_FLAG,
] as const satisfies readonly Flag[];

export const MANY_FLAGS = [
  {
    name: 'parallel',
    type: 'uint',
    min: 1,
    default: 1,
    own: true,
    summary: 'number of applications to process at once',
  },
  {
    name: 'junit',
    type: 'string',
    value: 'file',
    own: true,
    summary: 'also write the results to this file, as JUnit XML',
  },
  { name: 'keep-going', type: 'bool', own: true, summary: 'continue with the other applications when one fails' },
  {
    name: 'recursive',
    type: 'bool',
    own: true,
    group: 'Waiting',
    summary: 'also wait for the applications that an application deploys',
  },
] as const satisfies readonly Flag[];

/** How the end of a wait is shown. */
export const STATE_OUTPUT_FLAG = {
  ...outputFlag('wide, tree, tree=detailed, json or yaml'),
  default: 'wide',
} as const satisfies Flag;

const WAITING_FLAGS = [TIMEOUT_FLAG, ...PATIENCE_FLAGS, ...MANY_FLAGS] as const satisfies readonly Flag[];

export type WaitingFlags = OptionsOf<typeof WAITING_FLAGS>;

/** What --on-degraded means: the end (0), nothing (infinity), or so many milliseconds to recover in. */
export function degradedGrace(text: string): number {
  if (text === 'fail') return 0;
  return text === 'wait' ? Number.POSITIVE_INFINITY : parseDuration(text);
}
