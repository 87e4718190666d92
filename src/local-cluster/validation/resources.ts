// What containers ask for and may use.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { aggregate } from '../../objects/pod-amounts.ts';
import { compareQuantities, parseQuantity } from '../../objects/quantity.ts';
import {
  type Cause,
  duplicate,
  forbiddenField,
  invalidValue,
  notFoundField,
  required,
  unsupported,
} from '../status.ts';
import { labelProblems } from './names.ts';
import { all, at, entries, items, oneOf, type Rule, text } from './rules.ts';

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
export const isFixed = (name: string): boolean =>
  name.startsWith(HUGE_PAGES) || (name.includes('/') && !name.includes('kubernetes.io/'));

/** Those that Kubernetes has a name for; containers have only the standard ones. */
const NAMED: ReadonlySet<string> = new Set([
  'cpu',
  'ephemeral-storage',
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'memory',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
  'requests.storage',
  'resourcequotas',
  'secrets',
  'services',
  'services.loadbalancers',
  'services.nodeports',
  'storage',
]);

/** The name of a resource that anything may ask for. */
const resourceName = (name: string, path: string): Cause[] => {
  const problems = qualifiedProblems(name);
  const isKnown = problems.length > 0 || name.includes('/') || NAMED.has(name) || STANDARD.test(name);
  return [...problems, ...(isKnown ? [] : ['must be a standard resource type or fully qualified'])].map((problem) =>
    invalidValue(path, name, problem),
  );
};

const ofContainers = (name: string, path: string): Cause[] => {
  const refuse = (problem: string): Cause[] => [invalidValue(path, name, problem)];
  if (name.includes('/'))
    return name.includes('kubernetes.io/') || isExtended(name)
      ? []
      : refuse("doesn't follow extended resource name standard");
  return STANDARD.test(name) ? [] : refuse('must be a standard resource for containers');
};

/** The name of a resource that a container can ask for. */
export const containerResource = (name: string, path: string): Cause[] => [
  ...resourceName(name, path),
  ...ofContainers(name, path),
];

/** How much: extended resources are counted, and pages are whole. */
const amount = (value: Json | undefined, path: string, name: string): Cause[] => {
  const given = String(value);
  const { nano } = parseQuantity(given);
  const page = name.startsWith(HUGE_PAGES) ? name.slice(HUGE_PAGES.length) : '';
  return [
    ...(nano < 0n ? [invalidValue(path, given, 'must be greater than or equal to 0')] : []),
    ...(isExtended(name) && nano % NANO !== 0n ? [invalidValue(path, given, 'must be an integer')] : []),
    ...(page !== '' && !isMultiple(nano, page)
      ? [invalidValue(path, given, `${given} is not positive integer multiple of ${name}`)]
      : []),
  ];
};

type AmountRule = (value: Json | undefined, path: string, name: string) => Cause[];

/** A quantity of a resource of a container. */
const containerAmount: AmountRule = (value, path, name) => [
  ...containerResource(name, path),
  ...amount(value, path, name),
];

const OF_PODS = ['cpu', HUGE_PAGES, 'memory'];
const isOfPods = (name: string): boolean => /^(cpu|memory|hugepages-.*)$/.test(name);

/** A quantity of a resource of a whole Pod. */
const podAmount: AmountRule = (value, path, name) => {
  const problems = resourceName(name, path);
  const own = problems.length > 0 || isOfPods(name) ? problems : [unsupported(path, name, OF_PODS)];
  return [...own, ...amount(value, path, name)];
};

function isMultiple(nano: bigint, page: string): boolean {
  if (!/^\d+[KMGTPE]i$/.test(page)) return false;
  const size = parseQuantity(page).nano;
  return size !== 0n && nano % size === 0n;
}

/** Limits and requests, which fit one another. */
const amounts =
  (rule: AmountRule): Rule =>
  (value, path) => {
    const [limits, requests] = [objectAt(value, 'limits'), objectAt(value, 'requests')];
    const names = [...Object.keys(limits), ...Object.keys(requests)];
    const hasPages = names.some((name) => name.startsWith(HUGE_PAGES));
    const bare = hasPages && !names.some((name) => name === 'cpu' || name === 'memory');
    return [
      ...entries(rule)(limits, at(path, 'limits')),
      ...entries((request, field, name) => [
        ...rule(request, field, name),
        ...requestCauses(path, limits, { name, request }),
      ])(requests, at(path, 'requests')),
      ...(bare ? [forbiddenField(path, 'HugePages require cpu or memory')] : []),
    ];
  };

/** What a container asks for; claims are those that the Pod has. */
export const containerResources = (claims: readonly string[]): Rule =>
  all(amounts(containerAmount), (value, path) => claimCauses(objectAt(value)['claims'], at(path, 'claims'), claims));

/** A request of a claim, each once. */
function claimCauses(list: Json | undefined, path: string, claims: readonly string[]): Cause[] {
  const keyOf = (claim: Json): string => [textAt(claim, 'name'), textAt(claim, 'request')].filter(Boolean).join('/');
  const known = claims.filter(Boolean).sort();
  const hint = known.length === 0 ? ' which is empty' : `: ${known.join(', ')}`;
  return listAt(list).flatMap((claim, index, all) => {
    const field = `${path}[${index}]`;
    const name = textAt(claim, 'name');
    if (name === '') return [required(field)];
    const isTwice = all.slice(0, index).some((other) => keyOf(other) === keyOf(claim));
    const missing = { ...notFoundField(field, name) };
    return [
      ...text(labelProblems)(objectAt(claim)['request'], at(field, 'request')),
      ...(isTwice ? [duplicate(field, keyOf(claim))] : []),
      ...(claims.includes(name)
        ? []
        : [{ ...missing, message: `${missing.message}: must be one of the names in pod.spec.resourceClaims${hint}` }]),
    ];
  });
}

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

/** What a Pod asks for as a whole covers what its containers ask for. */
export const podResources: Rule = (spec, path) => {
  const own = objectAt(spec)['resources'];
  const field = at(path, 'resources');
  if (!isObject(own)) return [];
  if (textAt(spec, 'os', 'name') === 'windows') return [forbiddenField(field, 'may not be set for a windows pod')];
  const hasClaims = listAt(own, 'claims').length > 0;
  const noClaims = 'claims may not be set for Resources at pod-level';
  return [
    ...(hasClaims ? [forbiddenField(at(field, 'claims'), noClaims)] : []),
    ...amounts(podAmount)(own, field),
    ...claimCauses(
      own['claims'],
      at(field, 'claims'),
      listAt(spec, 'resourceClaims').map((claim) => textAt(claim, 'name')),
    ),
    ...aggregateCauses(objectAt(spec), field, 'requests', isOfPods),
    ...aggregateCauses(objectAt(spec), field, 'limits', (name) => name.startsWith(HUGE_PAGES)),
    ...listAt(spec, 'containers').flatMap((one, index) =>
      Object.entries(objectAt(one, 'resources', 'limits')).flatMap(([name, limit]) => {
        const most = objectAt(own, 'limits')[name];
        if (most === undefined || compareQuantities(String(limit), String(most)) <= 0) return [];
        const message = `must be less than or equal to pod limits of ${String(most)}`;
        return [invalidValue(`${field}.containers[${index}][${name}].limits`, String(limit), message)];
      }),
    ),
  ];
};

function aggregateCauses(
  spec: JsonObject,
  path: string,
  part: 'requests' | 'limits',
  counts: (name: string) => boolean,
): Cause[] {
  return Object.entries(objectAt(spec, 'resources', part)).flatMap(([name, given]) => {
    if (!counts(name)) return [];
    const sum = aggregate(spec, part, name);
    if (compareQuantities(String(given), sum) >= 0) return [];
    const message = `must be greater than or equal to aggregate container ${part} of ${sum}`;
    return [invalidValue(`${path}.${part}[${name}]`, String(given), message)];
  });
}

/** What a Pod costs beside its containers, which is told of as limits. */
export const overhead: Rule = (value, path) => entries(containerAmount)(value, at(path, 'limits'));

const RESIZED = ['cpu', 'memory'];
const POLICIES = ['NotRequired', 'RestartContainer'];

/** How a container takes a change of its resources, by whether its Pod restarts any; told of under the field of all. */
export const resizePolicy =
  (restarts: string): Rule =>
  (value, path) =>
    listAt(value).flatMap((policy, index, list) => {
      const name = textAt(policy, 'resourceName');
      const how = textAt(policy, 'restartPolicy');
      const isTwice = list.slice(0, index).some((other) => textAt(other, 'resourceName') === name);
      const isRestart = restarts === 'Never' && how !== 'NotRequired';
      return [
        ...(isTwice ? [duplicate(`${path}[${index}]`, name)] : []),
        ...oneOf(RESIZED)(name, path),
        ...oneOf(POLICIES)(how, path),
        ...(isRestart ? [invalidValue(path, how, NEVER_RESTARTED)] : []),
      ];
    });

const NEVER_RESTARTED = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
const NOT_RESTARTED = "must not be set to 'RestartContainer' for non-sidecar initContainers";

/** A container that runs once is not restarted for more. */
export const resizedInPlace: Rule = items((policy, path) => {
  const how = textAt(policy, 'restartPolicy');
  return how === 'RestartContainer' ? [invalidValue(at(path, 'restartPolicy'), how, NOT_RESTARTED)] : [];
});
