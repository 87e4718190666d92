// Pods from a template.

import { createHash } from 'node:crypto';
import { canonicalJson, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { KubeObject } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofOwner, ofStatefulSet } from '../events/tell.ts';
import { ApiError } from '../status.ts';
import { ownerReference, type ReconcilerClient } from './reconciler.ts';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Equal templates have equal hashes. */
export function templateHash(template: Json | undefined, salt = ''): string {
  const digest = createHash('sha256')
    .update(canonicalJson(template) + salt)
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

export interface PodWish {
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly spec?: Readonly<Record<string, Json>>;
}

/** A new Pod of an object that has a template in its spec; where it is refused, an event of the owner says why. None where all goes. */
export async function createPod(
  client: ReconcilerClient,
  owner: KubeObject,
  wish: PodWish = {},
): Promise<KubeObject | undefined> {
  try {
    const pod = await client.create('/pods', podOf(owner, wish));
    const { name = '' } = pod.metadata;
    recordEvent(client, owner, isNumbered(owner) ? ofStatefulSet.created(name, nameOf(owner)) : ofOwner.created(name));
    return pod;
  } catch (thrown) {
    if (isOfGoing(thrown)) return undefined;
    const message = refusalOf(thrown);
    const failed = isNumbered(owner)
      ? ofStatefulSet.failed(wish.name ?? '', nameOf(owner), message ?? '')
      : ofOwner.failed(message ?? '');
    if (message !== undefined) recordEvent(client, owner, failed);
    throw thrown;
  }
}

/** The namespace goes: that nothing new comes is as it should be. */
const isOfGoing = (thrown: unknown): boolean =>
  thrown instanceof ApiError &&
  listAt(thrown.status, 'details', 'causes').some((cause) => textAt(cause, 'reason') === 'NamespaceTerminating');

const isNumbered = (owner: KubeObject): boolean => owner.kind === 'StatefulSet';
const nameOf = ({ metadata }: KubeObject): string => metadata.name ?? '';

/** Ends a Pod of an object, and tells of it. */
export async function removePod(client: ReconcilerClient, owner: KubeObject, pod: KubeObject): Promise<void> {
  await client.remove('/pods', pod);
  const name = nameOf(pod);
  recordEvent(client, owner, isNumbered(owner) ? ofStatefulSet.deleted(name, nameOf(owner)) : ofOwner.deleted(name));
}

/** Why the API refused to make a Pod; undefined where the failure is another. */
export const refusalOf = (thrown: unknown): string | undefined =>
  thrown instanceof ApiError && ![404, 409].includes(thrown.code) ? thrown.message : undefined;

function podOf(owner: KubeObject, wish: PodWish): KubeObject {
  const template = objectAt(owner, 'spec', 'template');
  const meta = objectAt(template, 'metadata');
  const annotations = { ...textsOf(meta['annotations']), ...wish.annotations };
  const hasNone = Object.keys(annotations).length === 0;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(hasNone ? {} : { annotations }),
      labels: { ...textsOf(meta['labels']), ...wish.labels },
      generateName: wish.generateName ?? `${owner.metadata.name ?? ''}-`,
      ...(wish.finalizers ? { finalizers: [...wish.finalizers] } : {}),
      ...omitUndefined({ name: wish.name }),
      namespace: owner.metadata.namespace ?? '',
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...objectAt(template, 'spec'), ...wish.spec },
  };
}

export function textsOf(value: Json | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(objectAt(value)).map(([key, text]) => [key, String(text)]));
}
