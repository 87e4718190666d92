// What a device has of something, and how much of it a request may take.

import { isObject, type Json, type JsonObject, listAt, objectAt } from '../../core/json.ts';
import { compareQuantities, parseQuantity, sumQuantities } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { at, atMost, type Rule } from './rules.ts';

const quantityOf = (value: Json | undefined): string => String(value ?? '0');
const isMore = (a: Json | undefined, b: Json | undefined): boolean =>
  compareQuantities(quantityOf(a), quantityOf(b)) > 0;

interface Policy {
  readonly capacity: string;
  readonly usual: Json;
}

function validValueCauses(values: readonly Json[], path: string, { capacity, usual }: Policy): Cause[] {
  const unfit = invalidValue(path, usual, 'default value is not valid according to the requestPolicy');
  const many = atMost(10)([...values], path);
  if (many.length > 0) return [...many, unfit];
  return [
    ...values.flatMap((value, index) => [
      ...(index > 0 && isMore(values[index - 1], value)
        ? [invalidValue(`${path}[${index}]`, value, 'values must be sorted in ascending order')]
        : []),
      ...(isMore(value, capacity)
        ? [invalidValue(`${path}[${index}]`, value, `option is larger than capacity value: ${capacity}`)]
        : []),
    ]),
    ...values.flatMap((value, index) => (values.indexOf(value) < index ? [duplicate(`${path}[${index}]`, value)] : [])),
    ...(values.some((value) => compareQuantities(quantityOf(value), quantityOf(usual)) === 0) ? [] : [unfit]),
  ];
}

function rangeCauses(range: JsonObject, path: string, { capacity, usual }: Policy): Cause[] {
  const { min, max, step } = range;
  if (min === undefined) return [required(at(path, 'min'), 'required when validRange is defined')];
  const [least, most] = [at(path, 'min'), at(path, 'max')];
  const causes: Cause[] = [];
  if (isMore(min, capacity)) causes.push(invalidValue(least, min, `min is larger than capacity value: ${capacity}`));
  if (isMore(min, usual)) causes.push(invalidValue(least, usual, `default is less than min: ${String(min)}`));
  if (max !== undefined) {
    if (isMore(min, max)) causes.push(invalidValue(most, min, `min is larger than max: ${String(max)}`));
    if (isMore(max, capacity)) causes.push(invalidValue(most, max, `max is larger than capacity value: ${capacity}`));
    if (isMore(usual, max)) causes.push(invalidValue(most, usual, `default is more than max: ${String(max)}`));
  }
  return step === undefined ? causes : [...causes, ...stepCauses(range, at(path, 'step'), { capacity, usual })];
}

function stepCauses({ min, max, step }: JsonObject, path: string, { capacity, usual }: Policy): Cause[] {
  const [from, width] = [quantityOf(min), quantityOf(step)];
  const once = sumQuantities([from, width]);
  const units = (value: Json): bigint => parseQuantity(quantityOf(value)).nano;
  const isOff = (value: Json): boolean => units(width) !== 0n && (units(value) - units(from)) % units(width) !== 0n;
  return [
    ...(isMore(once, capacity)
      ? [invalidValue(path, width, `one step ${once} is larger than capacity value: ${capacity}`)]
      : []),
    ...[usual, ...(max === undefined ? [] : [max])]
      .filter(isOff)
      .map((value) => invalidValue(path, value, `value is not a multiple of a given step (${width}) from (${from})`)),
  ];
}

const requestPolicy = (value: JsonObject, path: string, capacity: string): Cause[] => {
  const { default: usual, validValues, validRange } = value;
  const values = listAt(validValues);
  const way = values.length > 0 ? 'validValues' : 'validRange';
  if (values.length > 0 && isObject(validRange)) {
    const message =
      'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
    return [forbiddenField(path, message)];
  }
  if (values.length === 0 && !isObject(validRange)) return [];
  if (usual === undefined || usual === null) return [required(at(path, 'default'), `required when ${way} is defined`)];
  const policy = { capacity, usual };
  return values.length > 0
    ? validValueCauses(values, at(path, way), policy)
    : rangeCauses(objectAt(validRange), at(path, way), policy);
};

/** How much a device has, and in what amounts its users may take of it. */
export const deviceCapacity =
  (isShared: boolean): Rule =>
  (value, path) => {
    const { value: amount, requestPolicy: policy } = objectAt(value);
    const field = at(path, 'requestPolicy');
    if (!isObject(policy)) return [];
    return isShared
      ? requestPolicy(policy, field, quantityOf(amount))
      : [forbiddenField(field, 'allowMultipleAllocations must be true')];
  };
