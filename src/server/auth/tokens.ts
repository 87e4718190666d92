// Tokens of sessions: JWTs as the reference signs them.

import { randomUUID } from 'node:crypto';
import type { Head } from '../../api/exchange.ts';
import { HawserError, messageOf } from '../../core/errors.ts';
import { ACCOUNTS } from './enforcer.ts';

const SESSION_SECONDS = 24 * 3600;

/** A token for 24 hours. */
export async function signToken(account: string, key: Uint8Array, now: number): Promise<string> {
  const { SignJWT } = await import('jose');
  const seconds = Math.floor(now / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ACCOUNTS)
    .setSubject(`${account}:login`)
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + SESSION_SECONDS)
    .setJti(randomUUID())
    .sign(key);
}

interface TokenClaims {
  readonly account: string;
  /** In seconds since 1970. */
  readonly issuedAt: number;
}

/** Throws `not-logged-in`. */
export async function verifyToken(token: string, key: Uint8Array, now: number): Promise<TokenClaims> {
  const { jwtVerify } = await import('jose');
  try {
    const { payload } = await jwtVerify(token, key, { issuer: ACCOUNTS, currentDate: new Date(now) });
    return { account: (payload.sub ?? '').replace(/:login$/, ''), issuedAt: payload.iat ?? 0 };
  } catch (thrown) {
    throw new HawserError('not-logged-in', `invalid session: ${messageOf(thrown)}`);
  }
}

/** What a request brings as its token; undefined for what has not the form of one. */
export function tokenOf({ headers }: Head): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  const cookie = /(?:^|;\s*)argocd\.token=([^;]+)/.exec(headers['cookie'] ?? '')?.[1];
  const token = headers['grpc-metadata-token'] ?? bearer ?? cookie;
  return token !== undefined && token.split('.').length === 3 ? token : undefined;
}
