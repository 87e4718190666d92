// The live state of a cluster: every kind that can be watched, followed from the first use.

import type { LiveState } from '../../controller/ports.ts';
import { messageOf } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import { ownerApplication } from '../../engine/resource/tracking.ts';
import { createWatchCache } from '../../kubernetes/watch-cache.ts';
import type { Cluster, ResourceType, TypeReference } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ObjectChange } from '../ports.ts';

export interface Live extends LiveState {
  /** Follows these kinds, before anybody asks for all of them. */
  follow(types: readonly TypeReference[]): Promise<void>;
  /** Asks anew which kinds are followed: what is excluded may have changed. */
  followAgain(): void;
  /** How many objects of how many kinds are followed because everything was asked for, and since when they are listed. */
  count(): { readonly objects: number; readonly kinds: number; readonly listedAt: number };
  stop(): void;
}

export interface LiveOptions {
  readonly cluster: Cluster;
  /** The namespaces that are followed; all, and what is in none, when empty. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly changed: (change: ObjectChange) => void;
  /** Kinds that are not followed when all are asked for. */
  readonly exclusions: () => Promise<(kind: { readonly group: string; readonly kind: string }) => boolean>;
  readonly log: (message: string) => void;
}

export function createLive({ cluster, namespaces, clock, changed, exclusions, log }: LiveOptions): Live {
  /** 'group/Kind' of what is followed because everything was asked for. */
  const kinds = new Set<string>();
  let ready: Promise<void> | undefined;
  let listedAt = 0;
  const cache = createWatchCache({
    cluster,
    namespaces,
    clock,
    indexes: indexesOf,
    changed: (change) => {
      // Which kinds and versions the cluster serves may be other ones now.
      if ((change.after ?? change.before)?.kind === 'CustomResourceDefinition') cluster.forget();
      changed(change);
      if (kinds.size > 0 && isNewKind(change.after)) followNew();
    },
  });

  async function followAll(): Promise<void> {
    const [types, isExcludedKind] = await Promise.all([cluster.types(), exclusions()]);
    const inScope = types.filter((type) => (namespaces.length === 0 || type.namespaced) && !isExcludedKind(type));
    const preferred = preferredTypes(inScope.filter(isWatchable));
    for (const name of preferred.keys()) kinds.add(name);
    await cache.follow([...preferred.values()]);
    listedAt = clock.now();
  }

  function isNewKind(object: KubeObject | undefined): boolean {
    if (object?.kind !== 'CustomResourceDefinition') return false;
    return !kinds.has(`${textAt(object, 'spec', 'group')}/${textAt(object, 'spec', 'names', 'kind')}`);
  }

  function followNew(): void {
    followAll().catch((thrown: unknown) => log(`warning: cannot ask which kinds are new: ${messageOf(thrown)}`));
  }

  return {
    ready: () => {
      // A cluster that could not be asked is asked again by the next caller.
      ready ??= followAll().catch((thrown: unknown) => {
        ready = undefined;
        throw thrown;
      });
      return ready;
    },
    get: (key) => cache.get(key),
    ofKind: (kind) => cache.ofKind(kind),
    ofApplication: (instance) => cache.indexed(`application ${instance}`),
    ownedBy: (uid) => cache.indexed(`owner ${uid}`),
    topLevelIn: (namespace) => cache.indexed(`top ${namespace}`),
    claimsIn: (namespace) => cache.indexed(`claims ${namespace}`),
    put: (object) => cache.put(object),
    follow: (types) => cache.follow(types),
    followAgain: () => {
      if (ready) followNew();
    },
    count: () => ({ objects: cache.count().objects, kinds: listedAt === 0 ? 0 : kinds.size, listedAt }),
    stop: () => cache.stop(),
  };
}

const isWatchable = ({ verbs }: ResourceType): boolean => verbs.includes('list') && verbs.includes('watch');

/** The first version of each kind, by 'group/Kind'. */
function preferredTypes(types: readonly ResourceType[]): ReadonlyMap<string, TypeReference> {
  const preferred = new Map<string, TypeReference>();
  for (const { group, version, kind } of types) {
    const name = `${group}/${kind}`;
    if (!preferred.has(name)) preferred.set(name, { group, version, kind });
  }
  return preferred;
}

/** What an application, or another object, finds its objects by without looking at all of them. */
function indexesOf(object: KubeObject): readonly string[] {
  const instance = ownerApplication(object);
  const owners = (object.metadata.ownerReferences ?? []).map(({ uid }) => `owner ${uid}`);
  const { namespace } = object.metadata;
  return [
    ...(namespace && owners.length === 0 ? [`top ${namespace}`] : []),
    ...(instance === undefined ? [] : [`application ${instance}`]),
    ...(object.kind === 'PersistentVolumeClaim' ? [`claims ${object.metadata.namespace ?? ''}`] : []),
    ...owners,
  ];
}
