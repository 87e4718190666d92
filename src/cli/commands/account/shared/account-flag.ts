import type { Flag } from '../../../input/flags.ts';

export const ACCOUNT = {
  name: 'account',
  short: 'a',
  type: 'string',
  value: 'name',
  summary: 'name of the account (default: your own)',
} as const satisfies Flag;
