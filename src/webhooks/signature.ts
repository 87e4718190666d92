// Whether a delivery comes from who knows the secret. Comparisons take the same time wherever two texts differ.

import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedDelivery {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Whether a header holds the HMAC-SHA256 of the body in hex, after a prefix. */
export function isSigned({ headers, body }: SignedDelivery, header: string, secret: string, prefix = ''): boolean {
  const value = headers[header] ?? '';
  if (!value.startsWith(prefix)) return false;
  return isSame(value.slice(prefix.length), createHmac('sha256', secret).update(body).digest('hex'));
}

export function isSame(text: string, secret: string): boolean {
  const [a, b] = [Buffer.from(text), Buffer.from(secret)];
  // Both sides are of one length, so that the length of the secret is not told either.
  const size = Math.max(a.length, b.length);
  const [left, right] = [Buffer.alloc(size), Buffer.alloc(size)];
  a.copy(left);
  b.copy(right);
  return timingSafeEqual(left, right) && a.length === b.length;
}

/** Whether a request brings this user name and password. */
export function isBasic({ headers }: SignedDelivery, username: string, password: string): boolean {
  const [, encoded = ''] = /^Basic (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
  return isSame(Buffer.from(encoded, 'base64').toString(), `${username}:${password}`);
}
