// ConfigMaps and Secrets that a Pod needs and that are not there, in the words of a kubelet.

import { at, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ReconcilerClient } from '../controllers/reconciler.ts';

type Lookup = Pick<ReconcilerClient, 'get'>;

interface Source {
  readonly storage: string;
  readonly word: string;
  /** As messages about keys name the kind. */
  readonly kind: string;
  readonly fields: readonly string[];
}

const CONFIG_MAP: Source = {
  storage: '/configmaps',
  word: 'configmap',
  kind: 'ConfigMap',
  fields: ['data', 'binaryData'],
};
const SECRET: Source = { storage: '/secrets', word: 'secret', kind: 'Secret', fields: ['data'] };

/** What its environment lacks; undefined where all is there. */
export function missingConfig(client: Lookup, namespace: string, container: Json): string | undefined {
  for (const entry of listAt(container, 'envFrom')) {
    const missing =
      missingObject(client, namespace, CONFIG_MAP, at(entry, 'configMapRef')) ??
      missingObject(client, namespace, SECRET, at(entry, 'secretRef'));
    if (missing !== undefined) return missing;
  }
  for (const entry of listAt(container, 'env')) {
    const missing =
      missingKey(client, namespace, CONFIG_MAP, at(entry, 'valueFrom', 'configMapKeyRef')) ??
      missingKey(client, namespace, SECRET, at(entry, 'valueFrom', 'secretKeyRef'));
    if (missing !== undefined) return missing;
  }
  return undefined;
}

const isOptional = (reference: Json): boolean => at(reference, 'optional') === true;

function missingObject(
  client: Lookup,
  namespace: string,
  source: Source,
  reference: Json | undefined,
): string | undefined {
  if (reference === undefined || isOptional(reference)) return undefined;
  const name = textAt(reference, 'name');
  return client.get(source.storage, namespace, name) ? undefined : `${source.word} "${name}" not found`;
}

function missingKey(
  client: Lookup,
  namespace: string,
  source: Source,
  reference: Json | undefined,
): string | undefined {
  if (reference === undefined || isOptional(reference)) return undefined;
  const missing = missingObject(client, namespace, source, reference);
  if (missing !== undefined) return missing;
  const name = textAt(reference, 'name');
  const key = textAt(reference, 'key');
  const object = client.get(source.storage, namespace, name);
  return hasKey(object, source, key) ? undefined : `couldn't find key ${key} in ${source.kind} ${namespace}/${name}`;
}

const hasKey = (object: KubeObject | undefined, source: Source, key: string): boolean =>
  source.fields.some((field) => Object.hasOwn(objectAt(object, field), key));

/** Why a volume that a container mounts cannot be set up, as the event of a kubelet says it; undefined where all can. */
export function missingVolume(client: Lookup, pod: KubeObject): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const mounted = mountedVolumes(pod);
  for (const volume of listAt(pod, 'spec', 'volumes')) {
    const name = textAt(volume, 'name');
    if (!mounted.has(name)) continue;
    const missing = missingInVolume(client, namespace, volume);
    if (missing !== undefined) return `MountVolume.SetUp failed for volume "${name}" : ${missing}`;
  }
  return undefined;
}

function missingInVolume(client: Lookup, namespace: string, volume: Json): string | undefined {
  const sources = [volume, ...listAt(volume, 'projected', 'sources')];
  for (const source of sources) {
    const missing =
      missingFiles(client, namespace, CONFIG_MAP, { reference: at(source, 'configMap'), field: 'name' }) ??
      missingFiles(client, namespace, SECRET, {
        reference: at(source, 'secret'),
        field: source === volume ? 'secretName' : 'name',
      });
    if (missing !== undefined) return missing;
  }
  return undefined;
}

/** The certificate that every namespace has in a real cluster; nothing here needs it. */
const ROOT_CERTIFICATE = 'kube-root-ca.crt';

interface FilesWish {
  readonly reference: Json | undefined;
  readonly field: string;
}

function missingFiles(
  client: Lookup,
  namespace: string,
  source: Source,
  { reference, field }: FilesWish,
): string | undefined {
  if (reference === undefined || isOptional(reference)) return undefined;
  const name = textAt(reference, field);
  if (name === ROOT_CERTIFICATE) return undefined;
  const object = client.get(source.storage, namespace, name);
  if (!object) return `${source.word} "${name}" not found`;
  const absent = listAt(reference, 'items').find((item) => !hasKey(object, source, textAt(item, 'key')));
  const word = source === SECRET ? 'secret' : 'config';
  return absent === undefined ? undefined : `references non-existent ${word} key: ${textAt(absent, 'key')}`;
}

export function mountedVolumes(pod: KubeObject): ReadonlySet<string> {
  const containers = [...listAt(pod, 'spec', 'initContainers'), ...listAt(pod, 'spec', 'containers')];
  return new Set(
    containers.flatMap((container) => listAt(container, 'volumeMounts').map((mount) => textAt(mount, 'name'))),
  );
}
