// What a simulated controller sees and may do: it reads the store, and writes the way a client would.

import { type JsonObject, objectAt, sameJson } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { matchesLabels, type Requirement, selectorRequirements } from '../../objects/label-selector.ts';
import {
  annotationsOf,
  type KubeObject,
  labelsOf,
  type OwnerReference,
  withAnnotations,
} from '../../objects/object.ts';
import { OWNER } from '../access/user.ts';
import type { Api, WriteSettings } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { isTerminating } from '../object-meta.ts';
import { createInStore, updateInStore } from '../registry.ts';
import { remove } from '../verbs/delete.ts';

type Texts = Readonly<Record<string, string>>;

export interface ReconcilerClient {
  readonly api: Api;
  /** In whose name it writes. */
  readonly manager: string;
  now(): number;
  /** The present as Kubernetes writes it. */
  time(): string;
  get(storage: string, namespace: string, name: string): KubeObject | undefined;
  list(storage: string, namespace?: string): KubeObject[];
  create(storage: string, object: KubeObject): Promise<KubeObject>;
  update(storage: string, before: KubeObject, after: KubeObject, subresource?: string): Promise<void>;
  /** Writes the status, if it is another one, and annotations with it. */
  updateStatus(storage: string, object: KubeObject, status: JsonObject, annotations?: Texts): Promise<void>;
  remove(storage: string, object: KubeObject, propagation?: string, gracePeriodSeconds?: number): Promise<void>;
}

/** In `watches`: objects of any storage. */
export const ANY_STORAGE = '*';

/** One simulated controller: whose changes wake it, and what it does then. */
export interface Reconciler {
  readonly name: string;
  /** The storage of the objects it looks after; all are looked at when it starts. */
  readonly storage: string;
  /** Other objects whose changes concern it: which of its own to look at then, as 'namespace/name'. */
  readonly watches?: Readonly<Record<string, (object: KubeObject, client: ReconcilerClient) => readonly string[]>>;
  /** Brings one object forward; answers when (in milliseconds since 1970) to look again, if at all. */
  reconcile(client: ReconcilerClient, object: KubeObject): Promise<number | undefined>;
  /** The object is gone. */
  forget?(client: ReconcilerClient, last: KubeObject): Promise<void>;
}

export function createReconcilerClient(api: Api, manager: string): ReconcilerClient {
  const settings = (subresource: string): WriteSettings => ({
    simulated: true,
    dryRun: false,
    manager,
    subresource,
    operation: 'Update',
    validation: 'Ignore',
    user: OWNER,
  });
  return {
    api,
    manager,
    now: () => api.clock.now(),
    time: () => timestamp(api.clock.now()),
    get: (storage, namespace, name) => api.store.get(storage, namespace, name),
    list: (storage, namespace) => api.store.list(storage, namespace),
    create: (storage, object) => createInStore(api, kindOf(api, storage), object, settings('')),
    update: async (storage, before, after, subresource = '') => {
      await updateInStore(api, kindOf(api, storage), { before, after, settings: settings(subresource) });
    },
    updateStatus: async (storage, object, status, annotations = {}) => {
      const isAnnotated = Object.entries(annotations).every(([name, text]) => annotationsOf(object)[name] === text);
      if (isAnnotated && sameJson(object['status'], status)) return;
      const after: KubeObject = { ...(isAnnotated ? object : withAnnotations(object, annotations)), status };
      await updateInStore(api, kindOf(api, storage), { before: object, after, settings: settings('status') });
    },
    remove: async (storage, object, propagation = 'Background', gracePeriodSeconds = undefined) => {
      const removal = { propagation, gracePeriodSeconds, dryRun: false, preconditions: {} };
      await remove(api, kindOf(api, storage), { object, removal });
    },
  };
}

/** The kinds that are always there, by their storage. */
const BUILTIN = new Map<string, Kind>();

function kindOf(api: Api, storage: string): Kind {
  const known = BUILTIN.get(storage);
  if (known) return known;
  const kind = api.kinds.all().find((kind) => kind.storage === storage);
  if (kind && !kind.custom) BUILTIN.set(storage, kind);
  if (kind) return kind;
  throw new Error(`no kind is stored under '${storage}'`);
}

/** An object as it is by now; undefined where it is gone, or another one of its name is there. */
export function asOfNow(client: ReconcilerClient, storage: string, { metadata }: KubeObject): KubeObject | undefined {
  const { uid, namespace = '', name = '' } = metadata;
  const current = client.get(storage, namespace, name);
  return current?.metadata.uid === uid ? current : undefined;
}

/** The first of some times, of which each may be none: when to look again. */
export function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const some = times.filter((time) => time !== undefined);
  return some.length > 0 ? Math.min(...some) : undefined;
}

export const namespacedName = (object: KubeObject): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;

function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** Wakes the controller that owns an object. */
export function ownerOfKind(kind: string): (object: KubeObject) => readonly string[] {
  return (object) => {
    const owner = controllerOf(object);
    return owner?.kind === kind ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : [];
  };
}

/** The objects of a namespace that one object controls. */
export function ownedBy(client: ReconcilerClient, storage: string, owner: KubeObject): KubeObject[] {
  const { uid = '', namespace = '' } = owner.metadata;
  return client.api.store
    .controlledBy(storage, uid)
    .filter((object) => (object.metadata.namespace ?? '') === namespace);
}

/** Wakes the controller that owns an object; of one that nobody owns, those whose selector chooses it. */
export function ownerOrChooser(kind: string, storage: string): Waker {
  const ofKind = ownerOfKind(kind);
  return (object, client) => {
    if (controllerOf(object)) return ofKind(object);
    if (isTerminating(object)) return [];
    const owners = client.list(storage, object.metadata.namespace ?? '');
    return owners.filter((owner) => chooses(owner, object)).map(namespacedName);
  };
}

type Waker = (object: KubeObject, client: ReconcilerClient) => readonly string[];

const chooses = (owner: KubeObject, object: KubeObject): boolean =>
  matchesLabels(requirementsOf(owner), labelsOf(object));

/** What an owner's selector asks for; the oldest kind has only labels in it. */
function requirementsOf(owner: KubeObject): Requirement[] {
  const selector = objectAt(owner, 'spec', 'selector');
  return selectorRequirements(owner.kind === 'ReplicationController' ? { matchLabels: selector } : selector);
}

/** Adopts objects that the owner's selector chooses and nobody owns; lets go of those that it does not choose any more. */
export async function claim(
  client: ReconcilerClient,
  storage: string,
  owner: KubeObject,
  isMember?: (object: KubeObject) => boolean,
): Promise<void> {
  await adopt(client, storage, owner, isMember);
  const requirements = requirementsOf(owner);
  for (const object of ownedBy(client, storage, owner)) {
    if (isTerminating(object) || matchesLabels(requirements, labelsOf(object))) continue;
    const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
    const { ownerReferences: _before, ...metadata } = object.metadata;
    const owners = others.length > 0 ? { ownerReferences: others } : {};
    await client.update(storage, object, { ...object, metadata: { ...metadata, ...owners } });
  }
}

/** Adopts objects that the owner's selector chooses and no controller has, as a deletion that orphans leaves them. */
export async function adopt(
  client: ReconcilerClient,
  storage: string,
  owner: KubeObject,
  isMember: (object: KubeObject) => boolean = () => true,
): Promise<void> {
  const requirements = requirementsOf(owner);
  const { namespace = '' } = owner.metadata;
  const isOrphan = (object: KubeObject): boolean =>
    (object.metadata.namespace ?? '') === namespace &&
    !isTerminating(object) &&
    matchesLabels(requirements, labelsOf(object)) &&
    isMember(object);
  const orphans = client.api.store.controlledBy(storage, '').filter(isOrphan);
  for (const object of orphans) {
    const ownerReferences = [...(object.metadata.ownerReferences ?? []), ownerReference(owner)];
    await client.update(storage, object, { ...object, metadata: { ...object.metadata, ownerReferences } });
  }
}

export function ownerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}
