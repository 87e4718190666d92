// The Secret of the installation: passwords, tokens, the key that signs them. It is the reference's own.

import { randomBytes } from 'node:crypto';
import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { type Clock, timestamp } from '../../core/time.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { SecretChange } from './accounts.ts';
import type { Passwords } from './passwords.ts';
import type { SettingsObjects } from './settings.ts';

export interface SecretStore {
  /** Makes what is missing: the key, and a first password of the account admin. */
  ensure(): Promise<KubeObject>;
  /** Writes what `change` makes of the Secret as it is. */
  change(change: (secret: KubeObject) => SecretChange): Promise<void>;
  /** As long as nobody has deleted its Secret. */
  initialPassword(): Promise<string | undefined>;
}

export interface SecretStoreOptions {
  readonly home: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
  readonly objects: Pick<SettingsObjects, 'put'>;
  readonly passwords: Pick<Passwords, 'hash'>;
}

const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;
const NAME = 'argocd-secret';
const INITIAL_NAME = 'argocd-initial-admin-secret';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-';
const MAX_TRIES = 10;

export function createSecretStore(options: SecretStoreOptions): SecretStore {
  const { home, namespace, objects } = options;
  const reference = { ...SECRET, namespace, name: NAME };

  async function write(secret: KubeObject, change: SecretChange): Promise<KubeObject> {
    const data = Object.entries(change).map(([key, value]) => [key, value === null ? null : encode(value)]);
    const { resourceVersion } = secret.metadata;
    const body = { metadata: { resourceVersion }, data: Object.fromEntries(data) };
    const written = await home.patch(reference, { type: 'merge', body });
    objects.put(written);
    return written;
  }

  async function read(): Promise<KubeObject> {
    const secret = await home.get(reference);
    const missing = secret ? await missingIn(secret) : {};
    if (secret && Object.keys(missing).length === 0) return secret;
    if (secret) return write(secret, missing);
    const created = await home.create(secretOf(NAME, {}));
    return write(created, await missingIn(created));
  }

  async function missingIn(secret: KubeObject): Promise<SecretChange> {
    const hasKey = textAt(secret, 'data', 'server.secretkey') !== '';
    const hasPassword = textAt(secret, 'data', 'admin.password') !== '';
    return {
      ...(hasKey ? {} : { 'server.secretkey': randomBytes(32).toString('base64') }),
      ...(hasPassword ? {} : await firstPassword()),
    };
  }

  async function firstPassword(): Promise<SecretChange> {
    const password = randomPassword();
    const initial = secretOf(INITIAL_NAME, { password: encode(password) });
    await home.delete({ ...SECRET, namespace, name: INITIAL_NAME }).catch(ignore('not-found'));
    await home.create(initial);
    return {
      'admin.password': await options.passwords.hash(password),
      'admin.passwordMtime': timestamp(options.clock.now()),
    };
  }

  function secretOf(name: string, data: Readonly<Record<string, string>>): KubeObject {
    const labels = { 'app.kubernetes.io/part-of': 'argocd' };
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, type: 'Opaque', data };
  }

  const ensure = sharedCall(() => retried(read));
  return {
    ensure,
    change: (change) =>
      retried(async () => {
        const secret = await read();
        // What is changed is what was read, not what a watch has brought so far.
        objects.put(secret);
        await write(secret, change(secret));
      }),
    initialPassword: async () => {
      await ensure();
      const secret = await home.get({ ...SECRET, namespace, name: INITIAL_NAME });
      return secret && decode(textAt(secret, 'data', 'password'));
    },
  };
}

/** Somebody else may have written between the read and the write. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (thrown) {
      const isLost = thrown instanceof HawserError && ['conflict', 'already-exists'].includes(thrown.code);
      if (!isLost || tries === MAX_TRIES) throw thrown;
    }
  }
}

/** Calls that come while one runs get the answer of that one. */
function sharedCall<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}

function ignore(code: string): (thrown: unknown) => void {
  return (thrown) => {
    if (!(thrown instanceof HawserError) || thrown.code !== code) throw thrown;
  };
}

function randomPassword(): string {
  return Array.from(randomBytes(16), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();
