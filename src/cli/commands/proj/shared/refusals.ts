import { HawserError } from '../../../../core/errors.ts';

/** What is to be added is there already; `reference` is how the reference says it. */
export const alreadyThere = (message: string, reference: string): HawserError =>
  new HawserError('already-exists', message, {
    hint: 'nothing was changed',
    reason: { kind: 'refused-change', message: reference },
  });

/** What is to be removed is not there. */
export const notThere = (message: string, project: string, reference: string): HawserError =>
  new HawserError('not-found', message, {
    hint: `hawser proj get ${project}`,
    reason: { kind: 'refused-change', message: reference },
  });

/** A value that can be no part of a project. */
export const refusedValue = (message: string, hint: string, reference = message): HawserError =>
  new HawserError('usage', message, { hint, reason: { kind: 'refused-change', message: reference } });

/** The place of something in a list, as its ID says it; `what` is what the list has. */
export function readId(text: string, what: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new HawserError('usage', `'${text}' is no ID of a ${what}`, {
    hint: `the first ${what} has the ID 0`,
    reason: { kind: 'invalid-number', text, parser: 'strconv.Atoi' },
  });
}
