// What changes between two states of a repository, application by application.

import { changeCounts, differenceDocument } from './difference-summary.ts';
import { renderDifferences } from './differences.ts';
import type { ObjectDifference } from './object-difference.ts';
import type { Meaning } from './style.ts';
import type { View } from './view.ts';

export interface RenderFailure {
  readonly side: 'base' | 'head';
  readonly message: string;
  readonly hint: string | undefined;
}

export interface ApplicationDifference {
  /** With its namespace where that is written. */
  readonly name: string;
  /** Its file from the root of the repository; of one that another application deploys, that application. */
  readonly origin: string;
  readonly change: 'added' | 'changed' | 'removed' | 'unchanged' | 'failed';
  readonly failures: readonly RenderFailure[];
  readonly differences: readonly ObjectDifference[];
}

export interface ComparedRevision {
  /** As it was typed. */
  readonly name: string;
  readonly commit: string;
}

export interface RepositoryDifference {
  readonly base: ComparedRevision;
  readonly head: ComparedRevision;
  readonly applications: readonly ApplicationDifference[];
  /** What could not be looked at, each a sentence. */
  readonly notes: readonly string[];
}

const CHANGES = ['added', 'changed', 'removed', 'failed'] as const;

const MEANINGS = {
  added: 'good',
  changed: 'warn',
  removed: 'bad',
  failed: 'bad',
  unchanged: 'faint',
} as const satisfies Record<ApplicationDifference['change'], Meaning>;

export const isNews = ({ change }: ApplicationDifference): boolean => change !== 'unchanged';

/** '2 of 100 applications differ: 1 added, 1 changed'. */
export function differenceSentence({ applications }: RepositoryDifference): string {
  const total = `${applications.length} application${applications.length === 1 ? '' : 's'}`;
  const counts = CHANGES.flatMap((change) => {
    const count = applications.filter((one) => one.change === change).length;
    return count > 0 ? [`${count} ${change}`] : [];
  });
  if (counts.length === 0) return `no difference in ${total}`;
  return `${applications.filter(isNews).length} of ${total} differ: ${counts.join(', ')}`;
}

/** '1 added, 2 changed, 0 removed' of the objects of an application. */
export function objectSentence({ differences }: ApplicationDifference): string {
  const { added, changed, removed } = changeCounts(differences);
  return `${added} added, ${changed} changed, ${removed} removed`;
}

export const failureSentence = ({ side, message }: RenderFailure): string =>
  `cannot be rendered at ${side}: ${message}`;

/** One line an application that differs, then how many there are. */
export function renderApplicationSummary(result: RepositoryDifference, view: View): string {
  const news = result.applications.filter(isNews);
  const rows = news.map((one) => [
    one.name,
    { text: one.change, as: MEANINGS[one.change] },
    one.failures.length > 0 ? one.failures.map(failureSentence).join('; ') : objectSentence(one),
    one.origin,
  ]);
  const table =
    news.length === 0 ? '' : `${view.table({ head: ['NAME', 'CHANGE', 'RESOURCES', 'FROM'], rows }, view.style)}\n`;
  return `${table}${differenceSentence(result)}\n`;
}

/** Every application that differs with its objects, then how many there are. */
export async function renderApplicationDifferences(
  result: RepositoryDifference,
  { style }: Pick<View, 'style'>,
): Promise<string> {
  let text = '';
  for (const one of result.applications.filter(isNews)) {
    const head = `${style.heading(one.name)} ${style[MEANINGS[one.change]](one.change)} ${style.faint(`(${one.origin})`)}\n`;
    const failures = one.failures
      .map(
        (failure) =>
          `${style.bad(failureSentence(failure))}\n${failure.hint ? `${style.faint('hint:')} ${failure.hint}\n` : ''}`,
      )
      .join('');
    text += `${head}${failures}${await renderDifferences(one.differences, style)}\n`;
  }
  return `${text}${differenceSentence(result)}\n`;
}

/** The same for programs. */
export function repositoryDocument({ base, head, applications, notes }: RepositoryDifference): Record<string, unknown> {
  const counts = Object.fromEntries(
    [...CHANGES, 'unchanged' as const].map((change) => [
      change,
      applications.filter((one) => one.change === change).length,
    ]),
  );
  return {
    base,
    head,
    ...counts,
    applications: applications.map(({ name, origin, change, failures, differences }) => ({
      name,
      origin,
      change,
      ...(failures.length > 0 ? { failures } : {}),
      resources: differenceDocument(differences),
    })),
    ...(notes.length > 0 ? { notes } : {}),
  };
}
