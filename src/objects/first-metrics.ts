// Metrics of an autoscaler as its first version writes them, in annotations: flat, and each kind with its own words.

import { isObject, type Json, type JsonObject, objectAt, textAt } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';

/** What is aimed at, or what is. */
export type Side = 'target' | 'current';

/** The fields in their order: by the first version's name, where the second has the value, and what it is when absent. */
type Form = (side: Side) => readonly (readonly [name: string, path: readonly string[], zero?: string])[];

const NAME = ['metric', 'name'] as const;
const SELECTOR = ['metric', 'selector'] as const;

/** '0' stands where the first version has no way to say nothing. */
const ofCurrent = (side: Side): string | undefined => (side === 'current' ? '0' : undefined);

const resource: Form = (side) => [
  ['name', ['name']],
  [`${side}AverageUtilization`, [side, 'averageUtilization']],
  [`${side}AverageValue`, [side, 'averageValue'], ofCurrent(side)],
];

const FORMS: Readonly<Record<string, Form>> = {
  resource,
  containerResource: (side) => [...resource(side), ['container', ['container']]],
  pods: (side) => [
    ['metricName', NAME],
    [`${side}AverageValue`, [side, 'averageValue'], '0'],
    ['selector', SELECTOR],
  ],
  object: (side) => [
    ['target', ['describedObject']],
    ['metricName', NAME],
    [`${side}Value`, [side, 'value'], '0'],
    ['selector', SELECTOR],
    ['averageValue', [side, 'averageValue']],
  ],
  external: (side) => [
    ['metricName', NAME],
    ['metricSelector', SELECTOR],
    [`${side}Value`, [side, 'value'], ofCurrent(side)],
    [`${side}AverageValue`, [side, 'averageValue']],
  ],
};

const partOf = (metric: Json): string => {
  const type = textAt(metric, 'type');
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
};

const fieldAt = (value: Json | undefined, path: readonly string[]): Json | undefined => {
  const [field = '', ...outer] = path.toReversed();
  return objectAt(value, ...outer.toReversed())[field];
};

/** A metric in the words of the first version. */
export function toFirst(metric: Json, side: Side): Json {
  const part = partOf(metric);
  const fields = FORMS[part]?.(side);
  if (!fields) return metric;
  const own = objectAt(metric)[part];
  const entries = fields.map(([name, path, zero]) => [name, fieldAt(own, path) ?? zero]);
  const written: JsonObject = omitUndefined(Object.fromEntries(entries));
  return { type: textAt(metric, 'type'), [part]: written };
}

const KINDS = { averageUtilization: 'Utilization', averageValue: 'AverageValue', value: 'Value' } as const;

/** A metric of the first version in the words of the second. */
export function toSecond(metric: Json, side: Side): Json {
  const part = partOf(metric);
  const fields = FORMS[part]?.(side);
  const given = objectAt(metric)[part];
  // One that speaks the words of the second already is left as it is.
  if (!fields || !isObject(given) || 'metric' in given || (part !== 'object' && isObject(given[side] ?? null)))
    return metric;
  const made: Record<string, Json> = {};
  for (const [name, path] of fields) {
    const value = given[name];
    const [first = '', second] = path;
    if (value === undefined) continue;
    made[first] = second === undefined ? value : { ...objectAt(made, first), [second]: value };
  }
  return { type: textAt(metric, 'type'), [part]: { ...made, ...aim(objectAt(made, side), side) } };
}

/** One amount is what counts; a target says which. */
function aim(amounts: JsonObject, side: Side): JsonObject {
  if (side === 'current') return { current: amounts };
  const field = (['averageUtilization', 'averageValue', 'value'] as const).find((name) => amounts[name] !== undefined);
  return field === undefined ? {} : { target: { type: KINDS[field], [field]: amounts[field] ?? null } };
}
