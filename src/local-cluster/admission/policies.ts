// ValidatingAdmissionPolicies: nothing of them is loaded, or looked at, where no binding puts one in force.

import type { Api } from '../api.ts';
import { BINDINGS, type PolicyWrite } from '../policies/write.ts';
import { loadRules } from '../validation/cel/language.ts';

/** Throws for what a policy denies; answers what it warns of. */
type Enforce = (api: Api, write: PolicyWrite) => readonly string[];

let enforce: Enforce | undefined;

const areInForce = (api: Api): boolean => api.store.list(BINDINGS).length > 0;

/** To be awaited before a write: the write itself is done without a pause. */
export async function loadPolicies(api: Api, isForced = areInForce(api)): Promise<void> {
  if (!isForced || enforce) return;
  const [{ enforcePolicies }] = await Promise.all([import('../policies/enforce.ts'), loadRules()]);
  enforce = enforcePolicies;
}

export function checkPolicies(api: Api, write: PolicyWrite): void {
  if (!enforce || !areInForce(api)) return;
  for (const warning of enforce(api, write)) write.settings.warn?.(warning);
}
