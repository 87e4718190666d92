import type { HawserError } from '../../core/errors.ts';

/** What the reference's libraries say of a file that cannot be read. */
export function goWords({ reason, message }: HawserError): string {
  return reason?.kind === 'unreadable-input' ? `open ${reason.path}: ${reason.why}` : message.replace(/^[^:]*: /, '');
}
