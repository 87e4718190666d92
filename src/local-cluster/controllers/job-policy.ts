// What a Job says of Pods that fail, and of how many have to succeed.

import { listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { readIndexes } from './job-pods.ts';
import { namespacedName } from './reconciler.ts';

export type FailureAction = 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';

export interface Ruling {
  readonly action: FailureAction;
  /** Why the whole Job fails. */
  readonly message: string;
}

const COUNTED: Ruling = { action: 'Count', message: '' };
const ACTIONS: readonly FailureAction[] = ['FailJob', 'FailIndex', 'Ignore', 'Count'];

/** What a failure of a Pod means: the first rule that is about it says so. */
export function rulingOn(job: KubeObject, pod: KubeObject): Ruling {
  const rules = listAt(job, 'spec', 'podFailurePolicy', 'rules');
  for (const [place, rule] of rules.entries()) {
    const action = ACTIONS.find((known) => known === textAt(rule, 'action')) ?? 'Count';
    const why = whyMatches(rule, pod);
    if (why !== undefined) return { action, message: `${why} matching ${action} rule at index ${place}` };
  }
  return COUNTED;
}

function whyMatches(rule: unknown, pod: KubeObject): string | undefined {
  for (const pattern of listAt(rule, 'onPodConditions')) {
    const type = textAt(pattern, 'type');
    const has = listAt(pod, 'status', 'conditions').some(
      (entry) => textAt(entry, 'type') === type && textAt(entry, 'status') === (textAt(pattern, 'status') || 'True'),
    );
    if (has) return `Pod ${namespacedName(pod)} has condition ${type}`;
  }
  const operator = textAt(rule, 'onExitCodes', 'operator');
  if (operator === '') return undefined;
  const values = listAt(rule, 'onExitCodes', 'values');
  const only = textAt(rule, 'onExitCodes', 'containerName');
  const statuses = [
    ...listAt(pod, 'status', 'containerStatuses'),
    ...listAt(pod, 'status', 'initContainerStatuses'),
  ].filter((status) => only === '' || textAt(status, 'name') === only);
  for (const status of statuses) {
    const code = numberAt(status, 'state', 'terminated', 'exitCode') ?? 0;
    if (code === 0 || values.includes(code) !== (operator === 'In')) continue;
    return `Container ${textAt(status, 'name')} for pod ${namespacedName(pod)} failed with exit code ${code}`;
  }
  return undefined;
}

/** The rule by which it is a success before all have succeeded, as its message; undefined where none says so. */
export function successOf(job: KubeObject, succeeded: ReadonlySet<number>): string | undefined {
  const rules = listAt(job, 'spec', 'successPolicy', 'rules');
  const place = rules.findIndex((rule) => {
    const text = textAt(rule, 'succeededIndexes');
    const asked = text === '' ? undefined : readIndexes(text);
    const met = asked ? [...asked].filter((index) => succeeded.has(index)).length : succeeded.size;
    const count = numberAt(rule, 'succeededCount');
    return count === undefined ? asked !== undefined && met === asked.size : met >= count;
  });
  return place < 0 ? undefined : `Matched rules at index ${place}`;
}
