// Policies in force: each that a binding applies to a request is evaluated, and denies it, warns of it, or lets it pass.

import { type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Api, JudgedWrite } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { ApiError } from '../status.ts';
import { type Decision, evaluatePolicy } from './evaluate.ts';
import { matchedKind } from './match.ts';
import { ConfigurationError, paramsOf } from './params.ts';
import { BINDINGS, isExempt, POLICIES } from './write.ts';

export function enforcePolicies(api: Api, write: JudgedWrite): readonly string[] {
  if (isExempt(write.kind)) return [];
  const warnings: string[] = [];
  for (const policy of api.store.list(POLICIES)) {
    const { name = '' } = policy.metadata;
    const kind = matchedKind(api, objectAt(policy, 'spec', 'matchConstraints'), write);
    if (!kind) continue;
    for (const binding of api.store.list(BINDINGS)) {
      if (textAt(binding, 'spec', 'policyName') !== name) continue;
      if (!matchedKind(api, objectAt(binding, 'spec', 'matchResources'), write)) continue;
      for (const decision of decisionsOf(api, { policy, binding, kind, write })) {
        const bound = decision.isOfPolicy ? '' : ` with binding '${binding.metadata.name ?? ''}'`;
        const about = `ValidatingAdmissionPolicy '${name}'${bound}`;
        const actions = listAt(binding, 'spec', 'validationActions');
        if (decision.isFault || actions.includes('Deny')) throw refusal(write, `${about} denied request: `, decision);
        if (actions.includes('Warn')) warnings.push(`Validation failed for ${about}: ${decision.message}`);
      }
    }
  }
  return warnings;
}

interface Applied {
  readonly policy: KubeObject;
  readonly binding: KubeObject;
  readonly kind: Kind;
  readonly write: JudgedWrite;
}

/** A fault of the configuration is decided by what the policy says of failures, whatever its binding does. */
type Decided = Decision & { readonly isFault?: boolean; readonly isOfPolicy?: boolean };

function decisionsOf(api: Api, { policy, binding, kind, write }: Applied): readonly Decided[] {
  try {
    const params = paramsOf(api, { policy, binding, write });
    return params.flatMap((param) => evaluatePolicy(api, { policy, kind, write, param }));
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    if (textAt(policy, 'spec', 'failurePolicy') === 'Ignore') return [];
    const { message, isOfPolicy } = thrown;
    const what = isOfPolicy ? 'policy' : 'binding';
    return [{ message: `failed to configure ${what}: ${message}`, reason: '', isFault: true, isOfPolicy }];
  }
}

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Invalid: 422,
  RequestEntityTooLarge: 413,
  Unauthorized: 401,
};

function refusal({ kind, object, before }: JudgedWrite, prefix: string, { message, reason }: Decision): ApiError {
  const { name: own, generateName = '' } = (object ?? before)?.metadata ?? {};
  const name = own || generateName;
  const why = prefix + message;
  const resource = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
  const causes: Json = [{ message: why }];
  return new ApiError(CODES[reason] ?? 422, reason || 'Invalid', {
    message: `${resource} ${JSON.stringify(name)} is forbidden: ${why}`,
    details: { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural, causes },
  });
}
