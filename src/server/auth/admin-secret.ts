// The password of the account `admin` and the key that signs its tokens, kept in the reference's Secrets.

import { randomBytes } from 'node:crypto';
import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { type Clock, timestamp } from '../../core/time.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';

export interface AdminSecret {
  matches(password: string): Promise<boolean>;
  setPassword(password: string): Promise<void>;
  /** In milliseconds since 1970. */
  passwordChangedAt(): Promise<number>;
  signingKey(): Promise<Uint8Array>;
  /** The first password, as long as nobody has deleted its Secret. Makes one where there is none. */
  initialPassword(): Promise<string | undefined>;
}

export interface AdminSecretOptions {
  readonly home: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
}

const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;
const NAME = 'argocd-secret';
const INITIAL_NAME = 'argocd-initial-admin-secret';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-';

export function createAdminSecret({ home, namespace, clock }: AdminSecretOptions): AdminSecret {
  /** Made with a first password when it is not there. */
  async function read(): Promise<KubeObject> {
    const secret = await home.get({ ...SECRET, namespace, name: NAME });
    if (secret && textAt(secret, 'data', 'admin.password')) return secret;
    const password = randomPassword();
    const data = { ...(await passwordData(password)), 'server.secretkey': encode(randomBytes(32).toString('base64')) };
    await home.create(secretOf(INITIAL_NAME, { password: encode(password) })).catch(ignoreExisting);
    try {
      return await home.create(secretOf(NAME, data));
    } catch (thrown) {
      ignoreExisting(thrown);
      return read();
    }
  }

  async function passwordData(password: string): Promise<Readonly<Record<string, string>>> {
    return { 'admin.password': encode(await hash(password)), 'admin.passwordMtime': encode(timestamp(clock.now())) };
  }

  function secretOf(name: string, data: Readonly<Record<string, string>>): KubeObject {
    const labels = { 'app.kubernetes.io/part-of': 'argocd' };
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, type: 'Opaque', data };
  }

  const field = async (name: string): Promise<string> => decode(textAt(await read(), 'data', name));

  return {
    matches: async (password) => {
      const { compare } = await import('bcryptjs');
      return compare(password, await field('admin.password'));
    },
    setPassword: async (password) => {
      const body = { data: await passwordData(password) };
      await home.patch({ ...SECRET, namespace, name: NAME }, { type: 'merge', body });
    },
    passwordChangedAt: async () => Date.parse(await field('admin.passwordMtime')),
    signingKey: async () => Buffer.from(await field('server.secretkey')),
    initialPassword: async () => {
      await read();
      const secret = await home.get({ ...SECRET, namespace, name: INITIAL_NAME });
      return secret && decode(textAt(secret, 'data', 'password'));
    },
  };
}

async function hash(password: string): Promise<string> {
  const { hash: bcrypt } = await import('bcryptjs');
  return bcrypt(password, 10);
}

function randomPassword(): string {
  return Array.from(randomBytes(16), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

function ignoreExisting(thrown: unknown): void {
  if (!(thrown instanceof HawserError) || thrown.code !== 'already-exists') throw thrown;
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();
