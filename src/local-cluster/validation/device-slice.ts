// Slices: the devices that a driver offers on nodes.

import { isList, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { labelValueProblems } from '../../objects/label-names.ts';
import { type Cause, invalidValue, required, tooLong } from '../status.ts';
import { deviceCapacity } from './device-capacity.ts';
import { DEVICE_EFFECTS } from './device-claim.ts';
import { attributeName, driverName, hasItems, label, oneWay, poolName, qualified, subdomain } from './device-parts.ts';
import {
  all,
  at,
  atMost,
  distinct,
  fields,
  inTurn,
  items,
  needed,
  oneOf,
  optional,
  type Rule,
  set,
  text,
} from './rules.ts';
import { nodeSelector } from './scheduling.ts';

const pool: Rule = (value, path) => {
  const { name = '', resourceSliceCount = 0, generation = 0 } = objectAt(value);
  return [
    ...poolName(name, at(path, 'name')),
    ...(Number(resourceSliceCount) > 0
      ? []
      : [invalidValue(at(path, 'resourceSliceCount'), resourceSliceCount, 'must be greater than zero')]),
    ...(Number(generation) >= 0
      ? []
      : [invalidValue(at(path, 'generation'), generation, 'must be greater than or equal to zero')]),
  ];
};

const nodeName =
  (empty: string): Rule =>
  (value, path) =>
    value === '' ? [invalidValue(path, value, empty)] : subdomain(value, path);

const yes: Rule = (value, path) =>
  value === false ? [invalidValue(path, value, 'must be either unset or set to true')] : [];

const WAYS = ['nodeName', 'nodeSelector', 'allNodes', 'perDeviceNodeSelection'];
const waysOf = (value: JsonObject, ways: readonly string[]): string[] => ways.filter((way) => Boolean(value[way]));

const oneTerm: Rule = (value, path) => {
  const terms = objectAt(value)['nodeSelectorTerms'];
  if (listAt(terms).length === 1) return [];
  return [invalidValue(at(path, 'nodeSelectorTerms'), printedTerms(terms), 'must have exactly one node selector term')];
};

const printedRequirements = (list: Json | undefined): Json =>
  isObject(list) || list === undefined
    ? null
    : listAt(list).map((one) => ({
        Key: textAt(one, 'key'),
        Operator: textAt(one, 'operator'),
        Values: objectAt(one)['values'] ?? null,
      }));

/** Terms as Go's structures write them. */
const printedTerms = (terms: Json | undefined): Json =>
  terms === undefined || terms === null
    ? null
    : listAt(terms).map((term) => ({
        MatchExpressions: printedRequirements(objectAt(term)['matchExpressions']),
        MatchFields: printedRequirements(objectAt(term)['matchFields']),
      }));

const ofNodes: Rule = (value, path) => [
  ...fields({
    nodeName: optional(nodeName('must be either unset or set to a non-empty string')),
    nodeSelector: optional(all(nodeSelector, oneTerm)),
    allNodes: yes,
    perDeviceNodeSelection: yes,
  })(value, path),
  ...oneWay(waysOf(objectAt(value), WAYS), path, {
    message: 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required',
    many: 'list',
  }),
];

const MOST_OF_VALUE = 64;
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

const short: Rule = (value, path) => (String(value).length > MOST_OF_VALUE ? [tooLong(path, MOST_OF_VALUE)] : []);

const version: Rule = (value, path) => [
  ...(SEMVER.test(String(value))
    ? []
    : [invalidValue(path, value, 'must be a string compatible with semver.org spec 2.0.0')]),
  ...short(value, path),
];

/** The value of an attribute as Go's structure writes it. */
const printedAttribute = ({ int, bool, string, version: text }: JsonObject): Json => ({
  IntValue: int ?? null,
  BoolValue: bool ?? null,
  StringValue: string ?? null,
  VersionValue: text ?? null,
  IntValues: null,
  BoolValues: null,
  StringValues: null,
  VersionValues: null,
});

const attribute: Rule = (value, path) => {
  const given = objectAt(value);
  const count = ['int', 'bool', 'string', 'version'].filter((field) => given[field] !== undefined).length;
  const message = 'exactly one value must be specified';
  return [
    ...fields({ version: optional(version), string: optional(short) })(value, path),
    ...(count === 1 ? [] : [invalidValue(path, count === 0 ? '' : printedAttribute(given), message)]),
  ];
};

/** The values of a map whose keys are told by the map. */
const keyed =
  (key: Rule, rule: Rule): Rule =>
  (value, path) =>
    Object.entries(objectAt(value)).flatMap(([name, item]) => [...key(name, path), ...rule(item, `${path}[${name}]`)]);

const counters: Rule = (value, path) => {
  const names = Object.keys(objectAt(value));
  if (names.length === 0) return [required(path)];
  const many = atMost(32)(names, path);
  return many.length > 0 ? many : names.flatMap((name) => label(name, path));
};

const counterSet = (name: string): Rule => fields({ [name]: inTurn(needed(), label), counters });

const taint: Rule = fields({ key: qualified, value: text(labelValueProblems), effect: oneOf(DEVICE_EFFECTS) });

const MOST_VALUES = 32;

const manyValues: Rule = (value, path) => {
  const count = ['attributes', 'capacity'].reduce((sum, name) => sum + Object.keys(objectAt(value, name)).length, 0);
  const message = `the total number of attributes and capacities must not exceed ${MOST_VALUES}`;
  return count > MOST_VALUES ? [invalidValue(path, count, message)] : [];
};

const bindingNames: Rule = inTurn(atMost(4), set(qualified));

const binding: Rule = (value, path) => {
  const { bindingConditions: bound, bindingFailureConditions: failed } = objectAt(value);
  const [ofBound, ofFailed] = [at(path, 'bindingConditions'), at(path, 'bindingFailureConditions')];
  const lacks = (name: string, other: string): Cause =>
    invalidValue(at(path, name), objectAt(value)[name] ?? null, `${name} are required to use ${other}`);
  return [
    ...bindingNames(bound, ofBound),
    ...bindingNames(failed, ofFailed),
    ...(hasItems(bound) && !hasItems(failed) ? [lacks('bindingFailureConditions', 'bindingConditions')] : []),
    ...(hasItems(failed) && !hasItems(bound) ? [lacks('bindingConditions', 'bindingFailureConditions')] : []),
    ...items((name, field) =>
      listAt(bound).includes(name ?? null)
        ? [invalidValue(field, name, 'bindingFailureConditions must not overlap with bindingConditions')]
        : [],
    )(failed, ofFailed),
  ];
};

const DEVICE_WAYS = ['nodeName', 'nodeSelector', 'allNodes'];
const UNASKED =
  '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
const ASKED =
  'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';

const deviceNodes =
  (isAsked: boolean): Rule =>
  (value, path) => {
    const given = objectAt(value);
    if (!isAsked) return DEVICE_WAYS.some((way) => given[way] !== undefined) ? [invalidValue(path, null, UNASKED)] : [];
    return [
      ...fields({
        nodeName: optional(nodeName('must not be empty')),
        nodeSelector: optional(nodeSelector),
        allNodes: yes,
      })(value, path),
      ...oneWay(waysOf(given, DEVICE_WAYS), path, { message: ASKED, many: 'list', more: '' }),
    ];
  };

const device =
  (ofEach: boolean): Rule =>
  (value, path) => {
    const isShared = objectAt(value)['allowMultipleAllocations'] === true;
    return all(
      fields({ name: label }),
      manyValues,
      fields({
        attributes: keyed(attributeName, attribute),
        capacity: keyed(attributeName, deviceCapacity(isShared)),
        taints: inTurn(atMost(16), items(taint)),
        consumesCounters: inTurn(atMost(2), distinct('counterSet', counterSet('counterSet'))),
      }),
      deviceNodes(ofEach),
      binding,
    )(value, path);
  };

/** Devices with more to say of are fewer. */
const mostDevices = (devices: readonly Json[]): number =>
  devices.some((one) => hasItems(objectAt(one)['taints']) || hasItems(objectAt(one)['consumesCounters'])) ? 64 : 128;

/** Of whom a slice is, which is looked at first. */
export const slicePool: Rule = fields({ spec: fields({ driver: driverName, pool }) });

export const resourceSlice: Rule = fields({
  spec: (value, path) => {
    const { devices, sharedCounters, perDeviceNodeSelection } = objectAt(value);
    const both = isList(devices) && isList(sharedCounters);
    return [
      ...ofNodes(value, path),
      ...(both ? [invalidValue(path, '', 'only one of `sharedCounters` or `devices` is allowed')] : []),
      ...inTurn(atMost(mostDevices(listAt(devices))), distinct('name', device(perDeviceNodeSelection === true)))(
        devices,
        at(path, 'devices'),
      ),
      ...inTurn(atMost(8), distinct('name', counterSet('name')))(sharedCounters, at(path, 'sharedCounters')),
    ];
  },
});
