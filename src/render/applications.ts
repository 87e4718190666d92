import { withoutLogins } from '../core/url.ts';
import { type Application, isAutomated, qualifiedName, sourcesOf } from '../model/application.ts';
import { meaningOf } from './style.ts';
import type { Row, Table } from './table.ts';
import { operationTime } from './times.ts';

const SHORT = ['NAME', 'CLUSTER', 'NAMESPACE', 'PROJECT', 'STATUS', 'HEALTH', 'SYNCPOLICY', 'CONDITIONS'] as const;
const WIDE = [...SHORT, 'REPO', 'PATH', 'TARGET'] as const;
const SPARE = ['TARGET', 'PATH', 'REPO', 'CLUSTER', 'SYNCPOLICY', 'PROJECT'] as const;

/** One line an application; `wide` says where each comes from too. */
export function applicationTable(applications: readonly Application[], wide: boolean): Table {
  return { head: wide ? WIDE : SHORT, rows: applications.map((app) => applicationRow(app, wide)), spare: SPARE };
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
    { text: sync, as: meaningOf(sync) },
    { text: health, as: meaningOf(health) },
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
      { text: phase, as: meaningOf(phase) },
      { text: sync, as: meaningOf(sync) },
      { text: health, as: meaningOf(health) },
      took,
      failure === undefined ? message : { text: failure, as: 'bad' },
    ];
  });
  return { head: ['NAME', 'PHASE', 'STATUS', 'HEALTH', 'DURATION', 'MESSAGE'], rows };
}
