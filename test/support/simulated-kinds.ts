// Definitions of custom kinds as bare as they can be.

import type { JsonObject } from '../../src/core/json.ts';
import type { KubeCalls } from './kube-calls.ts';

interface KindWish {
  readonly group: string;
  readonly kind: string;
  readonly version?: string;
  /** Of its objects; by default anything goes. */
  readonly schema?: JsonObject;
  readonly withStatus?: boolean;
}

const ANYTHING: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export function definitionOf({
  group,
  kind,
  version = 'v1',
  schema = ANYTHING,
  withStatus = true,
}: KindWish): JsonObject {
  const plural = `${kind.toLowerCase()}${/s$/i.test(kind) ? 'es' : 's'}`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/0' },
    },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          ...(withStatus ? { subresources: { status: {} } } : {}),
        },
      ],
    },
  };
}

/** Installs a kind; answers where its objects are in the namespace default. */
export async function installKind(cluster: KubeCalls, wish: KindWish): Promise<string> {
  const definition = definitionOf(wish);
  await cluster.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  const plural = `${wish.kind.toLowerCase()}${/s$/i.test(wish.kind) ? 'es' : 's'}`;
  const path = `/apis/${wish.group}/v1/namespaces/default/${plural}`;
  while ((await cluster.call('GET', path)).status !== 200) await new Promise((resolve) => setImmediate(resolve));
  return path;
}
