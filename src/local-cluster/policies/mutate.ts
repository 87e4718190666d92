// Policies that mutate: each that a binding applies to a request changes the object, one after the other.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { compareText } from '../../core/order.ts';
import { goKind } from '../../objects/go-types.ts';
import { apiVersionOf, isKubeObject, type KubeObject } from '../../objects/object.ts';
import { mergeTyped } from '../../objects/typed.ts';
import { atomicPlace, listedFaults, typedFaults } from '../../objects/typed-faults.ts';
import type { Api, JudgedWrite } from '../api.ts';
import { decode, typeOfKind } from '../decode.ts';
import type { Kind } from '../kinds.ts';
import { inServedVersion } from '../response.ts';
import { ApiError } from '../status.ts';
import { hasSubresource } from '../strategy.ts';
import { OBJECT_LIMIT } from '../validation/cel/cost.ts';
import { jsonOf } from '../validation/cel/json.ts';
import { type Budget, conditionOf, contextOf, type Evaluated, run } from './evaluate.ts';
import { PatchError, patchedBy } from './json-patches.ts';
import { matchedKind } from './match.ts';
import { withOwnMeta } from './mutated-meta.ts';
import { ConfigurationError, paramsOf } from './params.ts';
import { isExempt, MUTATION_BINDINGS, MUTATIONS } from './write.ts';

/** One policy in force, with one of its params. */
type Invocation = Omit<Evaluated, 'write'> & { readonly binding: KubeObject };

type Mutated = JudgedWrite & { readonly object: KubeObject };

/** The object as the policies leave it. */
export function mutateByPolicies(api: Api, write: Mutated): KubeObject {
  if (isExempt(write.kind)) return write.object;
  const invocations = [...invocationsOf(api, write)];
  const through = (object: KubeObject, invocation: Invocation): KubeObject =>
    mutated(api, invocation, { ...write, object });
  let object = invocations.reduce(through, write.object);
  // Whoever asks for it sees what all have made, his own change too.
  if (object === write.object) return object;
  object = withOwnMeta(invocations.filter(isAgain).reduce(through, object), write);
  if (write.settings.subresource !== '' || !hasSubresource(write.kind, 'status')) return object;
  // A status beside an object counts as little as one that is sent.
  const { status: _made, ...rest } = object;
  const { status } = write.object;
  return status === undefined ? rest : { ...rest, status };
}

const isAgain = ({ policy }: Invocation): boolean => textAt(policy, 'spec', 'reinvocationPolicy') === 'IfNeeded';

const byName = (one: KubeObject, other: KubeObject): number =>
  compareText(one.metadata.name ?? '', other.metadata.name ?? '');

function* invocationsOf(api: Api, write: Mutated): Generator<Invocation> {
  const bindings = api.store.list(MUTATION_BINDINGS).toSorted(byName);
  for (const policy of api.store.list(MUTATIONS).toSorted(byName)) {
    const kind = matchedKind(api, objectAt(policy, 'spec', 'matchConstraints'), write);
    if (!kind) continue;
    for (const binding of bindings) {
      if (textAt(binding, 'spec', 'policyName') !== policy.metadata.name) continue;
      if (!matchedKind(api, objectAt(binding, 'spec', 'matchResources'), write)) continue;
      for (const param of paramsFor(api, { policy, binding, write })) yield { policy, binding, kind, param };
    }
  }
}

function paramsFor(
  api: Api,
  bound: Parameters<typeof paramsOf>[1] & { readonly write: Mutated },
): ReturnType<typeof paramsOf> {
  try {
    return paramsOf(api, bound);
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    if (isIgnored(bound.policy)) return [];
    throw refusal(bound, bound.write, thrown);
  }
}

const isIgnored = (policy: KubeObject): boolean => textAt(policy, 'spec', 'failurePolicy') === 'Ignore';

class MutationError extends Error {}

function mutated(api: Api, invocation: Invocation, write: Mutated): KubeObject {
  try {
    return mutatedBy(api, invocation, write);
  } catch (thrown) {
    if (!(thrown instanceof MutationError)) throw thrown;
    if (isIgnored(invocation.policy)) return write.object;
    throw refusal(invocation, write, thrown.message);
  }
}

function mutatedBy(api: Api, invocation: Invocation, write: Mutated): KubeObject {
  const { policy, kind } = invocation;
  const budget: Budget = { left: OBJECT_LIMIT };
  const condition = conditionOf(policy, contextOf(api, { ...invocation, write }, budget), budget);
  if (condition === false) return write.object;
  if (condition !== true) throw new MutationError(condition.fault);
  let { object } = write;
  for (const mutation of listAt(policy, 'spec', 'mutations')) {
    // Each sees what those before it have made.
    const context = contextOf(api, { ...invocation, write: { ...write, object } }, budget);
    const isPatch = textAt(mutation, 'patchType') === 'JSONPatch';
    const expression = textAt(mutation, isPatch ? 'jsonPatch' : 'applyConfiguration', 'expression');
    const result = run(expression, context, budget);
    if ('fault' in result) throw new MutationError(result.fault);
    const served = inServedVersion(kind, object);
    const changed = isPatch ? patched(served, operations(result.value)) : applied(api, kind, served, result.value);
    if (changed === served) continue;
    checkType(kind, changed);
    object = readAgain(api, write.kind, { ...changed, apiVersion: write.object.apiVersion });
  }
  return object;
}

function operations(value: unknown): readonly Json[] {
  try {
    const list = jsonOf(value);
    return Array.isArray(list) ? list : [];
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new MutationError(`JSONPath valueExpression evaluated to a type that could not marshal to JSON: ${why}`);
  }
}

function patched(object: KubeObject, list: readonly Json[]): KubeObject {
  const result = operated(object, list);
  if (result === object || !isObject(result)) return object;
  const { metadata = {} } = result;
  const whole = { ...result, metadata };
  if (!isKubeObject(whole)) throw unreadable(metadataFault(object.kind, metadata));
  return whole;
}

function operated(object: KubeObject, list: readonly Json[]): Json {
  try {
    return patchedBy(object, list);
  } catch (thrown) {
    throw thrown instanceof PatchError ? new MutationError(thrown.message) : thrown;
  }
}

export const metadataFault = (kind: string, metadata: Json | undefined): string =>
  `json: cannot unmarshal ${goKind(metadata ?? null)} into Go struct field ${kind}.metadata of type v1.ObjectMeta`;

/** An object stays of its kind. */
export function checkType(kind: Kind, { apiVersion, kind: name }: KubeObject): void {
  const own = apiVersionOf(kind.group, kind.version);
  if (apiVersion === own && name === kind.kind) return;
  const version = JSON.stringify(apiVersion);
  throw unreadable(
    `no kind ${JSON.stringify(name)} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`,
  );
}

const unreadable = (why: string): ApiError =>
  new ApiError(500, 'InternalError', {
    message: `Internal error occurred: ${why}`,
    details: { causes: [{ message: why }] },
  });

function applied(api: Api, kind: Kind, object: KubeObject, value: unknown): KubeObject {
  const type = typeOfKind(api.types(), kind);
  const configuration = jsonOf(value);
  const { apiVersion, kind: name } = object;
  const patch: JsonObject = { ...(isObject(configuration) ? configuration : {}), apiVersion, kind: name };
  const fail = (why: string): MutationError => new MutationError(`error applying patch: ${why}`);
  const faults = typedFaults(patch, type);
  if (faults.length > 0) throw fail(`failed to convert patch object to typed object: ${listedFaults(faults)}`);
  const place = atomicPlace(patch, type);
  if (place !== undefined)
    throw fail(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${place}`);
  const result = mergeTyped(object, patch, type);
  return isKubeObject(result) ? result : object;
}

/** The object read as one that is sent, with its defaults. */
function readAgain(api: Api, kind: Kind, object: KubeObject): KubeObject {
  const { object: read, unknown } = decode(api.types(), kind, object, { refuse: unreadable });
  if (unknown.length > 0 && !kind.custom)
    throw unreadable(
      `strict decoding error: ${unknown.map((path) => `unknown field ${JSON.stringify(path)}`).join(', ')}`,
    );
  return read;
}

function refusal(
  { policy, binding }: Pick<Invocation, 'policy' | 'binding'>,
  { kind, object }: Mutated,
  why: string | ConfigurationError,
): ApiError {
  const name = policy.metadata.name ?? '';
  const about = `policy '${name}' with binding '${binding.metadata.name ?? ''}' denied request:`;
  const message =
    typeof why === 'string'
      ? `${about} ${why}`
      : why.isOfPolicy
        ? `policy ${JSON.stringify(name)} denied request: failed to configure policy: ${why.message}`
        : `${about} failed to configure binding: ${why.message}`;
  const group = kind.group === '' ? {} : { group: kind.group };
  const own = object.metadata.name || (object.metadata.generateName ?? '');
  return new ApiError(403, 'Invalid', {
    message,
    details: { name: own, ...group, kind: kind.plural, causes: [{ message }] },
  });
}
