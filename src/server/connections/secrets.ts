// The labelled Secrets that hold repositories, credentials and clusters.

import { HawserError } from '../../core/errors.ts';
import { objectAt, textAt } from '../../core/json.ts';
import { MANAGED_BY, SECRET_TYPE_LABEL, type SecretTexts } from '../../model/connection-secret.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../../objects/object.ts';

export const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;

export interface NewSecret {
  readonly name: string;
  readonly texts: SecretTexts;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The Secrets of one type. */
export interface Secrets {
  list(): Promise<readonly KubeObject[]>;
  /** Throws `already-exists`. */
  create(secret: NewSecret): Promise<KubeObject>;
  /** Sets the texts, and takes away those that are ''; other keys stay. */
  update(secret: KubeObject, change: Omit<NewSecret, 'name'>): Promise<KubeObject>;
  /** What a client made is deleted, what somebody else wrote is let go of. */
  remove(secret: KubeObject): Promise<void>;
}

export interface SecretsOptions {
  readonly home: Cluster;
  readonly namespace: string;
  readonly type: string;
}

export function createSecrets({ home, namespace, type }: SecretsOptions): Secrets {
  const reference = (name = '') => ({ ...SECRET, namespace, name });
  return {
    list: async () => (await home.list(SECRET, { namespace, labelSelector: `${SECRET_TYPE_LABEL}=${type}` })).items,
    create: ({ name, texts, labels, annotations }) =>
      home.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name,
          namespace,
          labels: { ...labels, [SECRET_TYPE_LABEL]: type },
          annotations: { ...annotations, [MANAGED_BY.key]: MANAGED_BY.value },
        },
        type: 'Opaque',
        data: dataOf(texts),
      }),
    update: (secret, { texts, labels, annotations }) => {
      const data = Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [key, text === '' ? null : encode(text)]),
      );
      const metadata = {
        resourceVersion: secret.metadata.resourceVersion ?? null,
        ...(labels ? { labels: replaced(labelsOf(secret), labels, [SECRET_TYPE_LABEL]) } : {}),
        ...(annotations ? { annotations: replaced(annotationsOf(secret), annotations, [MANAGED_BY.key]) } : {}),
      };
      return home.patch(reference(secret.metadata.name), { type: 'merge', body: { metadata, data } });
    },
    remove: async (secret) => {
      if (annotationsOf(secret)[MANAGED_BY.key] === MANAGED_BY.value)
        return home.delete(reference(secret.metadata.name));
      const body = { metadata: { labels: { [SECRET_TYPE_LABEL]: null } } };
      await home.patch(reference(secret.metadata.name), { type: 'merge', body });
    },
  };
}

/** As a merge patch: what is not among the new ones goes, but for those that are not ours to take. */
function replaced(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  kept: readonly string[],
): Record<string, string | null> {
  const gone = Object.keys(before).filter((key) => !(key in after) && !kept.includes(key));
  const set = Object.entries(after).filter(([key]) => !kept.includes(key));
  return Object.fromEntries([...gone.map((key) => [key, null] as const), ...set]);
}

const dataOf = (texts: SecretTexts): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).flatMap(([key, text]) => (text === '' ? [] : [[key, encode(text)]])));

/** What a Secret holds, decoded. */
export function textsOf(secret: KubeObject): SecretTexts {
  const { metadata: _metadata, ...rest } = secret;
  const data = objectAt(rest, 'data');
  return Object.fromEntries(Object.keys(data).map((key) => [key, decode(textAt(data, key))]));
}

/** Does again what met another write. */
export async function onConflictAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (thrown) {
      if (attempt === 5 || !(thrown instanceof HawserError) || thrown.code !== 'conflict') throw thrown;
    }
  }
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();
