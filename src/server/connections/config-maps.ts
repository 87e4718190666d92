// The ConfigMaps that hold certificates, host keys and public keys.

import { HawserError } from '../../core/errors.ts';
import { objectAt, textAt } from '../../core/json.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { onConflictAgain } from './secrets.ts';

export interface TextMap {
  read(): Promise<Readonly<Record<string, string>>>;
  /** Writes what `change` makes of the texts; what it sets to undefined goes. It may run more than once. */
  change<T>(change: (texts: Readonly<Record<string, string>>) => Change<T>): Promise<T>;
}

export interface Change<T> {
  readonly texts: Readonly<Record<string, string | undefined>>;
  readonly result: T;
}

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;

export function createTextMap(home: Cluster, where: { readonly namespace: string; readonly name: string }): TextMap {
  const find = () => home.get({ ...CONFIG_MAP, ...where });
  const textsIn = (object: unknown): Record<string, string> => {
    const data = objectAt(object, 'data');
    return Object.fromEntries(Object.keys(data).map((key) => [key, textAt(data, key)]));
  };
  return {
    read: async () => textsIn(await find()),
    change: (change) =>
      onConflictAgain(async () => {
        const object = await find();
        const { texts, result } = change(textsIn(object));
        const entries = Object.entries(texts);
        if (entries.length === 0) return result;
        if (object) {
          const data = Object.fromEntries(entries.map(([key, text]) => [key, text ?? null]));
          const metadata = { resourceVersion: object.metadata.resourceVersion ?? null };
          await home.patch({ ...CONFIG_MAP, ...where }, { type: 'merge', body: { metadata, data } });
          return result;
        }
        const data = Object.fromEntries(entries.flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])));
        const labels = { 'app.kubernetes.io/name': where.name, 'app.kubernetes.io/part-of': 'argocd' };
        await home
          .create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...where, labels }, data })
          .catch((thrown: unknown) => {
            if (!(thrown instanceof HawserError) || thrown.code !== 'already-exists') throw thrown;
            throw new HawserError('conflict', `ConfigMap '${where.name}' was made meanwhile`, { cause: thrown });
          });
        return result;
      }),
  };
}
