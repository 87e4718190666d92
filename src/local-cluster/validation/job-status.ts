// What the status of a Job must hold: which conditions go together, and what they say of its counts.

import { type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, invalidValue, required } from '../status.ts';
import { parseIndexes } from './job-policy.ts';
import { fields, notNegative } from './rules.ts';

type State = (type: string) => boolean;

const stateOf =
  (job: JsonObject): State =>
  (type) =>
    listAt(job, 'status', 'conditions').some(
      (condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True',
    );

/** Conditions of which the value is not told. */
const wrong = (message: string): Cause => ({ field: 'status.conditions', reason: 'FieldValueInvalid', message });

export function jobStatusCauses(job: JsonObject, before: JsonObject): Cause[] {
  const is = stateOf(job);
  return [
    ...fields({
      active: notNegative,
      succeeded: notNegative,
      failed: notNegative,
      ready: notNegative,
      terminating: notNegative,
    })(objectAt(job, 'status'), 'status'),
    ...indexCauses(job),
    ...uncountedCauses(job),
    ...CLASHES.filter(([holds]) => holds(is)).map(([, message]) => wrong(message)),
    ...timeCauses(job, is),
    ...countCauses(job, is),
    ...changeCauses(job, before),
  ];
}

const CLASHES: readonly (readonly [holds: (is: State) => boolean, message: string])[] = [
  [(is) => is('Complete') && is('Failed'), 'cannot set Complete=True and Failed=true conditions'],
  [(is) => is('Complete') && is('FailureTarget'), 'cannot set Complete=True and FailureTarget=true conditions'],
  [
    (is) => is('Failed') && !is('FailureTarget'),
    'cannot set Failed=True condition without the FailureTarget=true condition',
  ],
  [
    (is) => is('Complete') && !is('SuccessCriteriaMet'),
    'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
  ],
  [(is) => is('SuccessCriteriaMet') && is('Failed'), 'cannot set SuccessCriteriaMet=True and Failed=true conditions'],
  [
    (is) => is('SuccessCriteriaMet') && is('FailureTarget'),
    'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions',
  ],
];

/** Which of the Pods of an Indexed Job are done. */
function indexCauses(job: JsonObject): Cause[] {
  const total = numberAt(job, 'spec', 'completions') ?? Number.POSITIVE_INFINITY;
  const perIndex = objectAt(job, 'spec')['backoffLimitPerIndex'] !== undefined;
  return ['completedIndexes', ...(perIndex ? ['failedIndexes'] : [])].flatMap((name) => {
    const text = textAt(job, 'status', name);
    const { problem } = parseIndexes(text, total);
    return problem === undefined ? [] : [invalidValue(`status.${name}`, text, `error parsing ${name}: ${problem}`)];
  });
}

/** Pods that have ended and are not counted yet, by their uids. */
function uncountedCauses(job: JsonObject): Cause[] {
  const seen = new Set<string>();
  return ['succeeded', 'failed'].flatMap((list) =>
    listAt(job, 'status', 'uncountedTerminatedPods', list).flatMap((entry, index) => {
      const [uid, path] = [String(entry ?? ''), `status.uncountedTerminatedPods.${list}[${index}]`];
      if (uid === '') return [invalidValue(path, uid, 'must not be empty')];
      if (seen.has(uid)) return [duplicate(path, uid)];
      seen.add(uid);
      return [];
    }),
  );
}

function timeCauses(job: JsonObject, is: State): Cause[] {
  const [start, end] = [textAt(job, 'status', 'startTime'), textAt(job, 'status', 'completionTime')];
  const causes: Cause[] = [];
  const field = 'status.completionTime';
  if (end !== '' && !is('Complete'))
    causes.push(invalidValue(field, end, 'cannot set completionTime when there is no Complete=True condition'));
  if (end === '' && is('Complete')) causes.push(required(field, 'completionTime is required for Complete jobs'));
  if (start !== '' && end !== '' && Date.parse(end) < Date.parse(start))
    causes.push(invalidValue(field, end, 'completionTime cannot be set before startTime'));
  if (start === '' && (is('Complete') || is('Failed')))
    causes.push(required('status.startTime', 'startTime is required for finished job'));
  return causes;
}

function countCauses(job: JsonObject, is: State): Cause[] {
  const status = objectAt(job, 'status');
  const count = (name: string): number => numberAt(status, name) ?? 0;
  const isFinished = is('Complete') || is('Failed');
  const isIndexed = textAt(job, 'spec', 'completionMode') === 'Indexed';
  const { completedIndexes, failedIndexes } = status;
  const causes: Cause[] = [];
  if (count('active') > 0 && isFinished)
    causes.push(invalidValue('status.active', count('active'), 'active>0 is invalid for finished job'));
  if (completedIndexes && !isIndexed)
    causes.push(
      invalidValue(
        'status.completedIndexes',
        completedIndexes,
        'cannot set non-empty completedIndexes when non-indexed completion mode',
      ),
    );
  if (failedIndexes !== undefined && objectAt(job, 'spec')['backoffLimitPerIndex'] === undefined)
    causes.push(
      invalidValue(
        'status.failedIndexes',
        failedIndexes,
        'cannot set non-null failedIndexes when backoffLimitPerIndex is null',
      ),
    );
  if (count('terminating') > 0 && isFinished)
    causes.push(invalidValue('status.terminating', count('terminating'), 'terminating>0 is invalid for finished job'));
  if (status['ready'] !== undefined && count('ready') > count('active'))
    causes.push(invalidValue('status.ready', count('ready'), 'cannot set more ready pods than active'));
  return causes;
}

function changeCauses(job: JsonObject, before: JsonObject): Cause[] {
  const [is, was] = [stateOf(job), stateOf(before)];
  const causes = ['Failed', 'Complete', 'FailureTarget']
    .filter((type) => was(type) && !is(type))
    .map((type) => wrong(`cannot disable the terminal ${type}=True condition`));
  for (const name of ['failed', 'succeeded']) {
    const [now, old] = [numberAt(job, 'status', name) ?? 0, numberAt(before, 'status', name) ?? 0];
    if (now < old) causes.push(invalidValue(`status.${name}`, now, `cannot decrease the ${name} counter`));
  }
  const time = (object: JsonObject, name: string): string => textAt(object, 'status', name);
  const end = time(job, 'completionTime');
  if (end !== '' && time(before, 'completionTime') !== '' && end !== time(before, 'completionTime'))
    causes.push(invalidValue('status.completionTime', end, 'completionTime cannot be mutated'));
  const start = time(before, 'startTime');
  if (start !== '' && start !== time(job, 'startTime') && objectAt(job, 'spec')['suspend'] !== true)
    causes.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'));
  if (was('SuccessCriteriaMet') && !is('SuccessCriteriaMet'))
    causes.push(wrong('cannot disable the SuccessCriteriaMet=True condition'));
  return causes;
}
