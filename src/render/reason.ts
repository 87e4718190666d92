// Why an application is not well, in one line: what the person who looks at a list would ask next.

import type { Application, ResourceStatus } from '../model/application.ts';
import { briefMessage } from './brief.ts';

type Rule = (app: Application) => string;

/** The first that has something to say: what stops everything, what runs, what is broken, what differs, what may. */
const RULES: readonly Rule[] = [
  ({ metadata }) => (metadata.deletionTimestamp ? 'being deleted' : ''),
  (app) => conditionText(app, (type) => type.endsWith('Error')),
  operationText,
  healthReason,
  differenceText,
  (app) => conditionText(app, (type) => !type.endsWith('Error')),
];

/** Why it is not well; '' where nothing is wrong. */
export function reasonOf(app: Application): string {
  for (const rule of RULES) {
    const text = rule(app);
    if (text !== '') return briefMessage(text).replaceAll(/\s*\n\s*/g, ' ');
  }
  return '';
}

/** Whether more than its states must be known of it to say why. */
export const needsReason = ({ status }: Application): boolean =>
  status?.sync?.status !== 'Synced' || (status?.health?.status ?? 'Healthy') !== 'Healthy';

function conditionText({ status }: Application, fits: (type: string) => boolean): string {
  const condition = status?.conditions?.find(({ type }) => fits(type));
  return condition === undefined ? '' : `${condition.type}: ${condition.message}`;
}

const PHASES: Readonly<Record<string, string>> = {
  Running: 'sync runs',
  Terminating: 'sync is being stopped',
  Failed: 'last sync failed',
  Error: 'last sync failed',
};

/** A failed sync is no reason any more once everything is as it should be. */
function operationText(app: Application): string {
  const { phase = '', message = '' } = app.status?.operationState ?? {};
  const text = PHASES[phase];
  const isOver = phase === 'Failed' || phase === 'Error';
  if (text === undefined || (isOver && app.status?.sync?.status === 'Synced')) return '';
  return message === '' ? text : `${text}: ${message}`;
}

/** Which resource is not well, and what it says. */
export function healthReason({ status }: Application): string {
  const { status: health = 'Healthy', message = '' } = status?.health ?? {};
  if (health === 'Healthy') return '';
  const sick = (status?.resources ?? []).filter((resource) => resource.health?.status === health);
  const [first] = [...sick].sort((a, b) => Number(messageOf(b) !== '') - Number(messageOf(a) !== ''));
  if (health === 'Missing' && sick.length > 0) return `${counted(sick.length)} not in the cluster`;
  if (first === undefined) return message;
  const more = sick.length > 1 ? ` (+${sick.length - 1} more)` : '';
  const why = messageOf(first);
  return `${labelOf(first)}${why === '' ? '' : `: ${why}`}${more}`;
}

const messageOf = ({ health }: ResourceStatus): string => health?.message ?? '';
const labelOf = ({ kind, name }: ResourceStatus): string => `${kind}/${name}`;
const counted = (count: number): string => (count === 1 ? '1 resource' : `${count} resources`);

function differenceText({ status }: Application): string {
  const resources = status?.resources ?? [];
  const differing = resources.filter((resource) => resource.status === 'OutOfSync');
  if (status?.sync?.status !== 'OutOfSync' || differing.length === 0) return '';
  const extra = differing.filter((resource) => resource.requiresPruning).length;
  const changed = differing.length - extra;
  const [only] = differing;
  if (only && differing.length === 1) return `${labelOf(only)} ${extra === 1 ? 'is not in Git' : 'differs from Git'}`;
  const parts = [
    changed > 0 ? `${changed} of ${resources.length} resources differ from Git` : '',
    extra > 0 ? `${extra} to prune` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
