// Variables of containers, and what they are read from.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, invalidValue, notFoundField } from '../status.ts';
import { fieldReference, IN_VARIABLES } from './field-reference.ts';
import { configKeyProblems, labelProblems, subdomainProblems } from './names.ts';
import { resourceField } from './resource-field.ts';
import { fields, inTurn, items, needed, optional, type Rule, text } from './rules.ts';
import { notUpward } from './volume.ts';

const VARIABLE = "a valid environment variable name must consist only of printable ASCII characters other than '='";
const variableProblems = (name: string): string[] => (/^[ -<>-~]+$/.test(name) ? [] : [VARIABLE]);
const variableName: Rule = text(variableProblems);

const keyReference: Rule = fields({
  name: (value, path) =>
    subdomainProblems(String(value ?? '')).map((problem) => invalidValue(path, value ?? '', problem)),
  key: inTurn(needed(), text(configKeyProblems)),
});

/** In the order in which they are looked at. */
const SOURCES: Readonly<Record<string, Rule>> = {
  fieldRef: fieldReference(IN_VARIABLES),
  resourceFieldRef: resourceField(false),
  configMapKeyRef: keyReference,
  secretKeyRef: keyReference,
  fileKeyRef: fields({
    key: inTurn(needed(), variableName),
    volumeName: inTurn(needed(), text(labelProblems)),
    path: inTurn(needed(), notUpward),
  }),
};

const NO_SOURCE =
  'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
const MANY = 'may not have more than one field specified at a time';

const ofEach = (sources: Readonly<Record<string, Rule>>): Rule =>
  fields(Object.fromEntries(Object.entries(sources).map(([way, rule]) => [way, optional(rule)])));

const valueFrom =
  (hasValue: boolean): Rule =>
  (value, path) => {
    const count = Object.keys(SOURCES).filter((way) => isObject(objectAt(value)[way])).length;
    const wrong = (): string => {
      if (count === 0) return NO_SOURCE;
      if (hasValue) return 'may not be specified when `value` is not empty';
      return count > 1 ? MANY : '';
    };
    const message = wrong();
    return [...ofEach(SOURCES)(value, path), ...(message === '' ? [] : [invalidValue(path, '', message)])];
  };

const variable: Rule = (value, path) =>
  fields({
    name: inTurn(needed(), variableName),
    valueFrom: optional(valueFrom(textAt(value, 'value') !== '')),
  })(value, path);

export const variables: Rule = items(variable);

const named: Rule = fields({ name: inTurn(needed(), text(subdomainProblems)) });
const WHOLE = { configMapRef: named, secretRef: named } as const;

/** Where all variables of something come from; how many are named is told of under the whole list. */
export const variableSources: Rule = (list, path) =>
  items((value, field) => {
    const count = Object.keys(WHOLE).filter((way) => isObject(objectAt(value)[way])).length;
    const message = count === 0 ? 'must specify one of: `configMapRef` or `secretRef`' : MANY;
    return [
      ...fields({ prefix: variableName })(value, field),
      ...ofEach(WHOLE)(value, field),
      ...(count === 1 ? [] : [invalidValue(path, '', message)]),
    ];
  })(list, path);

/** The volumes that variables are read from are the Pod's own scratch space. */
export const variableVolumes =
  (volumes: readonly JsonObject[]): Rule =>
  (list, path) =>
    listAt(list).flatMap((one, index): Cause[] => {
      const reference = objectAt(one, 'valueFrom')['fileKeyRef'];
      if (!isObject(reference)) return [];
      const name = textAt(reference, 'volumeName');
      const field = `${path}[${index}].valueFrom.fileKeyRef.volumeName`;
      const volume = volumes.find((other) => other['name'] === name);
      if (volume === undefined) return [notFoundField(field, name)];
      return volume['emptyDir'] === undefined
        ? [invalidValue(field, name, 'referenced volume must be of type emptyDir')]
        : [];
    });
