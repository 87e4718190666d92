// Tokens of service accounts: they say whose they are, and are signed with the token that lets into this cluster.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject, type JsonObject, parseJson, textAt } from '../../core/json.ts';
import type { Store } from '../store/store.ts';

export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** What a token that lives in a Secret says. */
interface SecretToken {
  readonly namespace: string;
  readonly account: string;
  readonly uid: string;
  /** The Secret that holds it: without it, it is worth nothing. */
  readonly secret: string;
}

const CLAIM = 'kubernetes.io/serviceaccount';

/** The claims of a token that is kept in a Secret and ends with it. */
export function secretTokenClaims({ namespace, account, uid, secret }: SecretToken): JsonObject {
  return {
    iss: 'kubernetes/serviceaccount',
    [`${CLAIM}/namespace`]: namespace,
    [`${CLAIM}/secret.name`]: secret,
    [`${CLAIM}/service-account.name`]: account,
    [`${CLAIM}/service-account.uid`]: uid,
    sub: `system:serviceaccount:${namespace}:${account}`,
  };
}

/** The claims of the first kind of token; undefined for any other. */
export function readSecretToken(claims: JsonObject): SecretToken | undefined {
  if (claims['iss'] !== 'kubernetes/serviceaccount') return undefined;
  const field = (name: string): string => textAt(claims, `${CLAIM}/${name}`);
  return {
    namespace: field('namespace'),
    account: field('service-account.name'),
    uid: field('service-account.uid'),
    secret: field('secret.name'),
  };
}

export function signClaims(claims: JsonObject, key: string): string {
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${signature(content, key)}`;
}

/** What a token says; undefined where the key did not sign it. */
export function readClaims(token: string, key: string): JsonObject | undefined {
  const [head = '', payload = '', signed = '', ...more] = token.split('.');
  if (key === '' || more.length > 0 || !isSame(signed, signature(`${head}.${payload}`, key))) return undefined;
  const claims = parseJson(Buffer.from(payload, 'base64url').toString());
  return isObject(claims) ? claims : undefined;
}

/** The key: the token of this cluster's port; '' before there is one. */
export function signingKey(store: Store): string {
  const secret = store.get('/secrets', 'kube-system', 'hawser-api-token');
  return Buffer.from(textAt(secret, 'data', 'token'), 'base64').toString();
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signature = (content: string, key: string): string =>
  createHmac('sha256', key).update(content).digest('base64url');

export function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
