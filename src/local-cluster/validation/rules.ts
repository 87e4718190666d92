// The words that tables of rules are made of. A rule looks at one value and tells what is wrong with it, by its path.

import { isList, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { labelValueProblems } from '../../objects/label-names.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { labelCauses, labelNameCauses } from './names.ts';

export type Rule = (value: Json | undefined, path: string) => Cause[];

export const at = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

/** The fields of an object, in the order in which they are looked at; an absent object has none of them. */
export const fields =
  (table: Readonly<Record<string, Rule>>): Rule =>
  (value, path) =>
    Object.entries(table).flatMap(([field, rule]) => rule(objectAt(value)[field], at(path, field)));

/** Holds when the value is there. */
export const optional =
  (rule: Rule): Rule =>
  (value, path) =>
    value === undefined || value === null ? [] : rule(value, path);

/** The row of a table for a name of others: what every object has ('constructor', '__proto__') is none. */
export const rowOf = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

export const items =
  (rule: Rule): Rule =>
  (value, path) =>
    listAt(value).flatMap((item, index) => rule(item, `${path}[${index}]`));

/** The values of a map, each under its key. */
export const entries =
  (rule: (value: Json | undefined, path: string, key: string) => Cause[]): Rule =>
  (value, path) =>
    Object.entries(objectAt(value)).flatMap(([key, item]) => rule(item, `${path}[${key}]`, key));

export const all =
  (...rules: readonly Rule[]): Rule =>
  (value, path) =>
    rules.flatMap((rule) => rule(value, path));

/** The second is asked only of what the first lets pass. */
export const inTurn =
  (first: Rule, second: Rule): Rule =>
  (value, path) => {
    const causes = first(value, path);
    return causes.length > 0 ? causes : second(value, path);
  };

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (isList(value) && value.length === 0);

export const needed =
  (message = ''): Rule =>
  (value, path) =>
    isEmpty(value) ? [required(path, message)] : [];

/** One of some words; absent is left to others. */
export const known =
  (words: readonly string[]): Rule =>
  (value, path) =>
    isEmpty(value) || (typeof value === 'string' && words.includes(value)) ? [] : [unsupported(path, value, words)];

/** One of some words; that there is none is told as another word would be. */
export const word =
  (words: readonly string[]): Rule =>
  (value, path) =>
    typeof value === 'string' && words.includes(value) ? [] : [unsupported(path, value ?? '', words)];

/** One of some words when it is there: an empty one is none of them. */
export const choice =
  (words: readonly string[]): Rule =>
  (value, path) =>
    value === undefined || value === null || words.includes(String(value)) ? [] : [unsupported(path, value, words)];

export const oneOf = (words: readonly string[]): Rule => inTurn(needed(), known(words));

/** A text, if it is not empty, by what is wrong with it. */
export const text =
  (problems: (value: string) => readonly string[]): Rule =>
  (value, path) =>
    typeof value !== 'string' || value === ''
      ? []
      : problems(value).map((problem) => invalidValue(path, value, problem));

/** A text that is there, also an empty one, by what is wrong with it. */
export const anyText =
  (problems: (value: string) => readonly string[]): Rule =>
  (value, path) =>
    typeof value === 'string' ? problems(value).map((problem) => invalidValue(path, value, problem)) : [];

/** Asks of an absent text what it asks of an empty one. */
export const orEmpty =
  (rule: Rule): Rule =>
  (value, path) =>
    rule(value ?? '', path);

/** A number, if it is there. */
export const number =
  (holds: (value: number) => boolean, message: string): Rule =>
  (value, path) =>
    typeof value !== 'number' || holds(value) ? [] : [invalidValue(path, value, message)];

export const notNegative = number((value) => value >= 0, 'must be greater than or equal to 0');
export const positive = number((value) => value > 0, 'must be greater than 0');
export const between = (least: number, most: number): Rule =>
  number((value) => value >= least && value <= most, `must be between ${least} and ${most}, inclusive`);
export const portNumber = between(1, 65_535);
export const MAX_INT32 = 2_147_483_647;
/** Of a user or group on a node. */
export const userId = between(0, MAX_INT32);

/** What a port is called. */
export function portNameProblems(value: string): string[] {
  return [
    ...(value.length > 15 ? ['must be no more than 15 characters'] : []),
    ...(/^[-a-z0-9]+$/.test(value) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(value) ? [] : ['must contain at least one letter (a-z)']),
    ...(value.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(/^-|-$/.test(value) ? ['must not begin or end with a hyphen'] : []),
  ];
}

export const portName = text(portNameProblems);
/** A port by its number, or by a name that may not be empty. */
export const portOrName: Rule = (value, path) =>
  typeof value === 'string'
    ? portNameProblems(value).map((problem) => invalidValue(path, value, problem))
    : portNumber(value ?? 0, path);

const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A number of things, or a share of them. */
export const countOrPercent: Rule = (value, path) =>
  typeof value === 'string'
    ? /^[0-9]+%$/.test(value)
      ? []
      : [invalidValue(path, value, PERCENT)]
    : notNegative(value, path);

export const notOver100Percent: Rule = (value, path) =>
  typeof value === 'string' && Number(/^([0-9]+)%$/.exec(value)?.[1] ?? 0) > 100
    ? [invalidValue(path, value, 'must not be greater than 100%')]
    : [];

export const labels: Rule = (value, path) => labelCauses(path, objectAt(value));

const VALUED = ['In', 'NotIn'];
const UNVALUED = ['Exists', 'DoesNotExist'];
export const SELECTOR_OPERATORS: readonly string[] = [...VALUED, ...UNVALUED];

export const labelSelector: Rule = fields({
  matchLabels: labels,
  matchExpressions: items((expression, path) => {
    const operator = textAt(expression, 'operator');
    const values = listAt(expression, 'values');
    const causes: Cause[] = [];
    if (VALUED.includes(operator) && values.length === 0)
      causes.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    else if (UNVALUED.includes(operator) && values.length > 0)
      causes.push(
        forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
    else if (!SELECTOR_OPERATORS.includes(operator))
      causes.push(invalidValue(`${path}.operator`, operator, 'not a valid selector operator'));
    const named = values.flatMap((value, index) => text(labelValueProblems)(value, `${path}.values[${index}]`));
    return [...causes, ...labelNameCauses(`${path}.key`, textAt(expression, 'key')), ...named];
  }),
});

/** Things of a list that must differ in one field. */
export const different =
  (field: string): Rule =>
  (value, path) =>
    listAt(value).flatMap((item, index, list) => {
      const name = textAt(item, field);
      const earlier = list.slice(0, index).some((other) => textAt(other, field) === name);
      return name !== '' && earlier ? [duplicate(`${path}[${index}].${field}`, name)] : [];
    });

/** Texts of a list that must differ; told after what is wrong with each. */
export const set =
  (rule: Rule): Rule =>
  (value, path) => [
    ...items(rule)(value, path),
    ...listAt(value).flatMap((item, index, list) =>
      list.indexOf(item) < index ? [duplicate(`${path}[${index}]`, item)] : [],
    ),
  ];

/** Things of a list that must differ in one field, told by their place. */
export const distinct =
  (field: string, rule: Rule): Rule =>
  (value, path) => [
    ...items(rule)(value, path),
    ...listAt(value).flatMap((item, index, list) => {
      const name = textAt(item, field);
      const earlier = list.slice(0, index).some((other) => textAt(other, field) === name);
      return earlier ? [duplicate(`${path}[${index}]`, name)] : [];
    }),
  ];

/** A list that has no more items than so many. */
export const atMost =
  (most: number): Rule =>
  (value, path) => {
    const { length } = listAt(value);
    if (length <= most) return [];
    return [{ field: path, reason: 'FieldValueTooMany', message: `${length}: must have at most ${most} items` }];
  };
