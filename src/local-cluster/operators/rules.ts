// The rules of users, read from their ConfigMaps; of two for one kind the one that was there first counts.

import type { KubeObject } from '../../objects/object.ts';
import { namespacedName, type ReconcilerClient } from '../controllers/reconciler.ts';
import { recordEvent } from '../events/record.ts';
import type { StoredChange } from '../store/store.ts';
import { isRuleObject } from './label.ts';
import { parseRule } from './rule.ts';
import type { Simulation } from './simulation.ts';

const CONFIG_MAPS = '/configmaps';

export interface Rules {
  of(group: string, kind: string): Simulation | undefined;
  isAffected(change: StoredChange): boolean;
  /** Reads all anew, and tells what is wrong with each by an event. */
  read(): Promise<void>;
}

export function createRules(client: ReconcilerClient): Rules {
  let rules = new Map<string, Simulation>();
  return {
    of: (group, kind) => rules.get(`${group}/${kind}`),
    isAffected: ({ object, before }) => [object, before].some((one) => one !== undefined && isRuleObject(one)),
    read: async () => {
      const { simulations, problems } = readRules(client.list(CONFIG_MAPS).filter(isRuleObject));
      rules = simulations;
      for (const { configMap, message } of problems) {
        recordEvent(
          client,
          configMap,
          {
            type: 'Warning',
            reason: 'InvalidSimulation',
            message,
            component: 'hawser',
          },
          { once: true },
        );
      }
    },
  };
}

interface Problem {
  readonly configMap: KubeObject;
  readonly message: string;
}

function readRules(configMaps: readonly KubeObject[]): {
  readonly simulations: Map<string, Simulation>;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const simulations = new Map<string, Simulation>();
  const owners = new Map<string, string>();
  const byAge = [...configMaps].sort((a, b) => (age(a) < age(b) ? -1 : 1));
  for (const configMap of byAge) {
    const parsed = parseRule(configMap);
    problems.push(...parsed.problems.map((message) => ({ configMap, message })));
    if (!parsed.simulation) continue;
    const { group, kind } = parsed.simulation;
    const key = `${group}/${kind}`;
    const owner = owners.get(key);
    if (owner !== undefined) {
      problems.push({ configMap, message: `${kind} of ${group} has a rule already: ConfigMap ${owner}` });
      continue;
    }
    owners.set(key, namespacedName(configMap));
    simulations.set(key, parsed.simulation);
  }
  return { simulations, problems };
}

const age = ({ metadata }: KubeObject): string =>
  `${metadata.creationTimestamp ?? ''} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
