// The access to an installation, over a local cluster in memory: its settings can be written as by kubectl.

import type { Clock } from '../../src/core/time.ts';
import { createKubeCluster } from '../../src/kubernetes/cluster.ts';
import { createWatchCache } from '../../src/kubernetes/watch-cache.ts';
import { openLocalCluster } from '../../src/local-cluster/open.ts';
import type { Cluster } from '../../src/objects/cluster.ts';
import { createPasswords } from '../../src/server/auth/passwords.ts';
import { createSessions, type Sessions } from '../../src/server/auth/sessions.ts';
import { createSettings, type Settings, type SettingsObjects } from '../../src/server/auth/settings.ts';
import { install } from '../../src/server/compose/install.ts';
import { settingsObjects } from '../../src/server/compose/settings-objects.ts';

export interface Installation {
  readonly home: Cluster;
  readonly settings: Settings;
  readonly sessions: Sessions;
  readonly objects: SettingsObjects;
  /** What was said of it. */
  readonly log: readonly string[];
  /** Another server over the same objects, with its own memory of them. */
  another(): Promise<Sessions>;
  /** Merges into the data of a ConfigMap or Secret of the installation, which is made where it is missing. */
  write(kind: 'ConfigMap' | 'Secret', name: string, data: Readonly<Record<string, string | null>>): Promise<void>;
}

export async function openInstallation(clock: Clock): Promise<Installation> {
  const local = await openLocalCluster({ clock, random: Math.random });
  const home = createKubeCluster(local.handle);
  await install(home, 'argocd');
  const cache = createWatchCache({ cluster: home, clock });
  const objects = settingsObjects(cache);
  const log: string[] = [];
  const settings = createSettings({ objects, namespace: 'argocd', log: (message) => log.push(message) });
  const passwords = createPasswords();
  const sessions = createSessions({ home, namespace: 'argocd', clock, settings, objects, passwords });
  await settings.ready();
  return {
    home,
    settings,
    sessions,
    objects,
    log,
    another: async () => {
      const others = settingsObjects(createWatchCache({ cluster: home, clock }));
      const own = createSettings({ objects: others, namespace: 'argocd', log: (message) => log.push(message) });
      const second = createSessions({ home, namespace: 'argocd', clock, settings: own, objects: others, passwords });
      await own.ready();
      return second;
    },
    write: async (kind, name, data) => {
      const reference = { group: '', version: 'v1', kind, namespace: 'argocd', name };
      const existing = await home.get(reference);
      if (!existing) await home.create({ apiVersion: 'v1', kind, metadata: { name, namespace: 'argocd' } });
      const encoded = Object.entries(data).map(([key, value]) => [
        key,
        kind === 'Secret' && value ? btoa(value) : value,
      ]);
      objects.put(await home.patch(reference, { type: 'merge', body: { data: Object.fromEntries(encoded) } }));
    },
  };
}
