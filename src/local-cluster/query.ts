import { badRequest } from './status.ts';

/** Whether an option of a query is on, as the API reads booleans: by any word but 'false' and '0', also by none. */
export function isOn(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

/** A whole number; 0 where it is not asked for. */
export function readNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null) return 0;
  const isNumber = /^[+-]?\d+$/.test(text);
  if (isNumber && BigInt(text) >= -(2n ** 63n) && BigInt(text) < 2n ** 63n) return Number(text);
  const why = isNumber ? 'value out of range' : 'invalid syntax';
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
}
