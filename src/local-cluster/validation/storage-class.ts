// Classes of storage and of its attributes, and how much there is of it.

import { type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, duplicate, forbiddenField, invalidValue } from '../status.ts';
import { asGiven, asText, frozen } from './frozen.ts';
import { labelNameCauses, subdomainProblems } from './names.ts';
import { negativeCauses } from './resource-names.ts';
import {
  all,
  anyText,
  at,
  choice,
  fields,
  inTurn,
  known,
  labelSelector,
  needed,
  optional,
  orEmpty,
  type Rule,
} from './rules.ts';

/** A name without regard to capital letters; it is told in small ones. */
const provisioner: Rule = inTurn(needed(), (value, path) =>
  anyText(qualifiedProblems)(String(value).toLowerCase(), path),
);

const parameters: Rule = (value, path) =>
  Object.keys(objectAt(value)).some((key) => key === '') ? [invalidValue(path, '', 'field can not be empty.')] : [];

const unlike: Rule = (value, path) =>
  listAt(value).flatMap((item, index, list) =>
    list.indexOf(item) < index ? [duplicate(`${path}[${index}]`, item)] : [],
  );

const topologyTerm: Rule = (value, path) =>
  listAt(value).flatMap((expression, index, list) => {
    const [key, field] = [textAt(expression, 'key'), `${path}[${index}]`];
    const isTwice = list.slice(0, index).some((other) => textAt(other, 'key') === key);
    return [
      ...fields({ values: all(needed(), unlike) })(expression, field),
      ...labelNameCauses(at(field, 'key'), key),
      ...(isTwice ? [duplicate(at(field, 'key'), key)] : []),
    ];
  });

/** A term by what it asks for, in whatever order; of a key that comes twice the last counts. */
function termText(term: Json): string {
  const values = new Map(
    listAt(term, 'matchLabelExpressions').map((expression) => [
      textAt(expression, 'key'),
      [...new Set(listAt(expression, 'values').map(String))].sort().join(),
    ]),
  );
  return [...values]
    .map(([key, list]) => `${key}=${list}`)
    .sort()
    .join(';');
}

/** Each is held against those before it, and against as many that ask for nothing as there are in all. */
const topologies: Rule = (value, path) => {
  const seen = listAt(value).map(() => '');
  return listAt(value).flatMap((term, index) => {
    const field = `${path}[${index}].matchLabelExpressions`;
    const own = termText(term);
    const same = seen.filter((other) => other === own);
    seen.push(own);
    return [...topologyTerm(objectAt(term)['matchLabelExpressions'], field), ...same.map(() => duplicate(field, ''))];
  });
};

export const storageClass: Rule = fields({
  provisioner,
  parameters,
  reclaimPolicy: known(['Delete', 'Retain']),
  volumeBindingMode: choice(['Immediate', 'WaitForFirstConsumer']),
  allowedTopologies: topologies,
});

export const storageClassChangeCauses = frozen({
  parameters: asGiven,
  provisioner: asText,
  reclaimPolicy: asText,
  volumeBindingMode: asText,
});

export const attributesClass: Rule = fields({
  driverName: provisioner,
  parameters: all(needed('must contain at least one key/value pair'), parameters),
});

/** These are told in words of their own. */
export function attributesClassChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  return ['driverName', 'parameters']
    .filter((field) => !sameJson(object[field], before[field]))
    .map((field) => forbiddenField(field, `updates to ${field} are forbidden.`));
}

export const storageCapacity: Rule = fields({
  nodeTopology: optional(labelSelector),
  storageClassName: orEmpty(anyText(subdomainProblems)),
  capacity: optional(negativeCauses),
});
