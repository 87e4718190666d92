// The one line that stays of a wait.

import type { Application } from '../model/application.ts';
import type { Glyphs } from './glyphs.ts';
import { meaningOf, type Style } from './style.ts';
import { elapsedText } from './waiting.ts';

/** What was waited for. */
export type Task = 'sync' | 'rollback' | 'wait';

export interface WaitResult {
  readonly task: Task;
  readonly application: Application;
  /** The code of the failure it ended in. */
  readonly failure: string | undefined;
  readonly seconds: number;
}

/** '✓ shop synced to d5f1562 in 4 s · 4 resources · Healthy'. */
export function renderResult(
  result: WaitResult,
  { style, glyphs }: { readonly style: Style; readonly glyphs: Glyphs },
): string {
  const { application, failure, seconds } = result;
  const { status, metadata } = application;
  const time = failure === undefined ? `in ${elapsedText(seconds)}` : `after ${elapsedText(seconds)}`;
  const mark = failure === undefined ? style.good(glyphs.marks.good) : style.bad(glyphs.marks.bad);
  const health = status?.health?.status ?? '';
  const count = status?.resources?.length ?? 0;
  const facts = [
    `${mark} ${style.heading(metadata.name)} ${failure === undefined ? successOf(result) : failureOf(result)} ${time}`,
    `${count} ${count === 1 ? 'resource' : 'resources'}`,
    health === '' ? '' : style[meaningOf(health)](health),
  ];
  return facts.filter((fact) => fact !== '').join(` ${glyphs.dot} `);
}

const PAST: Readonly<Record<Task, string>> = { sync: 'synced', rollback: 'rolled back', wait: 'synced' };

/** What is only partly so is said as it is: a sync of some resources, a dry run, a wait for health alone. */
function successOf({ task, application: { status } }: WaitResult): string {
  const sync = status?.sync?.status ?? '';
  const result = status?.operationState?.syncResult;
  const deployed = revisionText(result?.revision || result?.revisions?.[0]);
  if (task !== 'wait' && status?.operationState?.operation?.sync?.dryRun) return 'dry run done';
  if (task === 'rollback') return `rolled back${deployed}`;
  if (sync === 'Synced') return `${PAST[task]}${revisionText(status?.sync?.revision || status?.sync?.revisions?.[0])}`;
  return task === 'sync' ? `sync succeeded${deployed}, still ${sync || 'Unknown'}` : `done, ${sync || 'Unknown'}`;
}

function revisionText(revision = ''): string {
  return revision === '' ? '' : ` to ${/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision}`;
}

const FAILURES: Readonly<Record<string, string>> = {
  'sync-failed': 'failed to sync',
  unhealthy: 'is Degraded',
  'timed-out': 'is not done',
  'not-found': 'was deleted',
};

const failureOf = ({ failure = '' }: WaitResult): string => FAILURES[failure] ?? 'failed';
