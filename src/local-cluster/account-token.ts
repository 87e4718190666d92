// Tokens of service accounts: they say whose they are, and are signed with the token that lets into this cluster. Whoever has
// one may do everything, as everybody may who is let in.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject, textAt } from '../core/json.ts';

export interface AccountToken {
  readonly namespace: string;
  readonly account: string;
  readonly uid: string;
  /** The Secret that holds it: without it, it is worth nothing. */
  readonly secret: string;
}

const CLAIM = 'kubernetes.io/serviceaccount';

export function signAccountToken({ namespace, account, uid, secret }: AccountToken, key: string): string {
  const claims = {
    iss: 'kubernetes/serviceaccount',
    [`${CLAIM}/namespace`]: namespace,
    [`${CLAIM}/secret.name`]: secret,
    [`${CLAIM}/service-account.name`]: account,
    [`${CLAIM}/service-account.uid`]: uid,
    sub: `system:serviceaccount:${namespace}:${account}`,
  };
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${signature(content, key)}`;
}

/** Whose a token is; undefined where the key did not sign it. */
export function readAccountToken(token: string, key: string): Omit<AccountToken, 'uid'> | undefined {
  const [head = '', payload = '', signed = '', ...more] = token.split('.');
  if (more.length > 0 || !isSame(signed, signature(`${head}.${payload}`, key))) return undefined;
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (!isObject(claims)) return undefined;
  const field = (name: string): string => textAt(claims, `${CLAIM}/${name}`);
  return { namespace: field('namespace'), account: field('service-account.name'), secret: field('secret.name') };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signature = (content: string, key: string): string =>
  createHmac('sha256', key).update(content).digest('base64url');

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
