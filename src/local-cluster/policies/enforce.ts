// Policies in force: each that a binding applies to a request is evaluated, and denies it, warns of it, or lets it pass.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { groupOf, type KubeObject, labelsOf, versionOf } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { ApiError } from '../status.ts';
import { type Decision, evaluatePolicy } from './evaluate.ts';
import { matchedKind, namespaceOf } from './match.ts';
import { BINDINGS, POLICIES, type PolicyWrite } from './write.ts';

/** What configures the API itself is never in a policy's hands: who wrote a wrong one could not take it back. */
const EXEMPT =
  /^(admissionregistration\.k8s\.io\/(validating|mutating)admissionpol|authentication\.k8s\.io\/|authorization\.k8s\.io\/)/;

export function enforcePolicies(api: Api, write: PolicyWrite): readonly string[] {
  if (EXEMPT.test(write.kind.storage)) return [];
  const warnings: string[] = [];
  for (const policy of api.store.list(POLICIES)) {
    const { name = '' } = policy.metadata;
    const kind = matchedKind(api, objectAt(policy, 'spec', 'matchConstraints'), write);
    if (!kind) continue;
    for (const binding of api.store.list(BINDINGS)) {
      if (textAt(binding, 'spec', 'policyName') !== name) continue;
      if (!matchedKind(api, objectAt(binding, 'spec', 'matchResources'), write)) continue;
      for (const decision of decisionsOf(api, { policy, binding, kind, write })) {
        const about = `ValidatingAdmissionPolicy '${name}' with binding '${binding.metadata.name ?? ''}'`;
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
  readonly write: PolicyWrite;
}

/** A fault of the configuration is decided by what the policy says of failures, whatever its binding does. */
type Decided = Decision & { readonly isFault?: boolean };

function decisionsOf(api: Api, { policy, binding, kind, write }: Applied): readonly Decided[] {
  try {
    const params = paramsOf(api, { policy, binding, write });
    return params.flatMap((param) => evaluatePolicy(api, { policy, kind, write, param }));
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    if (textAt(policy, 'spec', 'failurePolicy') === 'Ignore') return [];
    return [{ message: `failed to configure binding: ${thrown.message}`, reason: '', isFault: true }];
  }
}

class ConfigurationError extends Error {}

/** The objects that a policy is evaluated with, one after the other; null where it takes none. */
function paramsOf(api: Api, { policy, binding, write }: Omit<Applied, 'kind'>): readonly (KubeObject | null)[] {
  const { paramKind } = objectAt(policy, 'spec');
  const { paramRef } = objectAt(binding, 'spec');
  if (!isObject(paramKind) || !isObject(paramRef)) return [null];
  const [apiVersion, name] = [textAt(paramKind, 'apiVersion'), textAt(paramKind, 'kind')];
  const kind = api.kinds.ofKind(groupOf(apiVersion), versionOf(apiVersion), name);
  if (!kind)
    throw new ConfigurationError(`failed to find resource referenced by paramKind: '${apiVersion}, Kind=${name}'`);
  const own = textAt(paramRef, 'namespace');
  if (!kind.namespaced && own !== '')
    throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const namespace = own || namespaceOf(write);
  if (kind.namespaced && namespace === '')
    throw new ConfigurationError(
      'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
    );
  const params = chosen(api, kind, { paramRef, namespace: kind.namespaced ? namespace : '' });
  if (params.length === 0 && textAt(paramRef, 'parameterNotFoundAction') === 'Deny')
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction');
  return params;
}

function chosen(
  api: Api,
  kind: Kind,
  { paramRef, namespace }: { paramRef: JsonObject; namespace: string },
): KubeObject[] {
  const name = textAt(paramRef, 'name');
  const object = name === '' ? undefined : api.store.get(kind.storage, namespace, name);
  if (name !== '') return object ? [object] : [];
  const requirements = selectorRequirements(objectAt(paramRef, 'selector'));
  return api.store
    .list(kind.storage, namespace === '' ? undefined : namespace)
    .filter((one) => matchesLabels(requirements, labelsOf(one)));
}

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Invalid: 422,
  RequestEntityTooLarge: 413,
  Unauthorized: 401,
};

function refusal({ kind, object, before }: PolicyWrite, prefix: string, { message, reason }: Decision): ApiError {
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
