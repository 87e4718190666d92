// The objects that a binding gives to a policy.

import { isObject, type JsonObject, objectAt, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { groupOf, type KubeObject, labelsOf, versionOf } from '../../objects/object.ts';
import type { Api, JudgedWrite } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { namespaceOf } from './match.ts';

interface Bound {
  readonly policy: KubeObject;
  readonly binding: KubeObject;
  readonly write: JudgedWrite;
}

export class ConfigurationError extends Error {
  /** What is wrong is said by the policy, whatever binds it. */
  readonly isOfPolicy: boolean;
  constructor(message: string, isOfPolicy = false) {
    super(message);
    this.isOfPolicy = isOfPolicy;
  }
}

/** The objects that a policy is evaluated with, one after the other; null where it takes none. */
export function paramsOf(api: Api, { policy, binding, write }: Bound): readonly (KubeObject | null)[] {
  const { paramKind } = objectAt(policy, 'spec');
  const { paramRef } = objectAt(binding, 'spec');
  if (!isObject(paramKind) || !isObject(paramRef)) return [null];
  const [apiVersion, name] = [textAt(paramKind, 'apiVersion'), textAt(paramKind, 'kind')];
  const kind = api.kinds.ofKind(groupOf(apiVersion), versionOf(apiVersion), name);
  if (!kind)
    throw new ConfigurationError(
      `failed to find resource referenced by paramKind: '${groupOf(apiVersion)}/${versionOf(apiVersion)}, Kind=${name}'`,
      true,
    );
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
