// An explanation as text: the states, and under each why, then what comes next and what to type.

import type { DifferingField, DifferingResource, Explanation } from '../model/explanation.ts';
import { causeLines } from './causes.ts';
import { oneLine } from './table.ts';
import type { View } from './view.ts';
import { shorten } from './width.ts';

const LONGEST_VALUE = 60;
const CHANGES: Readonly<Record<DifferingResource['change'], string>> = {
  missing: 'is not in the cluster',
  differs: 'differs from Git',
  extra: 'is in the cluster, but not in Git',
};

export function renderExplanation(explanation: Explanation, view: View): string {
  const { application, sync, health, blockers, next, commands } = explanation;
  const { style } = view;
  const target = sync.target === '' ? '' : ` ${sync.status === 'Synced' ? 'to' : 'from'} ${sync.target}`;
  const reason = health.reason === '' ? '' : `: ${health.reason}`;
  return [
    `${style.heading(application)}\n`,
    `Sync     ${view.state(sync.status)}${target}\n`,
    ...sync.resources.flatMap((resource) => resourceLines(resource, view)),
    sync.more > 0 ? `  and ${sync.more} more\n` : '',
    `Health   ${view.state(health.status)}${reason}\n`,
    ...causeLines([], health.causes).map((line) => `  ${line}\n`),
    section('Why it does not sync', blockers, view),
    section('Next', next, view),
    section('To type', commands, view),
  ].join('');
}

function section(title: string, lines: readonly string[], { style }: View): string {
  return lines.length === 0 ? '' : `${style.heading(title)}\n${lines.map((line) => `  ${oneLine(line)}\n`).join('')}`;
}

function resourceLines({ resource, change, fields, moreFields }: DifferingResource, view: View): string[] {
  return [
    `  ${resource} ${CHANGES[change]}\n`,
    ...fields.map((field) => `    ${oneLine(fieldLine(field))}\n`),
    ...fields.flatMap(({ ignoredBy }) =>
      ignoredBy ? [view.style.faint(`      would be ignored by: ${ignoredBy}\n`)] : [],
    ),
    ...(moreFields > 0 ? [`    and ${moreFields} more fields\n`] : []),
  ];
}

function fieldLine({ field, live, git, writtenBy }: DifferingField): string {
  const values =
    live === undefined && git === undefined ? '' : `: ${valueText(live)} in the cluster, ${valueText(git)} in Git`;
  return `${field}${values}${writtenBy === undefined ? '' : `; written by ${writtenBy}`}`;
}

const valueText = (value: string | undefined): string =>
  value === undefined ? 'nothing' : shorten(value, LONGEST_VALUE);
