// In which form the API tells of itself: what a path can be written in, and what a client accepts of that.

import { FORMATS, NAMES, notAcceptable, onlyAccepted, parseAccept, type Representation } from '../representation.ts';
import type { KubeRequest } from '../request.ts';
import { ApiError } from '../status.ts';

export const EVERY_TYPE = FORMATS.map(({ type }) => type);

/** Refuses who accepts none of the types that a path is written in, each by its full name. */
export function checkProduced({ headers }: KubeRequest, types: readonly string[]): void {
  const clauses = parseAccept(headers['accept'] || 'application/json');
  if (clauses.some(({ type }) => type === '*/*' || types.includes(type))) return;
  const message = `406: Not Acceptable\n\nAvailable representations: ${types.join(', ')}`;
  throw new ApiError(406, 'NotAcceptable', { message, details: {} });
}

/** The first form that a client accepts for what is turned into nothing else. */
export function plainForm({ headers }: KubeRequest): Representation {
  for (const { type, parameters } of parseAccept(headers['accept'] || '*/*')) {
    if (['as', 'g', 'v'].some((name) => (parameters.get(name) ?? '') !== '')) continue;
    const form = FORMATS.find((one) => [one.type, '*/*', 'application/*'].includes(type));
    if (form) return { format: form.format, as: '' };
  }
  throw notAcceptable(onlyAccepted(NAMES));
}
