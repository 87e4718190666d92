// From the Authorization header, and what may be said beside it, to a user.

import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { Api } from '../api.ts';
import type { KubeRequest } from '../request.ts';
import { ApiError, NO_PAGE } from '../status.ts';
import type { Store } from '../store/store.ts';
import { ISSUER, isSame, readClaims, readSecretToken, signingKey } from './account-token.ts';
import { type Attributes, refusal } from './attributes.ts';
import { decide } from './rules.ts';
import {
  ANONYMOUS,
  AUTHENTICATED,
  accountGroups,
  accountOfUser,
  accountUserName,
  OWNER,
  UNAUTHENTICATED,
  type User,
} from './user.ts';

/** Who sends a request; throws what the API answers to a token or certificate that is not good, or to who may not act for another. */
export function userOf(api: Api, request: KubeRequest): User {
  return impersonated(api, request, identified(api, request));
}

function identified(api: Api, { authorization, certificate }: KubeRequest): User {
  if (certificate !== undefined && certificate !== 'unknown') return certificate;
  if (authorization === undefined) return OWNER;
  const token = /^bearer +(\S+)\s*$/i.exec(authorization)?.[1];
  // Another scheme does not identify the caller. Who shows a certificate does not want to be nobody.
  if (token === undefined && certificate === undefined) return ANONYMOUS;
  const user = token === undefined ? undefined : userOfToken(api, token);
  if (user) return user;
  throw new ApiError(401, 'Unauthorized', { message: 'Unauthorized' });
}

/** Whose a token is; undefined where it is nobody's, or no longer good. */
export function userOfToken(
  { store, wallClock }: Api,
  token: string,
  audiences: readonly string[] = [ISSUER],
): User | undefined {
  const key = signingKey(store);
  if (key !== '' && isSame(token, key)) return OWNER;
  const claims = readClaims(token, key);
  if (!claims) return undefined;
  const inSecret = readSecretToken(claims);
  if (!inSecret) return boundUser(store, claims, { now: wallClock.now() / 1000, audiences });
  const { namespace, account, uid, secret } = inSecret;
  const holder = store.get('/secrets', namespace, secret);
  if (textAt(holder, 'data', 'token') !== Buffer.from(token).toString('base64')) return undefined;
  return accountUser(store, { namespace, account, uid });
}

interface TokenCheck {
  /** Seconds since 1970. */
  readonly now: number;
  readonly audiences: readonly string[];
}

/** A token by request has an end and readers, and ends with the object that it is bound to. */
function boundUser(store: Store, claims: JsonObject, { now, audiences }: TokenCheck): User | undefined {
  const [from, end] = [numberAt(claims, 'nbf') ?? 0, numberAt(claims, 'exp') ?? 0];
  const readers = listAt(claims, 'aud').map(String);
  if (now < from || now >= end || !audiences.some((audience) => readers.includes(audience))) return undefined;
  const bound = objectAt(claims, 'kubernetes.io');
  const namespace = textAt(bound, 'namespace');
  const isThere = (storage: string, field: string, where: string): boolean => {
    const reference = bound[field];
    if (!isObject(reference)) return true;
    const object = store.get(storage, where, textAt(reference, 'name'));
    return object !== undefined && object.metadata.uid === textAt(reference, 'uid');
  };
  if (!isThere('/pods', 'pod', namespace) || !isThere('/secrets', 'secret', namespace)) return undefined;
  if (!isThere('/nodes', 'node', '')) return undefined;
  const account = objectAt(bound, 'serviceaccount');
  const user = accountUser(store, { namespace, account: textAt(account, 'name'), uid: textAt(account, 'uid') });
  return user && { ...user, extra: extraOf(claims, bound) };
}

const EXTRA = 'authentication.kubernetes.io/';

function extraOf(claims: JsonObject, bound: JsonObject): Readonly<Record<string, readonly string[]>> {
  const objects = ['node', 'pod'].filter((field) => isObject(bound[field]));
  return {
    [`${EXTRA}credential-id`]: [`JTI=${textAt(claims, 'jti')}`],
    ...Object.fromEntries(
      objects.flatMap((field) =>
        ['name', 'uid'].map((part) => [`${EXTRA}${field}-${part}`, [textAt(bound, field, part)]] as const),
      ),
    ),
  };
}

interface AccountReference {
  readonly namespace: string;
  readonly account: string;
  readonly uid: string;
}

function accountUser(store: Store, { namespace, account, uid }: AccountReference): User | undefined {
  if (store.get('/serviceaccounts', namespace, account)?.metadata.uid !== uid) return undefined;
  const groups = [...accountGroups(namespace), AUTHENTICATED];
  return { name: accountUserName(namespace, account), uid, groups };
}

const PREFIX = 'impersonate-';
const EXTRA_PREFIX = 'impersonate-extra-';

/** The user that a request is made in the name of. */
function impersonated(api: Api, { headers }: KubeRequest, user: User): User {
  const given = Object.keys(headers).filter((name) => name.startsWith(PREFIX));
  if (given.length === 0) return user;
  const name = headers['impersonate-user'] ?? '';
  const uid = headers['impersonate-uid'] || undefined;
  const groups = headers['impersonate-group']?.split(', ') ?? [];
  const extra = Object.fromEntries(
    given
      .filter((header) => header.startsWith(EXTRA_PREFIX))
      .map((header) => [unescaped(header.slice(EXTRA_PREFIX.length)), (headers[header] ?? '').split(', ')]),
  );
  if (name === '' && uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return user;
  if (name === '') {
    const message = `requested ${goUser({ uid, groups, extra })} without impersonating a user name`;
    throw new ApiError(400, 'BadRequest', { message, headers: NO_PAGE });
  }
  for (const attributes of impersonations({ name, uid, groups, extra })) {
    const { allowed, reason } = decide(api.store, user, attributes);
    if (!allowed) throw refusal(user, attributes, reason);
  }
  const hasExtra = Object.keys(extra).length > 0;
  return {
    name,
    groups: groupsOf(name, groups),
    ...(uid === undefined ? {} : { uid }),
    ...(hasExtra ? { extra } : {}),
  };
}

/** A user without a name, as Go prints its structure. */
function goUser({ uid = '', groups, extra }: Omit<Impersonation, 'name'>): string {
  const list = (texts: readonly string[]): string => {
    const items = texts.map((text) => JSON.stringify(text)).join(', ');
    return `[]string${texts.length === 0 ? '(nil)' : `{${items}}`}`;
  };
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`);
  const map = `map[string][]string${entries.length === 0 ? '(nil)' : `{${entries.join(', ')}}`}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list(groups)}, Extra:${map}}`;
}

/** The key of an extra; one that is no percent-encoding stands for itself. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function groupsOf(name: string, groups: readonly string[]): readonly string[] {
  const account = accountOfUser(name);
  const own = groups.length === 0 && account ? accountGroups(account.namespace) : groups;
  if (own.includes(AUTHENTICATED) || own.includes(UNAUTHENTICATED)) return own;
  return [...own, name === ANONYMOUS.name ? UNAUTHENTICATED : AUTHENTICATED];
}

interface Impersonation {
  readonly name: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** The rights that acting as somebody else needs. */
function impersonations({ name, uid, groups, extra }: Impersonation): Attributes[] {
  const right = { verb: 'impersonate', subresource: '', namespace: '' } as const;
  const account = accountOfUser(name);
  const authentication = 'authentication.k8s.io';
  return [
    account
      ? { ...right, group: '', resource: 'serviceaccounts', namespace: account.namespace, name: account.name }
      : { ...right, group: '', resource: 'users', name },
    ...groups.map((group) => ({ ...right, group: '', resource: 'groups', name: group })),
    ...(uid === undefined ? [] : [{ ...right, group: authentication, resource: 'uids', name: uid }]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => ({
        ...right,
        group: authentication,
        resource: 'userextras',
        subresource: key,
        name: value,
      })),
    ),
  ];
}
