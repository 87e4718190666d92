import { withoutLogins } from '../core/url.ts';
import { type Application, isAutomated, qualifiedName, sourcesOf } from '../model/application.ts';
import { reasonOf } from './reason.ts';
import { type Row, stateCell, type Table } from './table.ts';
import { age, operationTime } from './times.ts';

const SHORT = ['NAME', 'CLUSTER', 'NAMESPACE', 'PROJECT', 'STATUS', 'HEALTH', 'SYNCPOLICY', 'CONDITIONS'] as const;
const WIDE = [...SHORT, 'REPO', 'PATH', 'TARGET'] as const;
const SPARE = ['TARGET', 'PATH', 'REPO', 'CLUSTER', 'SYNCPOLICY', 'PROJECT'] as const;
const BRIEF = ['NAME', 'PROJECT', 'SYNC', 'HEALTH', 'REVISION', 'AGE', 'WHY'] as const;

/** What a line says of an application: how it is and why; what the reference's short list says; where it comes from too. */
export type ApplicationColumns = 'brief' | 'short' | 'wide';

/** The columns of a list that nobody asked to be wide. */
export interface ListColumns {
  /** Without `-o`. */
  readonly default: ApplicationColumns;
  /** With `-o table`. */
  readonly table: ApplicationColumns;
}

export function applicationTable(apps: readonly Application[], columns: ApplicationColumns, now: number): Table {
  if (columns === 'brief') {
    const rows = apps.map((app) => briefRow(app, now));
    return { head: BRIEF, rows, spare: ['AGE', 'REVISION', 'PROJECT'], note: 'WHY', more: '-o wide' };
  }
  const wide = columns === 'wide';
  return { head: wide ? WIDE : SHORT, rows: apps.map((app) => applicationRow(app, wide)), spare: SPARE };
}

function briefRow(app: Application, now: number): Row {
  const created = app.metadata.creationTimestamp;
  return [
    briefName(app),
    app.spec.project,
    stateCell(app.status?.sync?.status ?? 'Unknown'),
    stateCell(app.status?.health?.status ?? 'Unknown'),
    shortRevision(app),
    created === undefined ? '' : age(created, now),
    reasonOf(app),
  ];
}

/** The namespace is said where it is not the one that every command looks in. */
const briefName = (app: Application): string =>
  (app.metadata.namespace ?? 'argocd') === 'argocd' ? app.metadata.name : qualifiedName(app);

/** A commit by its first seven digits, a chart by its version. */
function shortRevision({ status }: Application): string {
  const { revision = '', revisions = [] } = status?.sync ?? {};
  const all = revisions.length > 0 ? revisions : revision === '' ? [] : [revision];
  return all.map((one) => (/^[0-9a-f]{40}$/.test(one) ? one.slice(0, 7) : one)).join(',');
}

function applicationRow(app: Application, wide: boolean): Row {
  const { destination } = app.spec;
  const sync = app.status?.sync?.status ?? '';
  const health = app.status?.health?.status ?? '';
  const conditions = conditionsOf(app);
  const row: Row = [
    qualifiedName(app),
    destination.server || destination.name || '',
    destination.namespace ?? '',
    app.spec.project,
    stateCell(sync),
    stateCell(health),
    policyOf(app),
    conditions === '' ? { text: '<none>', as: 'faint' } : { text: conditions, as: 'bad' },
  ];
  if (!wide) return row;
  const source = sourcesOf(app.spec)[0];
  return [...row, withoutLogins(source?.repoURL ?? ''), source?.path ?? '', source?.targetRevision ?? ''];
}

function policyOf(app: Application): string {
  if (!isAutomated(app.spec)) return 'Manual';
  return app.spec.syncPolicy?.automated?.prune ? 'Auto-Prune' : 'Auto';
}

/** 'ComparisonError,SyncError(2)': the kinds of conditions, sorted, with counts. */
function conditionsOf(app: Application): string {
  const counts = new Map<string, number>();
  for (const { type } of app.status?.conditions ?? []) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => (count > 1 ? `${type}(${count})` : type))
    .join(',');
}

export interface ApplicationOutcome {
  readonly name: string;
  /** Absent where it was never seen. */
  readonly application: Application | undefined;
  readonly failure: string | undefined;
}

/** What became of several applications, a line each. */
export function outcomeTable(outcomes: readonly ApplicationOutcome[], now: number): Table {
  const rows = outcomes.map(({ name, application, failure }): Row => {
    const sync = application?.status?.sync?.status ?? '';
    const health = application?.status?.health?.status ?? '';
    const { phase = '', startedAt, finishedAt, message = '' } = application?.status?.operationState ?? {};
    const took = startedAt === undefined ? '' : operationTime(startedAt, finishedAt, now);
    return [
      name,
      stateCell(phase),
      stateCell(sync),
      stateCell(health),
      took,
      failure === undefined ? message : { text: failure, as: 'bad' },
    ];
  });
  return { head: ['NAME', 'PHASE', 'STATUS', 'HEALTH', 'DURATION', 'MESSAGE'], rows };
}
