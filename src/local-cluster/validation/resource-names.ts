// The names of resources: what can be limited and counted.

import type { Json } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, invalidValue } from '../status.ts';
import { isExtended } from './resources.ts';

const OF_QUOTAS =
  /^(cpu|memory|ephemeral-storage|(requests|limits)\.(cpu|memory|ephemeral-storage)|requests\.storage|pods|configmaps|secrets|services|services\.(nodeports|loadbalancers)|persistentvolumeclaims|replicationcontrollers|resourcequotas|(requests\.)?hugepages-.+)$/;
const COUNTED =
  /^(pods|configmaps|secrets|services|services\.(nodeports|loadbalancers)|persistentvolumeclaims|replicationcontrollers|resourcequotas)$/;

const STANDARD = 'must be a standard resource type or fully qualified';

export const isQuotaResource = (name: string): boolean => OF_QUOTAS.test(name);

/** What is counted in whole things. */
export const isWhole = (name: string): boolean => COUNTED.test(name) || isExtended(name);

/** The name of any resource. */
export function resourceNameCauses(name: string, path: string): Cause[] {
  const problems = qualifiedProblems(name);
  if (problems.length > 0) return problems.map((problem) => invalidValue(path, name, problem));
  return name.includes('/') || name === 'storage' || OF_QUOTAS.test(name) ? [] : [invalidValue(path, name, STANDARD)];
}

export const negativeCauses = (value: Json | undefined, path: string): Cause[] =>
  parseQuantity(String(value)).nano < 0n
    ? [invalidValue(path, String(value), 'must be greater than or equal to 0')]
    : [];
