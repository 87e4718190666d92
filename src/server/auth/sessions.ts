// Who may call: the admin account, its password and its tokens, kept in the reference's Secrets.

import { randomBytes, randomUUID } from 'node:crypto';
import type { Head } from '../../api/exchange.ts';
import type { Account } from '../../api/sessions.ts';
import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { type Clock, timestamp } from '../../core/time.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { ACCOUNTS, type Caller } from './enforcer.ts';

export interface Sessions {
  /** A session token for 24 hours; throws `not-logged-in`. */
  login(username: string, password: string): Promise<string>;
  /** Who sends a request; throws `not-logged-in`. */
  authenticate(head: Head): Promise<Caller>;
  account(): Promise<Account>;
  updatePassword(name: string, current: string, next: string): Promise<void>;
  /** The first password, as long as nobody has deleted its Secret. Makes one where there is none. */
  initialPassword(): Promise<string | undefined>;
}

const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;
const SESSION_SECONDS = 24 * 3600;
const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 300_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-';

export function createSessions(options: {
  readonly home: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
}): Sessions {
  const { home, namespace, clock } = options;
  const failures: number[] = [];

  /** The Secret `argocd-secret`, made with a first password when it is not there. */
  async function secret(): Promise<KubeObject> {
    const found = await home.get({ ...SECRET, namespace, name: 'argocd-secret' });
    if (found && textAt(found, 'data', 'admin.password')) return found;
    const password = randomPassword();
    const data = {
      'admin.password': encode(await hash(password)),
      'admin.passwordMtime': encode(timestamp(clock.now())),
      'server.secretkey': encode(randomBytes(32).toString('base64')),
    };
    const initial = secretObject('argocd-initial-admin-secret', { password: encode(password) });
    await home.create(initial).catch(ignoreExisting);
    try {
      return await home.create(secretObject('argocd-secret', data));
    } catch (thrown) {
      ignoreExisting(thrown);
      return secret();
    }
  }

  function secretObject(name: string, data: Readonly<Record<string, string>>): KubeObject {
    const labels = { 'app.kubernetes.io/part-of': 'argocd' };
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, type: 'Opaque', data };
  }

  async function verify(password: string): Promise<boolean> {
    const { compare } = await import('bcryptjs');
    return compare(password, decode(textAt(await secret(), 'data', 'admin.password')));
  }

  function locked(): boolean {
    const since = clock.now() - FAILURE_WINDOW_MS;
    while (failures[0] !== undefined && failures[0] < since) failures.shift();
    return failures.length >= MAX_FAILURES;
  }

  async function sign(): Promise<string> {
    const { SignJWT } = await import('jose');
    const seconds = Math.floor(clock.now() / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(ACCOUNTS)
      .setSubject('admin:login')
      .setIssuedAt(seconds)
      .setNotBefore(seconds)
      .setExpirationTime(seconds + SESSION_SECONDS)
      .setJti(randomUUID())
      .sign(await key());
  }

  async function key(): Promise<Uint8Array> {
    return Buffer.from(decode(textAt(await secret(), 'data', 'server.secretkey')));
  }

  return {
    login: async (username, password) => {
      if (password === '') throw notLoggedIn('Blank passwords are not allowed');
      if (username.length > 32) throw new HawserError('invalid', 'Username is too long (32 bytes max)');
      const right = !locked() && (await verify(password)) && username === 'admin';
      if (right) {
        failures.length = 0;
        return sign();
      }
      failures.push(clock.now());
      throw notLoggedIn('Invalid username or password');
    },
    authenticate: async (head) => {
      const token = tokenOf(head);
      if (token === undefined) throw notLoggedIn('no session information');
      const { jwtVerify } = await import('jose');
      const verified = await jwtVerify(token, await key(), {
        issuer: ACCOUNTS,
        currentDate: new Date(clock.now()),
      }).catch((thrown: unknown) => {
        throw notLoggedIn(`invalid session: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      });
      const changed = Date.parse(decode(textAt(await secret(), 'data', 'admin.passwordMtime')));
      if ((verified.payload.iat ?? 0) * 1000 < changed - 1000) {
        throw notLoggedIn('invalid session: account password has changed since token issued');
      }
      const { sub = '', iat: issuedAt } = verified.payload;
      return { username: sub.replace(/:login$/, ''), issuer: ACCOUNTS, groups: [], issuedAt };
    },
    account: async () => ({ name: 'admin', enabled: true, capabilities: ['login'] }),
    updatePassword: async (name, current, next) => {
      if (name !== 'admin') throw new HawserError('not-found', `account '${name}' does not exist`);
      if (!(await verify(current))) throw new HawserError('invalid', 'current password does not match');
      if (!/^.{8,32}$/.test(next)) {
        throw new HawserError('invalid', 'New password does not match the following expression: ^.{8,32}$.', {
          details: { grpc: 2 },
        });
      }
      const data = {
        'admin.password': encode(await hash(next)),
        'admin.passwordMtime': encode(timestamp(clock.now())),
      };
      await home.patch({ ...SECRET, namespace, name: 'argocd-secret' }, { type: 'merge', body: { data } });
    },
    initialPassword: async () => {
      await secret();
      const found = await home.get({ ...SECRET, namespace, name: 'argocd-initial-admin-secret' });
      return found && decode(textAt(found, 'data', 'password'));
    },
  };
}

function tokenOf(head: Head): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(head.headers['authorization'] ?? '')?.[1];
  const cookie = /(?:^|;\s*)argocd\.token=([^;]+)/.exec(head.headers['cookie'] ?? '')?.[1];
  const token = head.headers['grpc-metadata-token'] ?? bearer ?? cookie;
  return token !== undefined && token.split('.').length === 3 ? token : undefined;
}

async function hash(password: string): Promise<string> {
  const { hash: bcrypt } = await import('bcryptjs');
  return bcrypt(password, 10);
}

function randomPassword(): string {
  return Array.from(randomBytes(16), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}

function notLoggedIn(message: string): HawserError {
  return new HawserError('not-logged-in', message);
}

function ignoreExisting(thrown: unknown): void {
  if (!(thrown instanceof HawserError) || thrown.code !== 'already-exists') throw thrown;
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();
