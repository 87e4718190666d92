// One policy against one request: its conditions, its variables, what it validates.

import { type Json, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { apiVersionOf, type KubeObject } from '../../objects/object.ts';
import { UNTYPED } from '../../objects/schema.ts';
import type { Api, JudgedWrite } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { inServedVersion } from '../response.ts';
import { CostError, evaluateCounted, OBJECT_LIMIT } from '../validation/cel/cost.ts';
import { durationOf, programOf } from '../validation/cel/language.ts';
import { celValue } from '../validation/cel/values.ts';
import { goWords } from '../validation/cel/words.ts';
import { authorizerOf } from './authorizer.ts';
import { namespaceOf } from './match.ts';

export interface Decision {
  readonly message: string;
  readonly reason: string;
}

export interface Evaluated {
  readonly policy: KubeObject;
  /** In the version that the policy speaks of. */
  readonly kind: Kind;
  readonly write: JudgedWrite;
  readonly param: KubeObject | null;
}

export type Context = Readonly<Record<string, unknown>>;

/** What the policy has against the request. */
export function evaluatePolicy(api: Api, evaluated: Evaluated): Decision[] {
  const { policy } = evaluated;
  const isIgnored = textAt(policy, 'spec', 'failurePolicy') === 'Ignore';
  const budget: Budget = { left: OBJECT_LIMIT };
  const failed = (message: string): Decision[] => (isIgnored ? [] : [{ message, reason: '' }]);
  const context = contextOf(api, evaluated, budget);
  const condition = conditionOf(policy, context, budget);
  if (condition === false) return [];
  if (condition !== true) return failed(condition.fault);
  return listAt(policy, 'spec', 'validations').flatMap((validation): Decision[] => {
    const result = run(textAt(validation, 'expression'), context, budget);
    if ('fault' in result) return failed(result.fault);
    if (result.value === true) return [];
    return [{ message: messageOf(validation, context, budget), reason: textAt(validation, 'reason') || 'Invalid' }];
  });
}

/** Whether the conditions of a policy hold; one that does not outweighs those that cannot be told. */
export function conditionOf(
  policy: KubeObject,
  context: Context,
  budget: Budget,
): boolean | { readonly fault: string } {
  const conditions = listAt(policy, 'spec', 'matchConditions').map((one) =>
    run(textAt(one, 'expression'), context, budget),
  );
  if (conditions.some((result) => 'value' in result && result.value === false)) return false;
  const faults = conditions.flatMap((result) => ('fault' in result ? [result.fault] : []));
  return faults.length === 0 || { fault: faults.length > 1 ? `[${faults.join(', ')}]` : faults.join('') };
}

/** What a policy may still cost. */
export interface Budget {
  left: number;
}

type Result = { readonly value: unknown } | { readonly fault: string; readonly why: string };

const EXHAUSTED = 'validation failed due to running out of cost budget, no further validation rules will be run';

export function run(expression: string, context: Context, budget: Budget): Result {
  if (budget.left < 0) return { fault: EXHAUSTED, why: EXHAUSTED };
  try {
    const { value, cost } = evaluateCounted(() => programOf(expression)(context));
    budget.left -= cost;
    return { value };
  } catch (thrown) {
    if (thrown instanceof CostError) budget.left = -1;
    const why = goWords(thrown);
    return { fault: `expression '${expression}' resulted in error: ${why}`, why };
  }
}

const LONGEST_MESSAGE = 5 * 1024;

function messageOf(validation: Json, context: Context, budget: Budget): string {
  const words = textAt(validation, 'messageExpression');
  const result: Result = words === '' ? { fault: '', why: '' } : run(words, context, budget);
  const made = 'value' in result && typeof result.value === 'string' ? result.value.trim() : '';
  const isGood = made !== '' && made.length <= LONGEST_MESSAGE && !made.includes('\n');
  const fixed = textAt(validation, 'message').trim();
  return isGood ? made : fixed || `failed expression: ${textAt(validation, 'expression').trim()}`;
}

/** Objects of policies have no types: whole numbers are integers, all else is what JSON has. */
const dyn = (value: Json | undefined): unknown =>
  value === undefined || value === null ? null : celValue(value, UNTYPED, { duration: durationOf });

export function contextOf(api: Api, { policy, kind, write, param }: Evaluated, budget: Budget): Context {
  const served = (object: KubeObject | undefined): unknown => dyn(object && inServedVersion(kind, object));
  const namespace = namespaceOf(write);
  const context: Record<string, unknown> = {
    object: served(write.object),
    oldObject: served(write.before),
    request: dyn(requestOf(write, kind)),
    params: dyn(param),
    namespaceObject: dyn(namespace === '' ? null : api.store.get('/namespaces', '', namespace)),
    authorizer: authorizerOf(api, write),
  };
  context['variables'] = variablesOf(listAt(policy, 'spec', 'variables'), (expression, name) => {
    const result = run(expression, context, budget);
    if ('fault' in result)
      throw new Error(`composited variable ${JSON.stringify(name)} fails to evaluate: ${result.why}`);
    return result.value;
  });
  return context;
}

/** Variables are worked out when they are first asked for. A map of its own class would be no map to expressions. */
function variablesOf(
  variables: readonly Json[],
  evaluate: (expression: string, name: string) => unknown,
): Map<string, unknown> {
  const expressions = new Map(variables.map((one) => [textAt(one, 'name'), textAt(one, 'expression')]));
  const values = new Map<string, unknown>();
  const lazy = new Map<string, unknown>();
  lazy.has = (name) => expressions.has(name);
  lazy.get = (name) => {
    const expression = expressions.get(name);
    if (!values.has(name) && expression !== undefined) values.set(name, evaluate(expression, name));
    return values.get(name);
  };
  return lazy;
}

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

/** A request as those are told of it who judge it. */
export function requestOf(
  { kind: asked, told, operation, object, before, settings }: JudgedWrite,
  kind: Kind,
): JsonObject {
  const { name = '', namespace = '' } = (object ?? before)?.metadata ?? {};
  const { user, subresource, dryRun, options } = settings;
  const kindOf = (one: Pick<Kind, 'group' | 'version' | 'kind'>): JsonObject => ({
    group: one.group,
    version: one.version,
    kind: one.kind,
  });
  const resourceOf = (one: Kind): JsonObject => ({ group: one.group, version: one.version, resource: one.plural });
  return {
    kind: kindOf(told ?? kind),
    resource: resourceOf(kind),
    requestKind: kindOf(told ?? asked),
    requestResource: resourceOf(asked),
    ...(subresource === '' ? {} : { subResource: subresource, requestSubResource: subresource }),
    ...(name === '' ? {} : { name }),
    ...(asked.namespaced ? { namespace } : asked.storage === '/namespaces' ? { namespace: name } : {}),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      groups: [...user.groups],
      ...(user.extra === undefined
        ? {}
        : { extra: Object.fromEntries(Object.entries(user.extra).map(([key, list]) => [key, [...list]])) }),
    },
    dryRun,
    options: {
      kind: OPTIONS[operation],
      apiVersion: apiVersionOf('meta.k8s.io', 'v1'),
      ...(dryRun ? { dryRun: ['All'] } : {}),
      ...options,
    },
  };
}
