// What the rules of operators' kinds are made of: tests of an object, each with the text that goes with it, and rules that are
// lists of them. Of a list the first test that holds decides.

import { at, isList, type Json, numberAt, textAt } from '../../../core/json.ts';
import type { HealthStatus } from '../../../model/application.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { type Condition, conditionsOf, type HealthCheck, health, type ResourceHealth } from '../check.ts';

/** The text that goes with what holds, '' where there is none; undefined where it does not hold. */
export type Test = (object: KubeObject) => string | undefined;

export type Message = string | ((text: string, object: KubeObject) => string);

/** Where a status word has no meaning that is documented. */
export const UNKNOWN_HINT =
  'Ensure your ArgoCD is current and then check for/file a bug report: https://github.com/argoproj/argo-cd/issues';

/** Without a message, the text of the test is the message. */
export type Clause = readonly [test: Test, status: HealthStatus, message?: Message];

/** Rules by 'group/Kind'. */
export type Rules = Readonly<Record<string, HealthCheck>>;

const pathOf = (path: string): string[] => path.split('.');

export const valueAt = (object: KubeObject, path: string): Json | undefined => at(object, ...pathOf(path));

export const wordAt = (object: KubeObject, path: string): string => textAt(object, ...pathOf(path));

export const amountAt = (object: KubeObject, path: string): number => numberAt(object, ...pathOf(path)) ?? 0;

const holds = (does: boolean): string | undefined => (does ? '' : undefined);

export const always: Test = () => '';

/** Null counts as absent. */
export const lacks =
  (path: string): Test =>
  (object) =>
    holds((valueAt(object, path) ?? undefined) === undefined);

export const has =
  (path: string): Test =>
  (object) =>
    holds((valueAt(object, path) ?? undefined) !== undefined);

/** The text, or the number, at a path is one of these. */
export const word =
  (path: string, ...words: readonly string[]): Test =>
  (object) => {
    const value = valueAt(object, path);
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && words.includes(text) ? text : undefined;
  };

/** Any text but an empty one. */
export const text =
  (path: string): Test =>
  (object) =>
    wordAt(object, path) || undefined;

export const flag =
  (path: string, value = true): Test =>
  (object) =>
    holds(valueAt(object, path) === value);

export const annotation =
  (name: string, ...values: readonly string[]): Test =>
  ({ metadata: { annotations } }) => {
    const value = annotations?.[name];
    return holds(value !== undefined && (values.length === 0 || values.includes(value)));
  };

/** The text is that of the last test. */
export const both =
  (...tests: readonly Test[]): Test =>
  (object) => {
    let last: string | undefined = '';
    for (const test of tests) {
      last = test(object);
      if (last === undefined) return undefined;
    }
    return last;
  };

/** The status speaks of another generation; one that speaks of none is not behind. */
export const outdated: Test = (object) => {
  const observed = numberAt(object, 'status', 'observedGeneration');
  const generation = numberAt(object, 'metadata', 'generation');
  return holds(observed !== undefined && generation !== undefined && observed !== generation);
};

/** As `outdated`, and one that speaks of none is. */
export const unobserved: Test = (object) => {
  const generation = numberAt(object, 'metadata', 'generation') ?? 0;
  return holds((numberAt(object, 'status', 'observedGeneration') ?? 0) !== generation);
};

/** A condition speaks of another generation. */
export const conditionOutdated =
  (type: string): Test =>
  (object) => {
    const generation = numberAt(object, 'metadata', 'generation');
    const items = at(object, 'status', 'conditions');
    const observed = (isList(items) ? items : [])
      .filter((item) => textAt(item, 'type') === type)
      .map((item) => numberAt(item, 'observedGeneration'));
    return holds(observed.some((each) => each !== undefined && generation !== undefined && each !== generation));
  };

export const findCondition = (
  object: KubeObject,
  type: string,
  status?: string,
  reasons: readonly string[] = [],
): Condition | undefined =>
  conditionsOf(object).find(
    (condition) =>
      condition.type === type &&
      (status === undefined || condition.status === status) &&
      (reasons.length === 0 || reasons.includes(condition.reason)),
  );

/** The text is the message of the condition. */
export const condition =
  (type: string, status = 'True', ...reasons: readonly string[]): Test =>
  (object) =>
    findCondition(object, type, status, reasons)?.message;

/** The text is the reason of the condition. */
export const conditionReason =
  (type: string, status = 'True'): Test =>
  (object) =>
    findCondition(object, type, status)?.reason;

export function firstOf(...clauses: readonly Clause[]): HealthCheck {
  return (object): ResourceHealth | undefined => {
    for (const [test, status, message] of clauses) {
      const found = test(object);
      if (found === undefined) continue;
      if (message === undefined) return health(status, found);
      return health(status, typeof message === 'string' ? message : message(found, object));
    }
    return undefined;
  };
}

interface Readiness {
  readonly type?: string;
  /** While the condition is absent or unknown. */
  readonly waiting: Message;
  readonly healthy?: Message;
  readonly degraded?: Message;
  /** While it is unknown, where that is told apart from absent. */
  readonly unknown?: Message;
  /** What comes before the condition. */
  readonly first?: readonly Clause[];
}

/** One condition says it: True is well, False is not, anything else is waited for. */
export function byCondition({
  type = 'Ready',
  waiting,
  healthy,
  degraded,
  unknown,
  first = [],
}: Readiness): HealthCheck {
  return firstOf(
    ...first,
    [condition(type), 'Healthy', healthy],
    [condition(type, 'False'), 'Degraded', degraded],
    ...(unknown === undefined ? [] : [[condition(type, 'Unknown'), 'Progressing', unknown] satisfies Clause]),
    [always, 'Progressing', waiting],
  );
}

interface Words {
  readonly path: string;
  readonly healthy?: readonly string[];
  readonly progressing?: readonly string[];
  readonly degraded?: readonly string[];
  readonly suspended?: readonly string[];
  readonly missing?: readonly string[];
  readonly unknown?: readonly string[];
  /** Of the word that was met; without it the word itself. */
  readonly message?: Message;
  /** There is no such word in the status, or one that is in no list: what that means is `otherwise`'s. */
  readonly waiting: Message;
  readonly otherwise?: Clause;
  readonly first?: readonly Clause[];
}

/** A word of the status says it: a phase, a state. */
export function byWord(words: Words): HealthCheck {
  const { path, healthy = [], progressing = [], degraded = [], suspended = [], missing = [], unknown = [] } = words;
  return firstOf(
    ...(words.first ?? []),
    [word(path, ...degraded), 'Degraded', words.message],
    [word(path, ...healthy), 'Healthy', words.message],
    [word(path, ...suspended), 'Suspended', words.message],
    [word(path, ...progressing), 'Progressing', words.message],
    [word(path, ...missing), 'Missing', words.message],
    [word(path, ...unknown), 'Unknown', words.message],
    ...(words.otherwise ? [words.otherwise] : []),
    [always, 'Progressing', words.waiting],
  );
}

/** The same rule for several kinds, told the kind. */
export function forKinds(group: string, kinds: readonly string[], rule: (kind: string) => HealthCheck): Rules {
  return Object.fromEntries(kinds.map((kind) => [`${group}/${kind}`, rule(kind)]));
}
