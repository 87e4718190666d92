// The values that global flags may have, wherever they come from.

import { HawserError } from '../../core/errors.ts';

/** The pipelines that a command may write for. */
export const CI_CHOICES = ['auto', 'github', 'gitlab', 'none'] as const;

const LEVELS = ['trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic'] as const;

/** Refuses what the environment may say and a flag may not. */
export function checkCi({ ci }: { readonly ci?: string }): void {
  if (ci === undefined || CI_CHOICES.some((choice) => choice === ci)) return;
  throw new HawserError('usage', `there is no pipeline '${ci}'`, { hint: `valid values: ${CI_CHOICES.join(', ')}` });
}

interface Logging {
  readonly loglevel?: string;
  readonly logformat?: string;
}

export function checkLogging({ loglevel = 'info', logformat = 'json' }: Logging): void {
  if (!LEVELS.some((level) => level === loglevel.toLowerCase())) {
    throw new HawserError('usage', `there is no log level '${loglevel}'`, {
      hint: `valid values: ${LEVELS.join(', ')}`,
      reason: { kind: 'unknown-log-level', level: loglevel },
    });
  }
  if (logformat === 'json' || logformat === 'text') return;
  throw new HawserError('usage', `there is no log format '${logformat}'`, {
    hint: 'valid values: json, text',
    reason: { kind: 'unknown-log-format', format: logformat },
  });
}
