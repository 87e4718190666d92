// Why an application is not synced by itself, and what comes next: each rule a line of a table.

import type { SyncWindows } from '../../../../api/applications.ts';
import { formatDuration } from '../../../../core/time.ts';
import { type Application, isAutomated } from '../../../../model/application.ts';
import { activePause, pauseSentence } from '../../../../model/pause.ts';
import { briefMessage } from '../../../../render/brief.ts';

export interface Situation {
  readonly application: Application;
  readonly windows: SyncWindows | undefined;
  readonly now: number;
}

/** How often a server compares with Git, unless it is told otherwise. */
const POLL_MS = 180_000;

type Rule = (situation: Situation) => string | undefined;

const ALWAYS: readonly Rule[] = [
  ({ application }) => application.metadata.deletionTimestamp && 'it is being deleted',
  ({ application }) => {
    const broken = application.status?.conditions?.find(({ type }) => /Error$/.test(type));
    return broken && `${broken.type}: ${briefMessage(broken.message)}`;
  },
  ({ application, now }) => {
    const pause = activePause(application, now);
    return pause && `automated sync is ${pauseSentence(pause)}`;
  },
  ({ application: { operation, status } }) =>
    operation &&
    `a sync runs${status?.operationState?.message ? `: ${briefMessage(status.operationState.message)}` : ''}`,
  ({ windows }) => (windows?.canSync === false ? windowText(windows) : undefined),
];

const WHEN_OUT_OF_SYNC: readonly Rule[] = [
  ({ application: { spec } }) =>
    isAutomated(spec) ? undefined : 'automated sync is off: it is synced when someone asks for it',
  ({ application: { spec, status } }) => {
    const { phase = '', message = '', syncResult } = status?.operationState ?? {};
    const hasFailed = phase === 'Failed' || phase === 'Error';
    const isSameRevision = syncResult?.revision === status?.sync?.revision;
    if (!isAutomated(spec) || !hasFailed || !isSameRevision) return undefined;
    return `the last sync of this revision failed, and automated sync does not try it again: ${briefMessage(message)}`;
  },
  ({ application: { spec, status } }) => {
    const isDeployed = status?.operationState?.syncResult?.revision === status?.sync?.revision;
    if (!isAutomated(spec) || spec.syncPolicy?.automated?.selfHeal || !isDeployed) return undefined;
    return 'this revision was synced once, and self-heal is off: a change in the cluster is not undone';
  },
  ({ application: { spec, status } }) => {
    const extra = (status?.resources ?? []).filter(({ requiresPruning }) => requiresPruning).length;
    if (extra === 0 || !isAutomated(spec) || spec.syncPolicy?.automated?.prune) return undefined;
    return `${extra === 1 ? '1 resource is' : `${extra} resources are`} not in Git any more, and automated sync does not prune`;
  },
];

/** What keeps an application from being synced by itself; nothing where it is in sync. */
export function blockersOf(situation: Situation): string[] {
  const isSynced = situation.application.status?.sync?.status === 'Synced';
  const rules = isSynced ? ALWAYS.slice(0, 2) : [...ALWAYS, ...WHEN_OUT_OF_SYNC];
  return rules.flatMap((rule) => rule(situation) || []);
}

function windowText({ activeWindows = [], assignedWindows = [] }: SyncWindows): string {
  const denies = activeWindows.filter(({ kind }) => kind === 'deny');
  const windows = denies.length > 0 ? denies : assignedWindows;
  const list = windows.map(({ kind, schedule, duration }) => `${kind} ${schedule} for ${duration}`).join(', ');
  return `a sync window does not allow it now (${list})`;
}

/** What happens without anyone typing, and when. */
export function nextOf(situation: Situation): string[] {
  const { application, now } = situation;
  const { spec, status, operation, metadata } = application;
  if (metadata.deletionTimestamp) return ['it goes away when its finalizers are done'];
  if (operation) return ['the sync ends, and the application is compared again'];
  const compared = Date.parse(status?.reconciledAt ?? '');
  const poll = Number.isNaN(compared)
    ? 'it is compared with Git at the next poll'
    : `it is compared with Git ${untilText(compared + POLL_MS - now)}, or at once by a webhook`;
  const syncs = isAutomated(spec) && status?.sync?.status === 'OutOfSync' && blockersOf(situation).length === 0;
  return syncs ? ['automated sync deploys it after the next comparison', poll] : [poll];
}

const untilText = (milliseconds: number): string =>
  milliseconds <= 1000 ? 'any moment' : `in about ${formatDuration(Math.round(milliseconds / 1000) * 1000)}`;
