import { refusedOption } from '../../../input/access-flags.ts';
import type { Flag } from '../../../input/flags.ts';

export const REFRESH = {
  name: 'refresh',
  type: 'string',
  value: 'hard',
  summary: 'test the connection now (hard) instead of telling what is known',
} as const satisfies Flag;

/** Whether the connection is to be tested anew. */
export function forcesRefresh(refresh: string | undefined): boolean {
  if (refresh === undefined || refresh === '') return false;
  if (refresh === 'hard') return true;
  throw refusedOption(`unknown refresh value: ${refresh}. Supported values: hard`);
}
