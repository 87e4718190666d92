// The kinds of metrics.k8s.io: told like those of definitions, with no definition stored. Their objects are worked out when asked for.

import type { JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';

const GROUP = 'metrics.k8s.io';
export const POD_METRICS = `${GROUP}/pods`;
const NODE_METRICS = `${GROUP}/nodes`;

const amounts: JsonObject = {
  type: 'object',
  additionalProperties: { 'x-kubernetes-int-or-string': true },
};
const common: JsonObject = { timestamp: { type: 'string', format: 'date-time' }, window: { type: 'string' } };
const container: JsonObject = { type: 'object', properties: { name: { type: 'string' }, usage: amounts } };

interface Row {
  readonly plural: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly properties: JsonObject;
}

const ROWS: readonly Row[] = [
  { plural: 'nodes', kind: 'NodeMetrics', scope: 'Cluster', properties: { ...common, usage: amounts } },
  {
    plural: 'pods',
    kind: 'PodMetrics',
    scope: 'Namespaced',
    properties: { ...common, containers: { type: 'array', items: container } },
  },
];

/** What a definition of them would say. */
export const METRICS_DEFINITIONS: readonly KubeObject[] = ROWS.map(({ plural, kind, scope, properties }) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${GROUP}` },
  spec: {
    group: GROUP,
    scope,
    versions: [{ name: 'v1beta1', served: true, schema: { openAPIV3Schema: { type: 'object', properties } } }],
  },
  status: {
    acceptedNames: { plural, singular: '', kind, listKind: `${kind}List` },
    conditions: [{ type: 'Established', status: 'True' }],
  },
}));

export const isComputed = (storage: string): boolean => storage === POD_METRICS || storage === NODE_METRICS;
