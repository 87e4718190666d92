import { HawserError } from '../../core/errors.ts';

/** The refusal to save what is there already with other settings. */
export const differentSpec = (what: string, keys: readonly string[]): HawserError =>
  new HawserError(
    'already-exists',
    `existing ${what} spec is different; use upsert flag to force update; difference in keys "${keys.join(',')}"`,
    { details: { grpc: 3 }, hint: 'add --upsert to change it' },
  );
