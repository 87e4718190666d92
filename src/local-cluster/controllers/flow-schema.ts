// Tells of a FlowSchema whether the level that it speaks of is there.

import { objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { allLate } from '../first-day/late.ts';
import { condition } from './conditions.ts';
import type { Reconciler, ReconcilerClient } from './reconciler.ts';

const SCHEMAS = 'flowcontrol.apiserver.k8s.io/flowschemas';
const LEVELS = 'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations';

export function flowSchemas(): Reconciler {
  return {
    name: 'api-priority-and-fairness-config-consumer-v1',
    storage: SCHEMAS,
    watches: {
      [LEVELS]: (level, client) =>
        client
          .list(SCHEMAS)
          .filter((schema) => levelOf(schema) === level.metadata.name)
          .map(({ metadata }) => `/${metadata.name ?? ''}`),
    },
    reconcile: async (client, schema) => {
      await tell(client, schema);
      return undefined;
    },
  };
}

const levelOf = (schema: KubeObject): string => textAt(schema, 'spec', 'priorityLevelConfiguration', 'name');

async function tell(client: ReconcilerClient, schema: KubeObject): Promise<void> {
  const name = levelOf(schema);
  const find = (): KubeObject | undefined => client.get(LEVELS, '', name);
  // Those of the first day are there only when they are asked for.
  if (!find()) await allLate(client.api);
  const isThere = find() !== undefined;
  const dangling = {
    type: 'Dangling',
    status: isThere ? 'False' : 'True',
    reason: isThere ? 'Found' : 'NotFound',
    message: `This FlowSchema references the PriorityLevelConfiguration object named "${name}" ${isThere ? 'and it exists' : 'but there is no such object'}`,
  } as const;
  const conditions = [condition(client, schema, dangling)];
  await client.updateStatus(SCHEMAS, schema, { ...objectAt(schema, 'status'), conditions });
}
