// Tokens: JWTs as the reference signs them, so that one made by either is good on the other with the same key.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Head } from '../../api/exchange.ts';
import { HawserError, messageOf } from '../../core/errors.ts';
import { readGoJson } from '../../core/go-json.ts';
import { isList, isObject, type JsonObject, numberAt, textAt } from '../../core/json.ts';
import { ACCOUNTS } from './enforcer.ts';

export interface TokenClaims {
  /** 'NAME:login', 'NAME:apiKey', or 'proj:PROJECT:ROLE'. */
  readonly subject: string;
  readonly id: string;
  /** In seconds since 1970. */
  readonly issuedAt: number;
  /** The same; absent for a token that does not expire. */
  readonly expiresAt?: number;
}

const HEADER = encode(JSON.stringify({ alg: 'HS256', typ: 'JWT' }));

export function signToken({ subject, id, issuedAt, expiresAt }: TokenClaims, key: Uint8Array): string {
  const claims = {
    iss: ACCOUNTS,
    sub: subject,
    ...(expiresAt === undefined ? {} : { exp: expiresAt }),
    nbf: issuedAt,
    iat: issuedAt,
    jti: id,
  };
  const signed = `${HEADER}.${encode(JSON.stringify(claims))}`;
  return `${signed}.${signatureOf('sha256', signed, key).toString('base64url')}`;
}

const HMACS: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
const OTHER_SIGNATURES = /^(none|(RS|ES|PS)(256|384|512)|EdDSA)$/;

/** Throws `not-logged-in` in the reference's words. */
export function verifyToken(token: string, key: Uint8Array, now: number): TokenClaims {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decodePart(head, 'header');
  const claims = decodePart(body, 'claim');
  const method = header['alg'];
  if (typeof method !== 'string') throw unverifiable('signing method (alg) is unspecified');
  const hmac = HMACS[method];
  if (hmac === undefined && !OTHER_SIGNATURES.test(method)) throw unverifiable('signing method (alg) is unavailable');
  if (textAt(claims, 'iss') !== ACCOUNTS) throw invalidSession('SSO is not configured');
  if (hmac === undefined) throw unverifiable(`error while executing keyfunc: unexpected signing method: ${method}`);
  const bytes = decodeBytes(signature, 'signature');
  const expected = signatureOf(hmac, `${head}.${body}`, key);
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected))
    throw invalidSession('token signature is invalid: signature is invalid');
  return checkTimes(claims, Math.floor(now / 1000));
}

function checkTimes(claims: JsonObject, now: number): TokenClaims {
  const issuedAt = numberAt(claims, 'iat');
  const expiresAt = numberAt(claims, 'exp');
  const notBefore = numberAt(claims, 'nbf');
  if (expiresAt !== undefined && now >= expiresAt) throw invalidSession('token has invalid claims: token is expired');
  if (notBefore !== undefined && now < notBefore)
    throw invalidSession('token has invalid claims: token is not valid yet');
  if (issuedAt === undefined) throw invalidSession('iat is not a number');
  const subject = textAt(claims, 'federated_claims', 'user_id') || textAt(claims, 'sub');
  return { subject, id: textAt(claims, 'jti'), issuedAt, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

export function invalidSession(reason: string): HawserError {
  return new HawserError('not-logged-in', `invalid session: ${reason}`);
}

const unverifiable = (reason: string): HawserError => invalidSession(`token is unverifiable: ${reason}`);
const malformed = (reason: string): HawserError => invalidSession(`token is malformed: ${reason}`);

const GO_TYPES: Readonly<Record<string, string>> = { header: 'map[string]interface {}', claim: 'jwt.MapClaims' };

function decodePart(part: string, name: 'header' | 'claim'): JsonObject {
  const text = decodeBytes(part, name).toString('utf8');
  const value = readJson(text, name);
  if (isObject(value)) return value;
  const kind = isList(value) ? 'array' : typeof value;
  throw malformed(
    `could not JSON decode ${name}: json: cannot unmarshal ${kind} into Go value of type ${GO_TYPES[name]}`,
  );
}

function readJson(text: string, name: string): unknown {
  try {
    const value = readGoJson(text);
    if (value !== undefined) return value;
  } catch (thrown) {
    const message = messageOf(thrown);
    if (message !== 'unexpected EOF') throw malformed(`could not JSON decode ${name}: ${message}`);
  }
  throw malformed(`could not JSON decode ${name}: unexpected end of JSON input`);
}

function decodeBytes(part: string, name: string): Buffer {
  const wrong = /[^A-Za-z0-9_-]/.exec(part)?.index ?? (part.length % 4 === 1 ? part.length - 1 : -1);
  if (wrong >= 0) throw malformed(`could not base64 decode ${name}: illegal base64 data at input byte ${wrong}`);
  return Buffer.from(part, 'base64url');
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function signatureOf(hmac: string, signed: string, key: Uint8Array): Buffer {
  return createHmac(hmac, key).update(signed).digest();
}

/** What a request brings as its token; undefined for what has not the form of one. */
export function tokenOf({ headers }: Head): string | undefined {
  const candidates = [headers['grpc-metadata-token'], /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1]];
  return [...candidates, cookieToken(headers['cookie'] ?? '')].find((token) => token?.split('.').length === 3);
}

const COOKIE = 'argocd.token';
/** What a browser keeps of one cookie, name and attributes included. */
const MAX_COOKIE = 4093;
const MAX_COOKIES = 20;

/** A long token comes in pieces: the first says how many. */
export function cookieToken(header: string): string | undefined {
  const cookies = new Map(header.split(';').flatMap((cookie) => splitOnce(cookie.trim())));
  const first = cookies.get(COOKIE);
  const [, count, start] = /^(\d+):(.*)$/s.exec(first ?? '') ?? [];
  if (count === undefined || start === undefined) return first || undefined;
  if (Number(count) > MAX_COOKIES) return undefined;
  const rest = Array.from({ length: Number(count) - 1 }, (_, index) => cookies.get(`${COOKIE}-${index + 1}`) ?? '');
  return [start, ...rest].join('');
}

function splitOnce(cookie: string): readonly (readonly [string, string])[] {
  const equals = cookie.indexOf('=');
  return equals < 0 ? [] : [[cookie.slice(0, equals), cookie.slice(equals + 1)]];
}

/** The headers that have a browser keep a token; with '' they have it forget one. */
export function tokenCookies(token: string, isSecure = false): readonly string[] {
  const attributes = ['path=/', 'SameSite=lax', 'httpOnly', ...(isSecure ? ['Secure'] : [])].join('; ');
  const room = MAX_COOKIE - `${COOKIE}-${MAX_COOKIES}=${MAX_COOKIES}:; ${attributes}`.length;
  const pieces = Array.from({ length: Math.max(1, Math.ceil(token.length / room)) }, (_, index) =>
    token.slice(index * room, (index + 1) * room),
  );
  const [first = '', ...rest] = pieces;
  const head = rest.length === 0 ? first : `${pieces.length}:${first}`;
  return [head, ...rest].map((value, index) => {
    const name = index === 0 ? COOKIE : `${COOKIE}-${index}`;
    return `${name}=${value}; ${attributes}`;
  });
}

/** The headers that have a browser forget every piece of a token that it sent. */
export function forgottenCookies(header: string): readonly string[] {
  const names = header.split(';').map((cookie) => cookie.trim().split('=')[0] ?? '');
  return names
    .filter((name) => name === COOKIE || name.startsWith(`${COOKIE}-`))
    .map((name) => `${name}=; path=/; Max-Age=0; SameSite=lax; httpOnly`);
}
