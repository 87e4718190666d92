import { isObject, type JsonObject } from '../../core/json.ts';

/** What a token says of itself; nothing is verified, this is for showing only. */
export function readClaims(token: string): JsonObject {
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}

/** Who a token is for. */
export function subjectOf(token: string): string {
  const { email, name, sub } = readClaims(token);
  const subject = [email, name, sub].find((claim) => typeof claim === 'string' && claim !== '');
  return typeof subject === 'string' ? subject : '';
}
