// Secrets that operators make. What they hold is simulated: no certificate is signed, nothing is decrypted or fetched.

import { isObject, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { ownerReference, type ReconcilerClient } from '../controllers/reconciler.ts';

const SECRETS = '/secrets';

interface SecretWish {
  readonly name: string;
  readonly type: string;
  readonly keys: readonly string[];
  readonly owner: KubeObject | undefined;
  readonly metadata?: JsonObject;
}

/** Makes the Secret, or adds the keys that it lacks; what is there stays. */
async function makeSecret(client: ReconcilerClient, from: KubeObject, wish: SecretWish): Promise<void> {
  const namespace = from.metadata.namespace ?? '';
  const old = client.get(SECRETS, namespace, wish.name);
  const simulated = Object.fromEntries(wish.keys.map((key) => [key, encode(`simulated ${key} of ${wish.name}\n`)]));
  if (old) {
    const data = { ...simulated, ...objectAt(old, 'data') };
    if (!sameJson(data, objectAt(old, 'data'))) await client.update(SECRETS, old, { ...old, data });
    return;
  }
  await client.create(SECRETS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...wish.metadata,
      name: wish.name,
      namespace,
      ...(wish.owner ? { ownerReferences: [ownerReference(wish.owner)] } : {}),
    },
    type: wish.type,
    data: simulated,
  });
}

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** cert-manager leaves the Secret behind when a Certificate goes. */
export function certificateSecret(certificate: KubeObject, client: ReconcilerClient): Promise<void> {
  const name = textAt(certificate, 'spec', 'secretName');
  const keys = ['tls.crt', 'tls.key', 'ca.crt'];
  const annotations = { 'cert-manager.io/certificate-name': certificate.metadata.name ?? '' };
  return makeSecret(client, certificate, {
    name,
    type: 'kubernetes.io/tls',
    keys,
    owner: undefined,
    metadata: { annotations },
  });
}

export async function externalSecret(external: KubeObject, client: ReconcilerClient): Promise<void> {
  const target = objectAt(external, 'spec', 'target');
  const owner = textAt(target, 'creationPolicy') === 'Orphan' ? undefined : external;
  if (textAt(target, 'creationPolicy') === 'None') return;
  const inTemplate = Object.keys(objectAt(target, 'template', 'data'));
  const keys =
    inTemplate.length > 0 ? inTemplate : listAt(external, 'spec', 'data').map((one) => textAt(one, 'secretKey'));
  const type = textAt(target, 'template', 'type') || 'Opaque';
  const name = textAt(target, 'name') || (external.metadata.name ?? '');
  await makeSecret(client, external, { name, type, keys, owner });
}

export async function sealedSecret(sealed: KubeObject, client: ReconcilerClient): Promise<void> {
  const template = objectAt(sealed, 'spec', 'template');
  const { labels, annotations } = objectAt(template, 'metadata');
  await makeSecret(client, sealed, {
    name: sealed.metadata.name ?? '',
    type: textAt(template, 'type') || 'Opaque',
    keys: Object.keys(objectAt(sealed, 'spec', 'encryptedData')),
    owner: sealed,
    metadata: { ...(isObject(labels) ? { labels } : {}), ...(isObject(annotations) ? { annotations } : {}) },
  });
}
