// The health of kinds that operators bring, by what their documentation says of the status: a rule for each kind, or for each group
// with a wildcard. Loaded when the first object of such a kind is met.

import { matchesGlob } from '../../../core/glob.ts';
import type { HealthCheck } from '../check.ts';
import { APIS } from './apis.ts';
import { ARGO } from './argo.ts';
import { BACKUPS } from './backups.ts';
import { CLOUDS } from './clouds.ts';
import { CLUSTERS } from './clusters.ts';
import { DATABASES } from './databases.ts';
import { ELASTIC } from './elastic.ts';
import { FLUX } from './flux.ts';
import type { Rules } from './forms.ts';
import { GATEWAYS } from './gateways.ts';
import { INSTALLED } from './installed.ts';
import { JOBS } from './jobs.ts';
import { KRUISE } from './kruise.ts';
import { MACHINES } from './machines.ts';
import { MESSAGING } from './messaging.ts';
import { OBSERVABILITY } from './observability.ts';
import { PROMOTER } from './promoter.ts';
import { SECRETS } from './secrets.ts';
import { SERVICES } from './services.ts';
import { STORAGE } from './storage.ts';

const RULES: Rules = {
  ...APIS,
  ...ARGO,
  ...BACKUPS,
  ...CLOUDS,
  ...CLUSTERS,
  ...DATABASES,
  ...ELASTIC,
  ...FLUX,
  ...GATEWAYS,
  ...INSTALLED,
  ...JOBS,
  ...KRUISE,
  ...MACHINES,
  ...MESSAGING,
  ...OBSERVABILITY,
  ...PROMOTER,
  ...SECRETS,
  ...SERVICES,
  ...STORAGE,
};

const WILDCARDS = Object.keys(RULES)
  .filter((name) => name.includes('*'))
  .sort();

/** The rule of a kind: its own one stands before those of its group, and these by their names. */
export function operatorRule(group: string, kind: string): HealthCheck | undefined {
  const name = `${group}/${kind}`;
  if (Object.hasOwn(RULES, name)) return RULES[name];
  const pattern = WILDCARDS.find((each) => matchesGlob(each, name));
  return pattern === undefined ? undefined : RULES[pattern];
}

/** The names of all rules. */
export const operatorKinds = (): readonly string[] => Object.keys(RULES);
