// Tokens that were logged out before their end: kept in the cluster, so that a new start of the server forgets none.

import { HawserError } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { SettingsObjects } from './settings.ts';
import { configData } from './settings-objects.ts';

export interface RevokedTokens {
  has(id: string): boolean;
  /** Until it would have ended, in seconds since 1970. */
  add(id: string, expiresAt: number): Promise<void>;
}

export interface RevokedOptions {
  readonly home: Cluster;
  readonly namespace: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly objects: Pick<SettingsObjects, 'get' | 'put'>;
}

const CONFIG = { group: '', version: 'v1', kind: 'ConfigMap' } as const;
const NAME = 'hawser-revoked-tokens';

export function createRevokedTokens({ home, namespace, clock, objects }: RevokedOptions): RevokedTokens {
  const reference = { ...CONFIG, namespace, name: NAME };
  const stored = (): Readonly<Record<string, string>> => configData(objects.get(reference));
  return {
    has: (id) => Object.hasOwn(stored(), id),
    add: async (id, expiresAt) => {
      const now = clock.now() / 1000;
      const over = Object.entries(stored()).filter(([, end]) => Number(end) < now);
      const data = { ...Object.fromEntries(over.map(([key]) => [key, null])), [id]: String(expiresAt) };
      const change = (): Promise<void> =>
        home.patch(reference, { type: 'merge', body: { data } }).then((written) => objects.put(written));
      await change().catch(async (thrown: unknown) => {
        if (!(thrown instanceof HawserError) || thrown.code !== 'not-found') throw thrown;
        const labels = { 'app.kubernetes.io/part-of': 'argocd' };
        const metadata = { name: NAME, namespace, labels };
        objects.put(
          await home.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [id]: String(expiresAt) } }),
        );
      });
    },
  };
}
