// What containers ask for and may use.

import { isObject, type Json, type JsonObject, objectAt } from '../../core/json.ts';
import { compareQuantities, parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, notFoundField, required } from '../status.ts';
import { qualifiedProblems } from './names.ts';
import { at, entries, fields, inTurn, items, known, needed, oneOf, type Rule } from './rules.ts';

const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;
const HUGE_PAGES = 'hugepages-';
const NANO = 1_000_000_000n;

/** A resource that is not Kubernetes' own: 'example.com/gpu'. */
export const isExtended = (name: string): boolean =>
  name.includes('/') &&
  !name.includes('kubernetes.io/') &&
  !name.startsWith('requests.') &&
  qualifiedProblems(`requests.${name}`).length === 0;

/** Of these nobody gets more than he asks for. */
export const isFixed = (name: string): boolean => isExtended(name) || name.startsWith(HUGE_PAGES);

/** The name of a resource that a container can ask for. */
export function containerResource(name: string, path: string): Cause[] {
  const tell = (problem: string): Cause => invalidValue(path, name, problem);
  const problems = qualifiedProblems(name).map(tell);
  if (name.includes('/')) {
    const fits = name.includes('kubernetes.io/') || isExtended(name);
    return fits ? problems : [...problems, tell("doesn't follow extended resource name standard")];
  }
  if (STANDARD.test(name)) return problems;
  const bare = problems.length === 0 ? [tell('must be a standard resource type or fully qualified')] : problems;
  return [...bare, tell('must be a standard resource for containers')];
}

/** A quantity of a resource: extended ones are counted, and pages are whole. */
export const resourceAmount = (value: Json | undefined, path: string, name: string): Cause[] => {
  const amount = String(value);
  const { nano } = parseQuantity(amount);
  const page = name.startsWith(HUGE_PAGES) ? name.slice(HUGE_PAGES.length) : '';
  return [
    ...containerResource(name, path),
    ...(nano < 0n ? [invalidValue(path, amount, 'must be greater than or equal to 0')] : []),
    ...(isExtended(name) && nano % NANO !== 0n ? [invalidValue(path, amount, 'must be an integer')] : []),
    ...(page !== '' && !isMultiple(nano, page)
      ? [invalidValue(path, amount, `${amount} is not positive integer multiple of ${name}`)]
      : []),
  ];
};

function isMultiple(nano: bigint, page: string): boolean {
  if (!/^\d+[KMGTPE]i$/.test(page)) return true;
  const size = parseQuantity(page).nano;
  return size === 0n || nano % size === 0n;
}

const hasAny = (list: JsonObject, holds: (name: string) => boolean): boolean => Object.keys(list).some(holds);

/** A limit holds for a request of the same; claims are those that the Pod has. */
export const resources =
  (claims: readonly string[]): Rule =>
  (value, path) => {
    const [limits, requests] = [objectAt(value, 'limits'), objectAt(value, 'requests')];
    const has = (holds: (name: string) => boolean): boolean => hasAny(limits, holds) || hasAny(requests, holds);
    const bare = has((name) => name.startsWith(HUGE_PAGES)) && !has((name) => name === 'cpu' || name === 'memory');
    return [
      ...fields({ limits: entries(resourceAmount), requests: entries(resourceAmount) })(value, path),
      ...Object.entries(requests).flatMap(([name, request]) => requestCauses(path, limits, { name, request })),
      ...(bare ? [forbiddenField(path, 'HugePages require cpu or memory')] : []),
      ...items(claimName(claims))(objectAt(value)['claims'], at(path, 'claims')),
    ];
  };

const claimName = (claims: readonly string[]): Rule =>
  fields({
    name: inTurn(needed(), (name, path) => (claims.includes(String(name)) ? [] : [notFoundField(path, String(name))])),
  });

interface Request {
  readonly name: string;
  readonly request: Json | undefined;
}

function requestCauses(path: string, limits: JsonObject, { name, request }: Request): Cause[] {
  const limit = limits[name];
  const field = at(path, 'requests');
  if (limit === undefined)
    return isFixed(name) ? [required(at(path, 'limits'), 'Limit must be set for non overcommitable resources')] : [];
  const order = compareQuantities(String(request), String(limit));
  if (isFixed(name) && order !== 0)
    return [invalidValue(field, String(request), `must be equal to ${name} limit of ${String(limit)}`)];
  return order > 0
    ? [invalidValue(field, String(request), `must be less than or equal to ${name} limit of ${String(limit)}`)]
    : [];
}

const POLICIES = ['NotRequired', 'RestartContainer'];

/** How a container takes a change of its resources. */
export const resizePolicy: Rule = items(
  fields({ resourceName: oneOf(['cpu', 'memory']), restartPolicy: oneOf(POLICIES) }),
);

const FIELD_RESOURCE = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/;
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

/** The amount of a resource of a container as a value. */
export const resourceField = (inVolume: boolean): Rule =>
  fields({
    containerName: inVolume ? needed() : () => [],
    resource: inTurn(needed(), (value, path) =>
      FIELD_RESOURCE.test(String(value)) ? [] : known(FIELD_RESOURCES)(value, path),
    ),
  });

/** The divisor of such a value fits its resource. */
export const resourceDivisor: Rule = (value, path) => {
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
