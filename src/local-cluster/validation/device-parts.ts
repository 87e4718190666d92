// What claims of devices, classes and slices have in common.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, invalidValue, required, tooLong } from '../status.ts';
import { deviceExpressionCauses } from './cel/device.ts';
import { identifierProblems, labelProblems, subdomainProblems } from './names.ts';
import { at, atMost, fields, inTurn, items, needed, type Rule } from './rules.ts';

/** A name that has to be there, whatever is wrong with it. */
export const label: Rule = (value, path) => {
  const name = String(value ?? '');
  return labelProblems(name).map((problem) => invalidValue(path, name, problem));
};

export const qualified: Rule = (value, path) => {
  const name = String(value ?? '');
  return qualifiedProblems(name).map((problem) => invalidValue(path, name, problem));
};

export const subdomain: Rule = (value, path) => {
  const name = String(value ?? '');
  return subdomainProblems(name).map((problem) => invalidValue(path, name, problem));
};

const MOST_OF_DRIVER = 63;

/** Capital letters are let pass. */
const domain: Rule = (value, path) => {
  const name = String(value);
  return [
    ...(name.length > MOST_OF_DRIVER ? [tooLong(path, MOST_OF_DRIVER)] : []),
    ...subdomainProblems(name.toLowerCase()).map((problem) => invalidValue(path, name, problem)),
  ];
};

export const driverName: Rule = inTurn(needed(), domain);

const MOST_OF_POOL = 253;

export const poolName: Rule = inTurn(needed(), (value, path) => {
  const name = String(value);
  return [
    ...(name.length > MOST_OF_POOL ? [tooLong(path, MOST_OF_POOL)] : []),
    ...name.split('/').flatMap((part) => subdomain(part, path)),
  ];
});

const MOST_OF_ATTRIBUTE = 32;

const identifier: Rule = (value, path) => {
  const name = String(value);
  return [
    ...(name.length > MOST_OF_ATTRIBUTE ? [tooLong(path, MOST_OF_ATTRIBUTE)] : []),
    ...identifierProblems(name).map((problem) => invalidValue(path, name, problem)),
  ];
};

/** The name of an attribute: 'model', or with the domain that it is of. */
export const attributeName: Rule = (value, path) => {
  const [first = '', second, ...more] = String(value).split('/');
  if (second === undefined) return identifier(first, path);
  if (more.length > 0) return [];
  return [
    ...(first === '' ? [invalidValue(path, '', 'the domain must not be empty')] : domain(first, path)),
    ...(second === '' ? [invalidValue(path, '', 'the name must not be empty')] : identifier(second, path)),
  ];
};

export const fullAttributeName: Rule = (value, path) => [
  ...attributeName(value, path),
  ...(String(value).includes('/')
    ? []
    : [invalidValue(path, value, 'a fully qualified name must be a domain and a name separated by a slash')]),
];

const MOST_BYTES = 10_240;

const selector: Rule = (value, path) => {
  const { cel } = objectAt(value);
  const field = at(path, 'cel');
  if (!isObject(cel)) return [required(field)];
  const expression = textAt(cel, 'expression');
  const place = at(field, 'expression');
  return expression.length > MOST_BYTES ? [tooLong(place, MOST_BYTES)] : deviceExpressionCauses(expression, place);
};

export const selectors: Rule = inTurn(atMost(32), items(selector));

const parameters: Rule = (value, path) => {
  if (value === undefined || value === null) return [required(path)];
  if (JSON.stringify(value).length > MOST_BYTES) return [tooLong(path, MOST_BYTES)];
  return isObject(value) ? [] : [invalidValue(path, '<value omitted>', 'must be a valid JSON object')];
};

/** Settings that are for a driver alone. */
const driverConfig: Rule = (value, path) =>
  isObject(value) ? fields({ driver: driverName, parameters })(value, path) : [required(path)];

export const deviceConfig: Rule = fields({ opaque: driverConfig });

interface OneWay {
  readonly message: string;
  /** What is shown of several; 'list': which they are. */
  readonly many: Json | 'list';
  /** What is said more of several. */
  readonly more?: string;
}

/** One of several ways has to be taken. */
export function oneWay(ways: readonly string[], path: string, told: OneWay): Cause[] {
  if (ways.length === 1) return [];
  if (ways.length === 0) return [required(path, told.message)];
  const listed = told.many === 'list' ? `{${ways.map((way) => `\`${way}\``).join(', ')}}` : told.many;
  return [invalidValue(path, listed, `${told.message}${told.more ?? ', but multiple fields are set'}`)];
}

export const hasItems = (value: Json | undefined): boolean => listAt(value).length > 0;
