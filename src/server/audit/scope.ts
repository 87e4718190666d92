// One call, while it is at work: who makes it, and what it has written so far. It goes with the call through everything that
// the call causes, so that no route has to pass it on.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cluster, ObjectReference, WriteOptions } from '../../objects/cluster.ts';
import { type KubeObject, keyOf, versionOf } from '../../objects/object.ts';

export interface Write {
  /** The server of a cluster that is not the system's own. */
  readonly cluster?: string;
  readonly reference: ObjectReference;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

export interface Scope {
  /** The application that the right of the call was asked for. */
  application?: KubeObject;
  /** By cluster and object: several writes of one call are one change. */
  readonly writes: Map<string, Write>;
  /** Takes a write that comes when the call has been answered; absent before. */
  late?: (write: Write) => void;
}

const storage = new AsyncLocalStorage<Scope>();

export const within = <T>(scope: Scope, run: () => T): T => storage.run(scope, run);

export function noteApplication(application: KubeObject | undefined): void {
  const scope = storage.getStore();
  if (scope && application) scope.application = application;
}

/** A cluster whose writes are noted in the scope of the call that makes them. Without one nothing is done. */
export function observed(cluster: Cluster, server?: string): Cluster {
  const noted = async (
    reference: ObjectReference,
    write: () => Promise<KubeObject | undefined>,
    options: Pick<WriteOptions, 'dryRun'> & { readonly isNew?: boolean } = {},
  ): Promise<KubeObject | undefined> => {
    const scope = storage.getStore();
    if (!scope || options.dryRun || reference.kind === 'Event') return write();
    const key = `${server ?? ''} ${reference.group}/${reference.kind}/${reference.namespace ?? ''}/${reference.name}`;
    const earlier = scope.writes.get(key);
    const before = earlier
      ? earlier.before
      : options.isNew
        ? undefined
        : await cluster.get(reference).catch(() => undefined);
    const after = await write();
    const own: Write = { ...(server === undefined ? {} : { cluster: server }), reference, before, after };
    if (scope.late) scope.late(own);
    else scope.writes.set(key, own);
    return after;
  };
  const written = async (result: Promise<KubeObject | undefined>): Promise<KubeObject> => {
    const object = await result;
    if (!object) throw new Error('a write answers its object');
    return object;
  };
  return {
    ...cluster,
    as: (user) => observed(cluster.as(user), server),
    create: (object, options) =>
      written(noted(referenceOf(object), () => cluster.create(object, options), { ...options, isNew: true })),
    update: (object, options) => written(noted(referenceOf(object), () => cluster.update(object, options), options)),
    patch: (reference, patch, options) =>
      written(noted(reference, () => cluster.patch(reference, patch, options), options)),
    delete: async (reference, options) => {
      const remove = async (): Promise<undefined> => void (await cluster.delete(reference, options));
      await noted(reference, remove, options);
    },
  };
}

const referenceOf = (object: KubeObject): ObjectReference => ({
  ...keyOf(object),
  version: versionOf(object.apiVersion),
});
