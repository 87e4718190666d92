// What is wrong with a question about access.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { labelValueProblems } from '../../objects/label-names.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { labelNameCauses } from '../validation/names.ts';

export function attributeCauses(body: JsonObject): Cause[] {
  const { resourceAttributes, nonResourceAttributes } = objectAt(body, 'spec');
  if (isObject(resourceAttributes) && isObject(nonResourceAttributes)) {
    const value = { Path: textAt(nonResourceAttributes, 'path'), Verb: textAt(nonResourceAttributes, 'verb') };
    const message = 'cannot be specified in combination with resourceAttributes';
    return [invalidValue('spec.nonResourceAttributes', value, message)];
  }
  if (isObject(resourceAttributes))
    return SELECTORS.flatMap((field) => selectorCauses(resourceAttributes[field], field));
  if (isObject(nonResourceAttributes)) return [];
  const message = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [invalidValue('spec.resourceAttributes', undefined, message)];
}

export function userCauses(body: JsonObject): Cause[] {
  if (textAt(body, 'spec', 'user') !== '' || listAt(body, 'spec', 'groups').length > 0) return [];
  return [invalidValue('spec.user', '', 'at least one of user or group must be specified')];
}

export function localCauses(place: string, body: JsonObject): Cause[] {
  const { resourceAttributes, nonResourceAttributes } = objectAt(body, 'spec');
  const namespace = textAt(resourceAttributes, 'namespace');
  const causes: Cause[] = [];
  if (isObject(resourceAttributes) && namespace !== place) {
    causes.push(invalidValue('spec.resourceAttributes.namespace', namespace, 'must match metadata.namespace'));
  }
  if (isObject(nonResourceAttributes)) {
    const value = { Path: textAt(nonResourceAttributes, 'path'), Verb: textAt(nonResourceAttributes, 'verb') };
    causes.push(invalidValue('spec.nonResourceAttributes', value, 'disallowed on this kind of request'));
  }
  return causes;
}

const SELECTORS = ['fieldSelector', 'labelSelector'] as const;

/** A selector limits the question to some objects. */
function selectorCauses(selector: Json | undefined, field: (typeof SELECTORS)[number]): Cause[] {
  if (!isObject(selector)) return [];
  const path = `spec.resourceAttributes.${field}`;
  const requirements = listAt(selector, 'requirements');
  const raw = textAt(selector, 'rawSelector');
  const isTwice = raw !== '' && requirements.length > 0;
  const twice = 'may not specified at the same time as requirements';
  if (raw === '' && requirements.length === 0)
    return [required(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`)];
  return [
    ...(isTwice ? [invalidValue(`${path}.rawSelector`, raw, twice)] : []),
    ...requirements.flatMap((one, index) => requirementCauses(one, `${path}.requirements[${index}]`, field)),
  ];
}

function requirementCauses(requirement: Json, path: string, field: (typeof SELECTORS)[number]): Cause[] {
  const [key, operator] = [textAt(requirement, 'key'), textAt(requirement, 'operator')];
  const values = listAt(requirement, 'values').map(String);
  const causes: Cause[] = [];
  if (/^(Not)?In$/.test(operator) && values.length === 0)
    causes.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  if (/^(Exists|DoesNotExist)$/.test(operator) && values.length > 0)
    causes.push(forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  if (field === 'fieldSelector') return key === '' ? [...causes, required(`${path}.key`, 'must be specified')] : causes;
  const wrong = values.flatMap((value, index) =>
    labelValueProblems(value).map((problem) => invalidValue(`${path}.values[${index}]`, value, problem)),
  );
  return [...causes, ...labelNameCauses(`${path}.key`, key), ...wrong];
}

/** A question has no metadata, but for the namespace that it is asked in. */
export function metaCauses(body: JsonObject, namespace = ''): Cause[] {
  const { managedFields: _owners, namespace: _given, ...given } = objectAt(body, 'metadata');
  const metadata = namespace === '' ? given : { ...given, namespace };
  const allowed = namespace === '' ? 0 : 1;
  if (Object.keys(metadata).length <= allowed) return [];
  return [invalidValue('metadata', metadata, `must be empty${namespace === '' ? '' : ' except for namespace'}`)];
}
