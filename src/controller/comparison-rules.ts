// By what rules the resources of an application are compared: the types of the destination's kinds, the settings, and what
// the application itself ignores.

import type { CompareRules } from '../engine/diff/compare.ts';
import { createKindTypes, type KindTypes } from '../engine/diff/kind-types.ts';
import type { ApplicationSpec } from '../model/application.ts';
import type { ComparisonSettings } from '../model/comparison-settings.ts';
import { loadBuiltinTypes } from '../objects/types.ts';
import type { ControllerPorts, Destination } from './ports.ts';

export type ComparisonRules = Omit<CompareRules, 'serverSide'>;

export async function comparisonRules(
  ports: ControllerPorts,
  spec: ApplicationSpec,
  destination: Destination,
): Promise<ComparisonRules> {
  const settings = ports.comparisonSettings();
  return {
    types: await kindTypesIn(destination, settings.knownFields),
    ignore: {
      fields: [...settings.ignoreDifferences, ...(spec.ignoreDifferences ?? [])],
      deleteByJq: ports.deleteByJq,
      status: settings.ignoredStatus,
      aggregatedRoles: settings.ignoresAggregatedRoles,
    },
  };
}

/** The types of the kinds in a cluster, custom ones by their definitions. */
async function kindTypesIn(
  { cluster, live }: Destination,
  knownFields: ComparisonSettings['knownFields'],
): Promise<KindTypes> {
  const [builtin, types] = await Promise.all([loadBuiltinTypes(), cluster.types()]);
  const definitions = new Map(types.map(({ group, kind, resource }) => [`${group}/${kind}`, `${resource}.${group}`]));
  return createKindTypes(builtin, {
    knownFields,
    definitionOf: (group, kind) => {
      const name = definitions.get(`${group}/${kind}`) ?? '';
      return live.get({ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', namespace: '', name });
    },
  });
}
