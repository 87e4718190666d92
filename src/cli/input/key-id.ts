import { HawserError } from '../../core/errors.ts';

/** A GnuPG key is named by 16 hexadecimal digits, or by the 40 of its fingerprint. */
export function checkKey(text: string): void {
  if (/^([0-9A-Fa-f]{16}|[0-9A-Fa-f]{40})$/.test(text)) return;
  const message = `'${text}' is not a valid GnuPG key ID`;
  throw new HawserError('usage', message, {
    hint: 'give its 16 hexadecimal digits: gpg --list-keys --keyid-format long',
    reason: { kind: 'refused-change', message },
  });
}
