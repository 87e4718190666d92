// What the containers, Pods and claims of a namespace may ask for.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { compareQuantities, parseQuantity } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { resourceNameCauses } from './resource-names.ts';
import { containerResource, isFixed } from './resources.ts';
import { at, fields, type Rule } from './rules.ts';

const LIMIT_TYPES = ['Container', 'PersistentVolumeClaim', 'Pod'];
const AMOUNTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
const NOT_FOR_PODS: readonly string[] = ['default', 'defaultRequest'];

function limitType(type: string, path: string): Cause[] {
  const problems = qualifiedProblems(type);
  if (problems.length > 0) return problems.map((problem) => invalidValue(path, type, problem));
  if (type.includes('/') || LIMIT_TYPES.includes(type)) return [];
  return [invalidValue(path, type, 'must be a standard limit type or fully qualified')];
}

type Amounts = Readonly<Partial<Record<(typeof AMOUNTS)[number], string>>>;

/** What must not be more than what: the field and the amount that are told, and the words for both. */
const ORDERS = [
  ['min', 'max', 'min', 'min', 'min value', 'max value'],
  ['min', 'defaultRequest', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
  ['defaultRequest', 'max', 'defaultRequest', 'defaultRequest', 'default request value', 'max value'],
  ['defaultRequest', 'default', 'defaultRequest', 'defaultRequest', 'default request value', 'default limit value'],
  ['min', 'default', 'default', 'min', 'min value', 'default value'],
  ['default', 'max', 'default', 'max', 'default value', 'max value'],
] as const;

/** The amounts of one resource, one against the other. */
function orderCauses(name: string, amounts: Amounts, path: string): Cause[] {
  const orders = ORDERS.flatMap(([lower, upper, field, told, lowWord, highWord]): Cause[] => {
    const [low, high] = [amounts[lower], amounts[upper]];
    if (low === undefined || high === undefined || compareQuantities(low, high) <= 0) return [];
    return [
      invalidValue(`${path}.${field}[${name}]`, amounts[told], `${lowWord} ${low} is greater than ${highWord} ${high}`),
    ];
  });
  return [...orders, ...ratioCauses(name, amounts, path), ...fixedCauses(name, amounts, path)];
}

function ratioCauses(name: string, { max, min, maxLimitRequestRatio: ratio }: Amounts, path: string): Cause[] {
  if (ratio === undefined) return [];
  const field = `${path}.maxLimitRequestRatio[${name}]`;
  const [most, least, given] = [max ?? '0', min ?? '0', ratio].map((amount) => Number(parseQuantity(amount).nano));
  const causes = compareQuantities(ratio, '1') < 0 ? [invalidValue(field, ratio, `ratio ${ratio} is less than 1`)] : [];
  if (max === undefined || most === undefined || !least || given === undefined || given / 1e9 <= most / least)
    return causes;
  const message = `ratio ${ratio} is greater than max/min = ${(most / least).toFixed(6)}`;
  return [...causes, invalidValue(field, ratio, message)];
}

function fixedCauses(name: string, { default: usual, defaultRequest: asked }: Amounts, path: string): Cause[] {
  if (!isFixed(name) || usual === undefined || asked === undefined || compareQuantities(usual, asked) === 0) return [];
  const message = `default value ${usual} must equal to defaultRequest value ${asked} in ${name}`;
  return [invalidValue(`${path}.defaultRequest[${name}]`, asked, message)];
}

const limit: Rule = (value, path) => {
  const type = textAt(value, 'type');
  const isOfContainers = type === 'Container' || type === 'Pod';
  const isBarred = (field: string): boolean => type === 'Pod' && NOT_FOR_PODS.includes(field);
  const list = (field: string): JsonObject => objectAt(value, field);
  const names = AMOUNTS.flatMap((field): Cause[] => {
    const keys = Object.keys(list(field));
    if (isBarred(field))
      return keys.length > 0 ? [forbiddenField(at(path, field), "may not be specified when `type` is 'Pod'")] : [];
    const causes = isOfContainers ? containerResource : resourceNameCauses;
    return keys.flatMap((name) => causes(name, `${path}.${field}[${name}]`));
  });
  const told = AMOUNTS.filter((field) => !isBarred(field));
  const orders = [...new Set(told.flatMap((field) => Object.keys(list(field))))].flatMap((name) => {
    const amounts = told.flatMap((field): [string, string][] =>
      Object.hasOwn(list(field), name) ? [[field, String(list(field)[name])]] : [],
    );
    return orderCauses(name, Object.fromEntries(amounts), path);
  });
  return [...names, ...sizeCauses(value, path), ...orders];
};

/** Of claims the storage is limited. */
function sizeCauses(value: Json | undefined, path: string): Cause[] {
  const isBare = ['min', 'max'].every((field) => objectAt(value, field)['storage'] === undefined);
  if (textAt(value, 'type') !== 'PersistentVolumeClaim' || !isBare) return [];
  return [
    required(at(path, 'limits'), 'either minimum or maximum storage value is required, but neither was provided'),
  ];
}

export const limitRange: Rule = fields({
  spec: fields({
    limits: (value, path) =>
      listAt(value).flatMap((item, index, list) => {
        const field = `${path}[${index}]`;
        const type = textAt(item, 'type');
        const isTwice = list.slice(0, index).some((other) => textAt(other, 'type') === type);
        return [
          ...limitType(type, at(field, 'type')),
          ...(isTwice ? [duplicate(at(field, 'type'), type)] : []),
          ...limit(item, field),
        ];
      }),
  }),
});
