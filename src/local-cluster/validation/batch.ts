// Jobs, and the times at which others are made.

import { spellCron } from '../../core/cron-spelling.ts';
import { HawserError } from '../../core/errors.ts';
import { isObject, type Json, type JsonObject, objectAt, sameJson, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type Cause, invalidValue, required, unsupported } from '../status.ts';
import { failurePolicy, successPolicy } from './job-policy.ts';
import { subdomainProblems } from './names.ts';
import {
  all,
  at,
  fields,
  inTurn,
  known,
  labelSelector,
  needed,
  notNegative,
  oneOf,
  optional,
  type Rule,
  text,
} from './rules.ts';
import { templateCauses } from './workload.ts';

const POLICIES = ['OnFailure', 'Never'];

const counts: Rule = fields({
  parallelism: notNegative,
  completions: notNegative,
  activeDeadlineSeconds: notNegative,
  backoffLimit: notNegative,
  ttlSecondsAfterFinished: notNegative,
  backoffLimitPerIndex: notNegative,
  maxFailedIndexes: notNegative,
});

const MOST_PARALLEL = 100_000;

const completionMode: Rule = (spec, path) => {
  const { completionMode: mode, completions, parallelism, backoffLimitPerIndex } = objectAt(spec);
  const causes = known(['Indexed', 'NonIndexed'])(mode, at(path, 'completionMode'));
  if (mode === 'Indexed') {
    if (completions === undefined) causes.push(required(at(path, 'completions'), 'when completion mode is Indexed'));
    if (typeof parallelism === 'number' && parallelism > MOST_PARALLEL)
      causes.push(
        invalidValue(
          at(path, 'parallelism'),
          parallelism,
          `must be less than or equal to ${MOST_PARALLEL} when completion mode is Indexed`,
        ),
      );
  } else if (backoffLimitPerIndex !== undefined)
    causes.push(
      invalidValue(at(path, 'backoffLimitPerIndex'), backoffLimitPerIndex, 'requires indexed completion mode'),
    );
  return causes;
};

const perIndex: Rule = (spec, path) => {
  const { maxFailedIndexes, backoffLimitPerIndex, completions, podFailurePolicy, podReplacementPolicy } =
    objectAt(spec);
  const exceeds = typeof maxFailedIndexes === 'number' && maxFailedIndexes > Number(completions ?? MOST_PARALLEL);
  const replaces = isObject(podFailurePolicy) && podReplacementPolicy === 'TerminatingOrFailed';
  return [
    ...(maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined
      ? [required(at(path, 'backoffLimitPerIndex'), 'when maxFailedIndexes is specified')]
      : []),
    ...(exceeds
      ? [invalidValue(at(path, 'maxFailedIndexes'), maxFailedIndexes, 'must be less than or equal to completions')]
      : []),
    ...(replaces ? [unsupported(at(path, 'podReplacementPolicy'), podReplacementPolicy, ['Failed'])] : []),
  ];
};

const managedBy: Rule = text((value) => {
  const [host = '', ...path] = value.split('/');
  return host === '' || path.length === 0
    ? ['must be a domain-prefixed path (such as "acme.io/foo")']
    : subdomainProblems(host);
});

const template: Rule = (spec, path) =>
  templateCauses(at(path, 'template'), objectAt(spec, 'template'), POLICIES).concat(noPolicy(spec, path));

/** A Job must say how its Pods are started again. */
function noPolicy(spec: Json | undefined, path: string): Cause[] {
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy');
  return policy === '' ? [required(at(path, 'template.spec.restartPolicy'), 'valid values: "OnFailure", "Never"')] : [];
}

const ownSelector: Rule = (spec, path) => {
  const { selector } = objectAt(spec);
  const labels = objectAt(spec, 'template', 'metadata')['labels'];
  const texts = Object.fromEntries(Object.entries(objectAt(labels)).map(([key, value]) => [key, String(value)]));
  if (!isObject(selector)) return [required(at(path, 'selector'))];
  const fits = matchesLabels(selectorRequirements(selector), texts);
  const message = '`selector` does not match template `labels`';
  return [
    ...labelSelector(selector, at(path, 'selector')),
    ...(fits ? [] : [invalidValue(at(path, 'template.metadata.labels'), labels, message)]),
  ];
};

const jobSpec: Rule = all(
  counts,
  completionMode,
  fields({ podReplacementPolicy: known(['Failed', 'TerminatingOrFailed']), managedBy }),
  perIndex,
  template,
  failurePolicy,
  successPolicy,
);

export const job: Rule = all(generatedSelector, fields({ spec: all(ownSelector, jobSpec) }));

/** A selector that is not the user's own selects by the Job's uid and nothing else. */
function generatedSelector(job: Json | undefined): Cause[] {
  const { selector, manualSelector } = objectAt(job, 'spec');
  const uid = textAt(job, 'metadata', 'uid');
  if (manualSelector === true || !isObject(selector)) return [];
  const labels = { 'batch.kubernetes.io/controller-uid': uid, 'controller-uid': uid };
  const isGenerated = matchesLabels(selectorRequirements(selector), labels);
  return isGenerated ? [] : [invalidValue('spec.selector', selector, '`selector` not auto-generated')];
}

const FROZEN = ['completions', 'selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy'];

/** A suspended Job that has not started may still change where its Pods go; nothing else of its template. */
export function jobChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const [now, old] = [objectAt(object, 'spec'), objectAt(before, 'spec')];
  const changed = FROZEN.filter((field) => !sameJson(now[field], old[field]) && !isElastic(field, now, old));
  const waits = old['suspend'] === true && objectAt(before, 'status')['startTime'] === undefined;
  const templates = [now, old].map((spec) => (waits ? fixedTemplate(spec) : (spec['template'] ?? null)));
  const fixed = sameJson(templates[0], templates[1]);
  return [
    ...changed.map((field) => invalidValue(`spec.${field}`, now[field], 'field is immutable')),
    ...(fixed ? [] : [invalidValue('spec.template', now['template'], 'field is immutable')]),
  ];
}

/** Indexed Jobs grow and shrink when both numbers change together. */
function isElastic(field: string, now: JsonObject, old: JsonObject): boolean {
  return (
    field === 'completions' &&
    now['completionMode'] === 'Indexed' &&
    now['completions'] === now['parallelism'] &&
    old['completions'] === old['parallelism']
  );
}

const MAY_CHANGE = ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates'];

function fixedTemplate(spec: JsonObject): JsonObject {
  const { metadata, spec: pod } = objectAt(spec, 'template');
  const { labels: _labels, annotations: _annotations, ...meta } = objectAt(metadata);
  const fixed = Object.entries(objectAt(pod)).filter(([field]) => !MAY_CHANGE.includes(field));
  return { metadata: meta, spec: Object.fromEntries(fixed) };
}

const LONGEST_NAME = 52;

const schedule: Rule = inTurn(needed(), (value, path) => {
  const line = String(value);
  if (/TZ=/.test(line))
    return [invalidValue(path, line, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')];
  try {
    spellCron(line);
    return [];
  } catch (thrown) {
    return [invalidValue(path, line, thrown instanceof HawserError ? thrown.message : 'invalid schedule')];
  }
});

const timeZone: Rule = (value, path) => {
  const name = String(value);
  if (name === '') return [invalidValue(path, name, 'timeZone must be nil or non-empty string')];
  if (name.toLowerCase() === 'local') {
    const message = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    return [invalidValue(path, name, message)];
  }
  return isZone(name) ? [] : [invalidValue(path, name, `unknown time zone ${name}`)];
};

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

export const cronJob: Rule = all(
  fields({
    spec: fields({
      schedule,
      startingDeadlineSeconds: notNegative,
      concurrencyPolicy: oneOf(['Allow', 'Forbid', 'Replace']),
      timeZone: optional(timeZone),
      jobTemplate: fields({ spec: jobSpec }),
      successfulJobsHistoryLimit: notNegative,
      failedJobsHistoryLimit: notNegative,
    }),
  }),
  (object) => {
    const name = textAt(object, 'metadata', 'name');
    return name.length > LONGEST_NAME
      ? [invalidValue('metadata.name', name, `must be no more than ${LONGEST_NAME} characters`)]
      : [];
  },
);
