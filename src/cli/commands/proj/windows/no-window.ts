import { HawserError } from '../../../../core/errors.ts';

/** Its project has no sync window of this ID. */
export const noWindow = (id: string, project: string): HawserError =>
  new HawserError('not-found', `project '${project}' has no sync window ${id}`, {
    hint: `hawser proj windows list ${project}`,
    reason: { kind: 'invalid-argument', message: `window with id '${id}' not found` },
  });

/** A sync window that cannot be. */
export const invalidWindow = (message: string, hint: string): HawserError =>
  new HawserError('usage', message, { hint, reason: { kind: 'invalid-argument', message } });
