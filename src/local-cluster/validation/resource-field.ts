// The amounts of a container's resources that its variables and volumes may hold.

import { isObject, objectAt, textAt } from '../../core/json.ts';
import { compareQuantities } from '../../objects/quantity.ts';
import { invalidValue, required, unsupported } from '../status.ts';
import { at, type Rule } from './rules.ts';

const HUGE_PAGES = 'hugepages-';
const FIELD_RESOURCE = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/;
const FIELD_RESOURCES = ['limits', 'requests']
  .flatMap((part) => ['cpu', 'ephemeral-storage', 'memory'].map((name) => `${part}.${name}`))
  .sort();
const BYTES = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** What a resource may be told in. */
const DIVISORS: Readonly<Record<string, readonly string[]>> = {
  cpu: ['1m', '1'],
  memory: BYTES,
  'ephemeral-storage': BYTES,
  hugepages: BYTES,
};

/** The amount of a resource of a container as a value, in units that fit. */
export const resourceField =
  (inVolume: boolean): Rule =>
  (value, path) => {
    const container = textAt(value, 'containerName');
    const resource = textAt(value, 'resource');
    const field = at(path, 'resource');
    if (inVolume && container === '') return [required(at(path, 'containerName'))];
    if (resource === '') return [required(field)];
    return FIELD_RESOURCE.test(resource)
      ? resourceDivisor(value, path)
      : [unsupported(field, resource, FIELD_RESOURCES)];
  };

/** The divisor of such a value fits its resource. */
const resourceDivisor: Rule = (value, path) => {
  const { resource, divisor } = objectAt(value);
  const name = FIELD_RESOURCE.exec(String(resource))?.[2] ?? '';
  const kind = name.startsWith(HUGE_PAGES) ? 'hugepages' : name;
  const divisors = Object.hasOwn(DIVISORS, kind) ? DIVISORS[kind] : undefined;
  if (!isObject(value) || divisors === undefined || divisor === undefined) return [];
  const given = String(divisor);
  const fits = compareQuantities(given, '0') === 0 || divisors.some((one) => compareQuantities(given, one) === 0);
  const listed = kind === 'cpu' ? divisors.join(' and ') : divisors.join(', ');
  const message = `only divisor's values ${listed} are supported with the ${kind} resource`;
  return fits ? [] : [invalidValue(at(path, 'divisor'), String(resource), message)];
};
