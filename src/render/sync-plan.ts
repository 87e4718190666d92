// A plan as text: a line for each step, in the order in which a sync takes them.

import { isChange, type PlanAction, type PlanStep, type SyncPlan } from '../model/sync-plan.ts';
import type { Meaning } from './style.ts';
import { oneLine, type Row } from './table.ts';
import type { View } from './view.ts';

const MEANINGS = {
  create: 'good',
  change: 'warn',
  replace: 'warn',
  recreate: 'bad',
  prune: 'bad',
  hook: 'busy',
  unchanged: 'faint',
  keep: 'faint',
} as const satisfies Record<PlanAction, Meaning>;

/** Fields named in one line. */
const MOST_FIELDS = 3;

export interface PlanLook {
  /** With what does not change, and every field. */
  readonly isWide: boolean;
}

export function renderPlan(plan: SyncPlan, { isWide }: PlanLook, view: View): string {
  const steps = isWide ? plan.steps : plan.steps.filter(({ action }) => action !== 'unchanged');
  const rows = steps.map(
    (step): Row => [
      step.phase,
      String(step.wave),
      { text: step.action, as: step.problem === undefined ? MEANINGS[step.action] : 'bad' },
      resourceText(step),
      detailOf(step, isWide),
    ],
  );
  const head = ['PHASE', 'WAVE', 'ACTION', 'RESOURCE', 'DETAIL'];
  const table =
    rows.length === 0
      ? ''
      : `${view.table({ head, rows, spare: ['WAVE', 'PHASE'], note: 'DETAIL', more: '-o json' }, view.style)}\n`;
  const notes = plan.notes.map((note) => `${view.style.warn('note:')} ${oneLine(note)}\n`);
  return `${table}${summaryOf(plan)}\n${notes.join('')}`;
}

/** 'apps/Deployment shop/web' */
export function resourceText({ group, kind, namespace, name }: Omit<PlanStep, 'phase' | 'wave' | 'action'>): string {
  return `${group === '' ? kind : `${group}/${kind}`} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

function detailOf({ reason, problem, fields = [] }: PlanStep, isWide: boolean): string {
  const names = fields.map(({ field }) => field);
  const listed = isWide ? names : names.slice(0, MOST_FIELDS);
  const more = names.length - listed.length;
  return [problem ?? '', reason ?? '', listed.join(', ') + (more > 0 ? ` and ${more} more` : '')]
    .filter(Boolean)
    .join('; ');
}

const WORDS: readonly (readonly [PlanAction, string])[] = [
  ['create', 'to create'],
  ['change', 'to change'],
  ['replace', 'to replace'],
  ['recreate', 'to delete and create'],
  ['prune', 'to prune'],
  ['keep', 'to keep that Git no longer has'],
  ['unchanged', 'unchanged'],
];

/** '1 to create, 2 to change, 1 hook to run' */
function summaryOf({ application, revisions, steps }: SyncPlan): string {
  const count = (action: PlanAction): number => steps.filter((step) => step.action === action).length;
  const parts = WORDS.flatMap(([action, words]) => (count(action) > 0 ? [`${count(action)} ${words}`] : []));
  const hooks = steps.filter(({ action, phase }) => action === 'hook' && phase !== 'SyncFail').length;
  if (hooks > 0) parts.push(`${hooks} ${hooks === 1 ? 'hook' : 'hooks'} to run`);
  const to = revisions
    .map((revision) => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision))
    .join(', ');
  const name = `${application}${to === '' ? '' : ` to ${to}`}`;
  if (!steps.some(isChange) && hooks === 0)
    return `${name}: nothing to do${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
  return `${name}: ${parts.join(', ')}`;
}

/** The same for programs. */
export function planDocument(plan: SyncPlan): Record<string, unknown> {
  const { steps } = plan;
  const count = (action: PlanAction): number => steps.filter((step) => step.action === action).length;
  return {
    ...plan,
    summary: {
      create: count('create'),
      change: count('change'),
      replace: count('replace'),
      recreate: count('recreate'),
      prune: count('prune'),
      hook: count('hook'),
      unchanged: count('unchanged'),
      keep: count('keep'),
    },
    hasChanges: steps.some(isChange),
  };
}
