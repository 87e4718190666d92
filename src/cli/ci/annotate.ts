// A failure, as the pipeline shows it beside the log.

import type { HawserError } from '../../core/errors.ts';
import { at, isList, textAt } from '../../core/json.ts';
import type { Context } from '../context.ts';
import { type Annotation, annotations } from './github.ts';

/** Writes a failure for GitHub Actions. */
export function annotateFailure(error: HawserError, { io }: Pick<Context, 'io'>): void {
  io.err.write(annotations(failuresOf(error)));
}

/** One for each application that failed, or for the failure itself. */
function failuresOf(error: HawserError): Annotation[] {
  const failures = at(error.details, 'failures');
  const hint = error.hint === undefined ? '' : `\nhint: ${error.hint}`;
  const own = { title: `hawser: ${error.code}`, message: `${error.message}${hint}` };
  if (!isList(failures) || failures.length === 0) return [own];
  return failures.map((failure) => ({
    title: `${textAt(failure, 'application')}: ${textAt(failure, 'code')}`,
    message: textAt(failure, 'message'),
  }));
}
