// Jobs, and the times at which others are made.

import { spellCron } from '../../core/cron-spelling.ts';
import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { type Cause, invalidValue, required, tooLong, unsupported } from '../status.ts';
import { internalOf, selectorForm, sortedByKey } from './internal.ts';
import { failurePolicy, neverUnder, successPolicy } from './job-policy.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import {
  all,
  at,
  fields,
  inTurn,
  labelSelector,
  needed,
  notNegative,
  oneOf,
  optional,
  type Rule,
  word,
} from './rules.ts';
import { matchesTemplate, mismatch, templateCauses } from './workload.ts';

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
const MOST_PER_INDEX = 10_000;

/** Numbers that an Indexed Job may have, and those that only one may have. */
const completionMode: Rule = (spec, path) => {
  const { completionMode: mode, completions, parallelism, maxFailedIndexes, backoffLimitPerIndex } = objectAt(spec);
  const field = (name: string): string => at(path, name);
  const only = (name: string, value: Json | undefined): Cause[] =>
    value === undefined ? [] : [invalidValue(field(name), value, 'requires indexed completion mode')];
  const isMode = typeof mode === 'string' && COMPLETION_MODES.includes(mode);
  if (mode !== undefined && !isMode) return [unsupported(field('completionMode'), mode, COMPLETION_MODES)];
  if (mode !== 'Indexed')
    return [...only('backoffLimitPerIndex', backoffLimitPerIndex), ...only('maxFailedIndexes', maxFailedIndexes)];
  const most = (name: string, value: Json | undefined, limit: number, why = ''): Cause[] =>
    typeof value === 'number' && value > limit
      ? [invalidValue(field(name), value, `must be less than or equal to ${limit}${why}`)]
      : [];
  const many = typeof completions === 'number' && completions > MOST_PARALLEL && backoffLimitPerIndex !== undefined;
  const perIndex = ` when completions are above ${MOST_PARALLEL} and used with backoff limit per index`;
  return [
    ...(completions === undefined ? [required(field('completions'), 'when completion mode is Indexed')] : []),
    ...most('parallelism', parallelism, MOST_PARALLEL, ' when completion mode is Indexed'),
    ...(typeof completions === 'number' && typeof maxFailedIndexes === 'number' && maxFailedIndexes > completions
      ? [invalidValue(field('maxFailedIndexes'), maxFailedIndexes, 'must be less than or equal to completions')]
      : []),
    ...most('maxFailedIndexes', maxFailedIndexes, MOST_PARALLEL),
    ...(many
      ? [
          ...most('parallelism', parallelism, MOST_PER_INDEX, perIndex),
          ...(maxFailedIndexes === undefined
            ? [required(field('maxFailedIndexes'), `must be specified${perIndex}`)]
            : most('maxFailedIndexes', maxFailedIndexes, MOST_PER_INDEX, perIndex)),
        ]
      : []),
  ];
};

const COMPLETION_MODES = ['NonIndexed', 'Indexed'];
const MOST_MANAGER = 63;

const managedBy: Rule = (value, path) => {
  if (typeof value !== 'string') return [];
  if (value === '') return [required(path)];
  const [host = '', ...rest] = value.split('/');
  const problems =
    host === '' || rest.join('/') === ''
      ? ['must be a domain-prefixed path (such as "acme.io/foo")']
      : subdomainProblems(host);
  return [
    ...problems.map((problem) => invalidValue(path, value, problem)),
    ...(value.length > MOST_MANAGER ? [tooLong(path, MOST_MANAGER)] : []),
  ];
};

/** Pods that end are replaced when they have failed, where their failures are looked at. */
const replacement: Rule = (spec, path) => {
  const { podFailurePolicy, podReplacementPolicy } = objectAt(spec);
  const words = isObject(podFailurePolicy) ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  return optional(word(words))(podReplacementPolicy, at(path, 'podReplacementPolicy'));
};

const limitPerIndex: Rule = (spec, path) => {
  const { maxFailedIndexes, backoffLimitPerIndex } = objectAt(spec);
  return maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined
    ? [required(at(path, 'backoffLimitPerIndex'), 'when maxFailedIndexes is specified')]
    : [];
};

const template: Rule = (spec, path) => {
  const field = at(path, 'template');
  const template = objectAt(spec, 'template');
  const policy = textAt(template, 'spec', 'restartPolicy');
  return [
    ...templateCauses(field, template, POLICIES),
    ...noPolicy(spec, path),
    ...(POLICIES.includes(policy) ? neverUnder(spec, path) : []),
  ];
};

/** A Job must say how its Pods are started again. */
function noPolicy(spec: Json | undefined, path: string): Cause[] {
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy');
  return policy === '' ? [required(at(path, 'template.spec.restartPolicy'), 'valid values: "OnFailure", "Never"')] : [];
}

const jobSpec: Rule = all(
  counts,
  fields({ managedBy }),
  limitPerIndex,
  completionMode,
  failurePolicy,
  successPolicy,
  replacement,
  template,
);

/** A Job has a selector that chooses the Pods of its template. */
const selectedSpec: Rule = (spec, path) => {
  const { selector } = objectAt(spec);
  const labels = objectAt(spec, 'template', 'metadata')['labels'];
  const field = at(path, 'selector');
  const causes = isObject(selector) ? labelSelector(selector, field) : [required(field)];
  const isUsable = isObject(selector) && causes.length === 0;
  const fits = isObject(selector) ? !isUsable || matchesTemplate(selector, labels) : false;
  return [...jobSpec(spec, path), ...causes, ...(fits ? [] : [mismatch(path, labels)])];
};

export const job: Rule = all(fields({ spec: selectedSpec }), podNames);

const UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'];

/** The labels by which a selector that is not the user's own finds the Pods. */
export const generatedLabels: Rule = (job) => {
  const { selector, manualSelector } = objectAt(job, 'spec');
  if (manualSelector === true || !isObject(selector)) return [];
  const labels = objectAt(job, 'spec', 'template', 'metadata', 'labels');
  const { uid, name } = objectAt(job, 'metadata');
  const path = 'spec.template.metadata.labels';
  return ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'].flatMap(
    (key): Cause[] => {
      const wanted = (UID_LABELS.includes(key) ? uid : name) ?? '';
      if (labels[key] === undefined) return [required(`${path}[${key}]`, `must be '${wanted}'`)];
      return labels[key] === wanted
        ? []
        : [invalidValue(`${path}[${key}]`, sortedByKey(labels), `must be '${wanted}'`)];
    },
  );
};

/** The last of the Pods of an Indexed Job can be called after it. */
function podNames(job: Json | undefined): Cause[] {
  const { completionMode: mode, completions } = objectAt(job, 'spec');
  if (mode !== 'Indexed' || typeof completions !== 'number' || completions <= 0) return [];
  const name = textAt(job, 'metadata', 'name');
  const pod = `${name}-${completions - 1}`;
  const message = `will not able to create pod with invalid DNS label: ${pod}`;
  return labelProblems(pod).length === 0 ? [] : [invalidValue('metadata.name', name, message)];
}

/** A selector that is not the user's own selects by the Job's uid and nothing else. */
export function generatedSelector(job: Json | undefined): Cause[] {
  const { selector, manualSelector } = objectAt(job, 'spec');
  const uid = textAt(job, 'metadata', 'uid');
  if (manualSelector === true || !isObject(selector)) return [];
  const labels = { 'batch.kubernetes.io/controller-uid': uid, 'controller-uid': uid };
  // What selects by nothing that can be read is told of as such.
  if (labelSelector(selector, '').length > 0) return [];
  const isGenerated = matchesTemplate(selector, labels);
  return isGenerated ? [] : [invalidValue('spec.selector', selectorForm(selector), '`selector` not auto-generated')];
}

/** Fields that keep their first value, with the type as which they are shown; the template has a rule of its own. */
const FROZEN: Readonly<Record<string, string>> = {
  completions: '',
  selector: 'LabelSelector',
  template: '',
  completionMode: '',
  podFailurePolicy: 'PodFailurePolicy',
  backoffLimitPerIndex: '',
  managedBy: '',
  successPolicy: 'SuccessPolicy',
};

export function jobChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const [now, old] = [objectAt(object, 'spec'), objectAt(before, 'spec')];
  return Object.entries(FROZEN).flatMap(([field, type]): Cause[] => {
    if (field === 'template') return templateChange(now, old, before);
    const form = (value: Json | undefined): Json =>
      type === '' || !isObject(value) ? (value ?? null) : internalOf(type, value);
    const [value, earlier] = [form(now[field]), form(old[field])];
    if (sameJson(value, earlier) || isElastic(field, now)) return [];
    const isTandem = field === 'completions' && now['completionMode'] === 'Indexed';
    if (isTandem && value === null) return [];
    const message = isTandem ? 'can only be modified in tandem with spec.parallelism' : 'field is immutable';
    return [invalidValue(`spec.${field}`, value, message)];
  });
}

/** A Job that has been suspended may still change where its Pods go and what they need; nothing else of its template. */
function templateChange(now: JsonObject, old: JsonObject, before: JsonObject): Cause[] {
  const waits = listAt(before, 'status', 'conditions').some(
    (one) => textAt(one, 'type') === 'Suspended' && textAt(one, 'status') === 'True',
  );
  const form = (spec: JsonObject): Json => internalOf('PodTemplateSpec', spec['template']);
  if (!waits) {
    const isSame = sameJson(form(now), form(old));
    return isSame ? [] : [invalidValue('spec.template', form(now), 'field is immutable')];
  }
  const fixed = (spec: JsonObject): Json => internalOf('PodSpec', fixedSpec(objectAt(spec, 'template', 'spec')));
  if (sameJson(fixed(now), fixed(old))) return [];
  const shown = internalOf('PodSpec', objectAt(now, 'template')['spec']);
  return [invalidValue('spec.template.spec', shown, 'field is immutable')];
}

/** Indexed Jobs grow and shrink when both numbers change together. */
const isElastic = (field: string, now: JsonObject): boolean =>
  field === 'completions' && now['completionMode'] === 'Indexed' && now['completions'] === now['parallelism'];

const MAY_CHANGE = ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates'];

function fixedSpec(pod: JsonObject): JsonObject {
  const fixed = Object.fromEntries(Object.entries(pod).filter(([field]) => !MAY_CHANGE.includes(field)));
  for (const list of ['containers', 'initContainers'])
    if (isList(fixed[list])) fixed[list] = listAt(fixed, list).map((one) => ({ ...objectAt(one), resources: {} }));
  return fixed;
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

/** The spec of Jobs that are made later, which get selectors of their own. */
const templateSpec: Rule = (spec, path) => {
  const { selector, manualSelector } = objectAt(spec);
  const given = isObject(selector);
  return [
    ...jobSpec(spec, path),
    ...(given ? [invalidValue(at(path, 'selector'), selectorForm(selector), '`selector` will be auto-generated')] : []),
    ...(manualSelector === true ? [unsupported(at(path, 'manualSelector'), true, ['nil', 'false'])] : []),
  ];
};

export const cronJob: Rule = all(
  fields({
    spec: fields({
      schedule,
      startingDeadlineSeconds: notNegative,
      timeZone: optional(timeZone),
      concurrencyPolicy: oneOf(['Allow', 'Forbid', 'Replace']),
      jobTemplate: fields({ spec: templateSpec }),
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
