// Pods from a template.

import { createHash } from 'node:crypto';
import { canonicalJson, type Json, objectAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { KubeObject } from '../../objects/object.ts';
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
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, Json>>;
}

/** A new Pod of an object that has a template in its spec. */
export async function createPod(client: ReconcilerClient, owner: KubeObject, wish: PodWish = {}): Promise<KubeObject> {
  const template = objectAt(owner, 'spec', 'template');
  const meta = objectAt(template, 'metadata');
  return client.create('/pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(meta['annotations'] === undefined ? {} : { annotations: textsOf(meta['annotations']) }),
      labels: { ...textsOf(meta['labels']), ...wish.labels },
      generateName: `${owner.metadata.name ?? ''}-`,
      ...omitUndefined({ name: wish.name }),
      namespace: owner.metadata.namespace ?? '',
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...objectAt(template, 'spec'), ...wish.spec },
  });
}

export function textsOf(value: Json | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(objectAt(value)).map(([key, text]) => [key, String(text)]));
}
