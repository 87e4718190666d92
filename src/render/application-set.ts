// A set of applications as text: its facts, and its conditions.

import { withoutLogins } from '../core/url.ts';
import { hasMultipleSources } from '../model/application.ts';
import type { ApplicationSet, ApplicationSetCondition } from '../model/application-set.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { Cell, Table } from './table.ts';
import { longTime } from './times.ts';
import type { View } from './view.ts';

const LABEL = 20;

/** 'argocd/shops'; the bare name of one that was not stored. */
export const setName = ({ metadata }: ApplicationSet): string =>
  metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;

export function applicationSetText(set: ApplicationSet, { style, table }: View): string {
  const { spec, metadata: _metadata } = set.spec.template;
  const field = (label: string, value = ''): string =>
    `${style.heading(label)}${' '.repeat(Math.max(0, LABEL - label.length))}${value}\n`;
  const sources = sourcesOfTemplate(set);
  const lines = [
    field('Name:', setName(set)),
    field('Project:', spec.project),
    field('Server:', spec.destination.server || spec.destination.name || ''),
    field('Namespace:', spec.destination.namespace),
    field('Health Status:', set.status?.health?.status),
    `${style.heading(hasMultipleSources(spec) ? 'Sources:' : 'Source:')}\n`,
    ...sources.flatMap((source) => [
      field('- Repo:', withoutLogins(source.repoURL)),
      field('  Target:', source.targetRevision),
      ...(source.path ? [field('  Path:', source.path)] : []),
      ...(source.ref ? [field('  Ref:', source.ref)] : []),
    ]),
    field('SyncPolicy:', policyOf(set)),
  ];
  const conditions = set.status?.conditions ?? [];
  if (conditions.length === 0) return lines.join('');
  return `${lines.join('')}\n${table(conditionTable(conditions), style)}`;
}

function sourcesOfTemplate({ spec }: ApplicationSet): readonly ApplicationSource[] {
  const { source, sources = [] } = spec.template.spec;
  return sources.length > 0 ? sources : source ? [source] : [];
}

function policyOf({ spec }: ApplicationSet): string {
  const automated = spec.template.spec.syncPolicy?.automated;
  if (!automated) return '<none>';
  return automated.prune ? 'Automated (Prune)' : 'Automated';
}

function conditionTable(conditions: readonly ApplicationSetCondition[]): Table {
  return {
    head: ['CONDITION', 'STATUS', 'MESSAGE', 'LAST TRANSITION'],
    rows: conditions.map(({ type, status = '', message = '', lastTransitionTime }) => [
      type,
      status,
      message,
      longTime(lastTransitionTime),
    ]),
    note: 'MESSAGE',
  };
}

export type SetColumns = 'brief' | 'short' | 'wide';

const COLUMNS: Readonly<Record<SetColumns, readonly string[]>> = {
  brief: ['NAME', 'PROJECT', 'HEALTH', 'CONDITION', 'REPO', 'TARGET'],
  short: ['NAME', 'PROJECT', 'SYNCPOLICY', 'HEALTH', 'CONDITIONS'],
  wide: ['NAME', 'PROJECT', 'SYNCPOLICY', 'HEALTH', 'CONDITIONS', 'REPO', 'PATH', 'TARGET'],
};

export function applicationSetTable(sets: readonly ApplicationSet[], columns: SetColumns): Table {
  const head = COLUMNS[columns];
  const rows = sets.map((set) => {
    const cells = cellsOf(set);
    return head.map((name) => cells[name] ?? '');
  });
  return {
    head,
    rows,
    spare: ['TARGET', 'REPO', 'PROJECT'],
    ...(columns === 'brief' ? {} : { uncut: true }),
  };
}

function cellsOf(set: ApplicationSet): Readonly<Record<string, Cell>> {
  const { status, spec } = set;
  const [source] = sourcesOfTemplate(set);
  const conditions = status?.conditions ?? [];
  const trouble = conditions.find(({ type, status: is }) => type === 'ErrorOccurred' && is === 'True');
  return {
    NAME: setName(set),
    PROJECT: spec.template.spec.project,
    SYNCPOLICY: goPolicy(set),
    HEALTH: status?.health?.status ?? '',
    CONDITION: trouble?.message ?? (conditions.length > 0 ? 'up to date' : ''),
    CONDITIONS: goConditions(conditions),
    REPO: source ? withoutLogins(source.repoURL) : '',
    PATH: source?.path ?? '',
    TARGET: source?.targetRevision ?? '',
  };
}

/** The reference prints these as Go prints a struct. */
function goPolicy({ spec }: ApplicationSet): string {
  const { syncPolicy } = spec;
  if (!syncPolicy) return 'nil';
  const { preserveResourcesOnDeletion = false, applicationsSync } = syncPolicy;
  return `&ApplicationSetSyncPolicy{PreserveResourcesOnDeletion:${preserveResourcesOnDeletion},ApplicationsSync:${applicationsSync === undefined ? 'nil' : `*${applicationsSync}`},}`;
}

function goConditions(conditions: readonly ApplicationSetCondition[]): string {
  const holding = conditions.filter(({ status }) => status === 'True');
  const texts = holding.map(
    ({ type, message = '', lastTransitionTime, status = '', reason = '' }) =>
      `{${type} ${message} ${lastTransitionTime ? longTime(lastTransitionTime) : '<nil>'} ${status} ${reason}}`,
  );
  return `[${texts.join(' ')}]`;
}
