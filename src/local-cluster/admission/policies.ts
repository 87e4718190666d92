// Policies of admission: nothing of them is loaded, or looked at, where no binding puts one in force.

import type { KubeObject } from '../../objects/object.ts';
import type { Api, JudgedWrite } from '../api.ts';
import { BINDINGS, MUTATION_BINDINGS } from '../policies/write.ts';
import { loadRules } from '../validation/cel/language.ts';

type Mutated = JudgedWrite & { readonly object: KubeObject };

interface Loaded {
  /** Throws for what a policy denies; answers what it warns of. */
  readonly enforce: (api: Api, write: JudgedWrite) => readonly string[];
  readonly mutate: (api: Api, write: Mutated) => KubeObject;
}

let loaded: Loaded | undefined;

const isBound = (api: Api, bindings: string): boolean => api.store.list(bindings).length > 0;

const areInForce = (api: Api): boolean => isBound(api, BINDINGS) || isBound(api, MUTATION_BINDINGS);

/** To be awaited before a write: the write itself is done without a pause. */
export async function loadPolicies(api: Api, isForced = areInForce(api)): Promise<void> {
  if (!isForced || loaded) return;
  const [{ enforcePolicies }, { mutateByPolicies }] = await Promise.all([
    import('../policies/enforce.ts'),
    import('../policies/mutate.ts'),
    loadRules(),
  ]);
  loaded = { enforce: enforcePolicies, mutate: mutateByPolicies };
}

export function checkPolicies(api: Api, write: JudgedWrite): void {
  if (!loaded || !isBound(api, BINDINGS)) return;
  for (const warning of loaded.enforce(api, write)) write.settings.warn?.(warning);
}

/** The object as policies that mutate leave it. */
export const mutatedByPolicies = (api: Api, write: Mutated): KubeObject =>
  loaded && isBound(api, MUTATION_BINDINGS) ? loaded.mutate(api, write) : write.object;
