import { withoutLogins } from '../core/url.ts';
import { type Application, hasMultipleSources, isAutomated, qualifiedName, sourcesOf } from '../model/application.ts';
import { activePause, pauseOf, pauseSentence } from '../model/pause.ts';
import type { SyncWindow } from '../model/project.ts';
import type { ApplicationSource } from '../model/source.ts';
import { healthReason } from './reason.ts';
import { resourceStates, stateTable } from './states.ts';
import { meaningOf, type Style } from './style.ts';
import { longTime, operationTime } from './times.ts';
import type { View } from './view.ts';

const LABEL = 20;

export interface Summary {
  readonly application: Application;
  /** Absent where no server shows it. */
  readonly url: string | undefined;
  readonly windows?: { readonly says: string; readonly assigned: readonly SyncWindow[] };
}

/** The block of facts that `get`, `sync`, `wait` and `rollback` begin with. */
export function renderSummary(summary: Summary, view: View): string {
  return renderIdentity(summary.application, view.style) + renderFacts(summary, view);
}

/** Its beginning: what the application alone tells. */
export function renderIdentity(application: Application, style: Style): string {
  const { destination, project } = application.spec;
  return [
    field('Name:', qualifiedName(application), style),
    field('Project:', project, style),
    field('Server:', destination.server || destination.name || '', style),
    field('Namespace:', destination.namespace ?? '', style),
  ].join('');
}

/** Its rest: where it comes from last, as a group of its own, or where the reference has it. */
export function renderFacts(summary: Summary, view: View): string {
  const { application, url } = summary;
  const address = url === undefined ? '' : field('URL:', url, view.style);
  const sources = sourceLines(application, view);
  const states = stateLines(summary, view);
  return view.facts === 'grouped' ? `${address}${states}\n${sources}` : `${address}${sources}${states}`;
}

function stateLines({ application, windows }: Summary, view: View): string {
  const { style } = view;
  const health = application.status?.health?.status ?? '';
  return [
    field('SyncWindow:', windows?.says ?? 'Sync Allowed', style),
    windows && windows.assigned.length > 0 ? field('Assigned Windows:', windowText(windows.assigned), style) : '',
    field('Sync Policy:', policyText(application, view), style),
    field('Sync Status:', syncText(application, view), style),
    field(
      'Health Status:',
      view.state(health) + behind(view.facts === 'grouped' ? healthReason(application) : ''),
      style,
    ),
  ].join('');
}

const behind = (text: string): string => (text === '' ? '' : `: ${text}`);

const field = (label: string, value: string, style: Style): string =>
  `${style.heading(label)}${' '.repeat(Math.max(0, LABEL - label.length))}${value}\n`;

function sourceLines(application: Application, view: View): string {
  const head = hasMultipleSources(application.spec) ? 'Sources:' : 'Source:';
  return `${view.style.heading(head)}\n${sourcesOf(application.spec)
    .map((source) => sourceText(source, view))
    .join('')}`;
}

/** A source that names no revision follows the head of its repository. */
const targetText = (source: ApplicationSource | undefined, { facts }: View): string =>
  source?.targetRevision || (facts === 'grouped' && source?.chart === undefined ? 'HEAD' : '');

function sourceText(source: ApplicationSource, view: View): string {
  const { style } = view;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['  Path:', source.path],
    ['  Ref:', source.ref],
    ['  Helm Values:', source.helm?.valueFiles?.join(',')],
    ['  Name Prefix:', source.kustomize?.namePrefix],
  ];
  const optional = lines.filter(([, value]) => value !== undefined && value !== '');
  return [
    field('- Repo:', withoutLogins(source.repoURL), style),
    field('  Target:', targetText(source, view), style),
    ...optional.map(([label, value]) => field(label, value ?? '', style)),
  ].join('');
}

const windowText = (windows: readonly SyncWindow[]): string =>
  windows.map(({ kind, schedule, duration }) => `${kind ?? ''}:${schedule ?? ''}:${duration ?? ''}`).join(',');

function policyText(application: Application, view: View): string {
  const pause = view.facts === 'grouped' ? pauseText(application, view.now) : '';
  if (!isAutomated(application.spec)) return `Manual${pause}`;
  return `${application.spec.syncPolicy?.automated?.prune ? 'Automated (Prune)' : 'Automated'}${pause}`;
}

/** A server that knows nothing of pauses leaves automated sync off when the time is over. */
function pauseText(application: Application, now: number): string {
  const pause = pauseOf(application);
  if (!pause) return '';
  if (activePause(application, now)) return `, ${pauseSentence(pause)}`;
  const isOff = pause.automated !== undefined && !isAutomated(application.spec);
  return isOff ? `, the pause is over: hawser app resume ${qualifiedName(application)}` : '';
}

const PHRASES: Readonly<Record<string, string>> = { Synced: ' to ', OutOfSync: ' from ' };

function syncText({ spec, status }: Application, view: View): string {
  const sync = status?.sync?.status ?? '';
  const target = targetText(sourcesOf(spec)[0], view);
  const phrase = PHRASES[sync];
  const text = phrase === undefined ? '' : `${phrase}${target}`;
  const revision = status?.sync?.revision ?? '';
  const isCommit = /^[0-9a-f]{7,40}$/i.test(target);
  const commit = !isCommit && revision.length > 7 ? ` (${revision.slice(0, 7)})` : '';
  return view.state(sync) + view.style[meaningOf(sync)](`${text}${commit}`);
}

/** The last operation: what it was, how it went and how long it took. */
export function renderOperation(application: Application, view: View): string {
  const state = application.status?.operationState;
  if (!state) return '';
  const { syncResult, phase, startedAt, finishedAt, message } = state;
  const revision = syncResult?.revisions?.length ? syncResult.revisions.join(', ') : (syncResult?.revision ?? '');
  const began = startedAt ?? new Date(view.now).toISOString();
  return [
    syncResult ? field('Operation:', 'Sync', view.style) : '',
    syncResult ? field('Sync Revision:', revision, view.style) : '',
    field('Phase:', view.style[meaningOf(phase)](phase), view.style),
    field('Start:', longTime(startedAt), view.style),
    field('Finished:', longTime(finishedAt), view.style),
    field('Duration:', operationTime(began, finishedAt, view.now), view.style),
    message ? field('Message:', message, view.style) : '',
  ].join('');
}

/** What is wrong with an application, as a table; '' when nothing is. */
export function renderConditions(application: Application, view: View): string {
  const conditions = application.status?.conditions ?? [];
  if (conditions.length === 0) return '';
  const rows = conditions.map(({ type, message, lastTransitionTime }) => [
    { text: type, as: /Warning/.test(type) ? ('warn' as const) : ('bad' as const) },
    message,
    longTime(lastTransitionTime),
  ]);
  return view.table({ head: ['CONDITION', 'MESSAGE', 'LAST TRANSITION'], rows, uncut: true }, view.style);
}

const LONGEST_VALUE = 80;

/** The Helm parameters of one source; '' where it has none. */
export function renderParameters(source: ApplicationSource | undefined, view: View): string {
  const rows = (source?.helm?.parameters ?? []).map(({ name = '', value = '' }) => [
    name,
    value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 3)}...` : value,
  ]);
  return rows.length === 0 ? '' : view.table({ head: ['NAME', 'VALUE'], rows }, view.style);
}

/** The resources of an application with their states; '' when it has none. */
export function renderResources(application: Application, view: View): string {
  const states = resourceStates(application);
  return states.length === 0 ? '' : view.table(stateTable(states, view.facts), view.style);
}
