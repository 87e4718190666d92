// What the containers of a Pod use: a share of what they request, or what an annotation says.

import { type Json, listAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { milliOf, parseQuantity } from '../../objects/quantity.ts';

export const USAGE_ANNOTATION = 'hawser.dev/usage';

export type Resource = 'cpu' | 'memory';
const RESOURCES: readonly Resource[] = ['cpu', 'memory'];

/** Thousandths of a core, thousandths of a byte. */
export type Amounts = Readonly<Record<Resource, number>>;

/** Of what is requested, in hundredths; of what requests nothing, in thousandths. */
const SHARE: Amounts = { cpu: 10, memory: 50 };
const SMALL: Amounts = { cpu: 2, memory: 24 * 2 ** 20 * 1000 };

export interface ContainerUsage {
  readonly name: string;
  readonly usage: Amounts;
}

/** Of each container that goes on, in their order; sidecars first. */
export function usageOf(pod: KubeObject): ContainerUsage[] {
  const containers = [
    ...listAt(pod, 'spec', 'initContainers').filter((one) => textAt(one, 'restartPolicy') === 'Always'),
    ...listAt(pod, 'spec', 'containers'),
  ];
  const { said } = parseUsage(annotationsOf(pod)[USAGE_ANNOTATION] ?? '');
  const of = (resource: Resource): readonly number[] => amountsOf(resource, containers, said);
  const [cpu, memory] = [of('cpu'), of('memory')];
  return containers.map((container, index) => ({
    name: textAt(container, 'name'),
    usage: { cpu: cpu[index] ?? 0, memory: memory[index] ?? 0 },
  }));
}

/** What is said of one container counts for it; what is said of the Pod is divided among the others by what they request. */
function amountsOf(resource: Resource, containers: readonly Json[], said: readonly Said[]): readonly number[] {
  const own = (container: Json): number | undefined =>
    said.findLast((one) => one.resource === resource && one.container === textAt(container, 'name'))?.amount;
  const whole = said.findLast((one) => one.resource === resource && one.container === '')?.amount;
  const others = containers.filter((container) => own(container) === undefined);
  const sum = others.reduce<number>((total, container) => total + requestOf(container, resource), 0);
  return containers.map((container) => {
    const amount = own(container);
    if (amount !== undefined) return amount;
    const request = requestOf(container, resource);
    if (whole !== undefined) return Math.round(sum > 0 ? (whole * request) / sum : whole / others.length);
    return request > 0 ? Math.max(1, Math.round((request * SHARE[resource]) / 100)) : SMALL[resource];
  });
}

/** In thousandths; 0 where it requests nothing. A limit alone is a request as well. */
export function requestOf(container: Json, resource: string): number {
  return milliOf(
    textAt(container, 'resources', 'requests', resource) || textAt(container, 'resources', 'limits', resource) || '0',
  );
}

interface Said {
  /** '' for the whole Pod. */
  readonly container: string;
  readonly resource: Resource;
  readonly amount: number;
}

/** 'cpu=900m,memory=200Mi', also of one container: 'web/cpu=1'. */
export function parseUsage(text: string): { readonly said: readonly Said[]; readonly problems: readonly string[] } {
  const said: Said[] = [];
  const problems: string[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const [, container = '', name = '', amount = ''] = /^(?:([^/=]+)\/)?([a-z]+)=(.+)$/.exec(part) ?? [];
    const resource = RESOURCES.find((one) => one === name);
    if (resource && isAmount(amount)) said.push({ container, resource, amount: milliOf(amount) });
    else problems.push(`${USAGE_ANNOTATION}: '${part}' is no usage: write it like cpu=900m or web/memory=200Mi`);
  }
  return { said, problems };
}

function isAmount(text: string): boolean {
  try {
    return parseQuantity(text).nano >= 0n;
  } catch {
    return false;
  }
}
