import { HawserError } from '../../../../core/errors.ts';

/** The number of a delivery, as it was typed. */
export function readNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new HawserError('usage', `'${text}' is no number of a delivery`, { hint: 'hawser webhook list' });
}
