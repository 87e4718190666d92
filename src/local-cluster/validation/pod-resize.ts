// What a resize may change of a Pod: how much cpu and memory its containers get, or the Pod as a whole.

import { isObject, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { qosClass } from '../prepare/pod.ts';
import { type Cause, forbiddenField, invalidValue } from '../status.ts';

const LISTS = ['containers', 'initContainers'] as const;
const RESIZED = ['cpu', 'memory'];

export function resizeCauses(pod: JsonObject, before: JsonObject): Cause[] {
  const [spec, old] = [objectAt(pod, 'spec'), objectAt(before, 'spec')];
  const causes = [...stateCauses(spec, before), ...podLevelCauses(spec, old)];
  const others = LISTS.flatMap((list) => otherContainerCauses(list, spec, old));
  if (others.length > 0) return [...causes, ...others];
  const pairs = (list: (typeof LISTS)[number]): Pair[] =>
    listAt(old, list).map((one, index) => ({
      now: objectAt(listAt(spec, list)[index]),
      before: objectAt(one),
      path: `spec.${list}[${index}]`,
    }));
  const [inits, containers] = [pairs('initContainers'), pairs('containers')];
  const changed = (pair: Pair): boolean => !sameJson(otherParts(pair.now), otherParts(pair.before));
  const message = 'only cpu and memory resources for init or sidecar containers are mutable';
  return [
    ...causes,
    ...[...inits, ...containers].flatMap((pair) =>
      removedCauses(pair.now, pair.before, { path: `${pair.path}.resources`, what: 'resource' }),
    ),
    ...containers.filter(changed).map(() => forbiddenField('spec', 'only cpu and memory resources are mutable')),
    ...inits.filter(changed).map(({ path }) => forbiddenField(path, message)),
  ];
}

interface Pair {
  readonly now: JsonObject;
  readonly before: JsonObject;
  readonly path: string;
}

/** What the Pod is now does not let it be resized, or not so. */
function stateCauses(spec: JsonObject, before: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const old = textAt(before, 'status', 'qosClass');
  if (qosClass(spec) !== old)
    causes.push(invalidValue('spec', old, 'Pod QOS Class may not change as a result of resizing'));
  const running = listAt(before, 'status', 'containerStatuses').find((status) =>
    isObject(objectAt(status, 'state')['running']),
  );
  if (running !== undefined && objectAt(running)['resources'] === undefined)
    causes.push(forbiddenField('spec', 'Pod running on node without support for resize'));
  return causes;
}

function podLevelCauses(spec: JsonObject, old: JsonObject): Cause[] {
  const path = 'spec.resources';
  const removed =
    isObject(old['resources']) && !isObject(spec['resources'])
      ? [forbiddenField(path, 'pod-level resources cannot be removed')]
      : removedCauses(spec, old, { path, what: 'pod-level resource' });
  const isSame = sameJson(otherAmounts(spec['resources']), otherAmounts(old['resources']));
  const message = 'only cpu and memory resources are mutable at pod-level';
  return [...removed, ...(isSame ? [] : [forbiddenField('spec', message)])];
}

/** The containers are the same, one by one. */
function otherContainerCauses(list: (typeof LISTS)[number], spec: JsonObject, old: JsonObject): Cause[] {
  const [now, earlier] = [listAt(spec, list), listAt(old, list)];
  if (now.length !== earlier.length)
    return [forbiddenField(`spec.${list}`, `${list} may not be added or removed on resize`)];
  const message = `${list} may not be renamed or reordered on resize`;
  return now.flatMap((one, index) =>
    textAt(one, 'name') === textAt(earlier[index], 'name')
      ? []
      : [forbiddenField(`spec.${list}[${index}].name`, message)],
  );
}

/** No amount that is there is taken away. */
function removedCauses(
  owner: JsonObject,
  before: JsonObject,
  { path, what }: { readonly path: string; readonly what: string },
): Cause[] {
  const amounts = (one: JsonObject, part: string): JsonObject => objectAt(one, 'resources', part);
  return ['requests', 'limits'].flatMap((part) => {
    const now = amounts(owner, part);
    const isLost = Object.keys(amounts(before, part)).some((name) => now[name] === undefined);
    return isLost ? [forbiddenField(`${path}.${part}`, `${what} ${part} cannot be removed`)] : [];
  });
}

/** A container without what a resize may change. */
const otherParts = (container: JsonObject): JsonObject => ({
  ...container,
  resources: otherAmounts(container['resources']),
});

function otherAmounts(resources: JsonObject[string] | undefined): JsonObject {
  const rest = (part: string): JsonObject =>
    Object.fromEntries(Object.entries(objectAt(resources, part)).filter(([name]) => !RESIZED.includes(name)));
  return { limits: rest('limits'), requests: rest('requests') };
}
