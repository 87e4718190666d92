// The status of a claim of devices: what it was given, who uses it, and what drivers tell of each device.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, tooLong, unsupported } from '../status.ts';
import { parseCidr } from './addresses.ts';
import { conditions } from './conditions.ts';
import { namesOf, requestName, requestNames } from './device-claim.ts';
import { deviceConfig, driverName, hasItems, label, poolName, qualified } from './device-parts.ts';
import { all, anyText, at, fields, items, needed, optional, type Rule, set } from './rules.ts';
import { nodeSelector } from './scheduling.ts';

const device = { driver: driverName, pool: poolName, device: label } as const;

const SOURCES = ['FromClaim', 'FromClass'];

const source: Rule = (value, path) => {
  if ((value ?? '') === '') return [required(path)];
  return SOURCES.includes(String(value)) ? [] : [unsupported(path, value, SOURCES)];
};

const conditionNames: Rule = set(qualified);

/** What a device waits for, and what tells that it waits in vain, go together. */
const bindings: Rule = (value, path) => {
  const { bindingConditions: waits, bindingFailureConditions: fails } = objectAt(value);
  const lone = (own: string, other: string): Cause =>
    invalidValue(at(path, own), null, `${own} are required to use ${other}`);
  return [
    ...fields({ bindingConditions: conditionNames, bindingFailureConditions: conditionNames })(value, path),
    ...(hasItems(waits) && !hasItems(fails) ? [lone('bindingFailureConditions', 'bindingConditions')] : []),
    ...(hasItems(fails) && !hasItems(waits) ? [lone('bindingConditions', 'bindingFailureConditions')] : []),
  ];
};

const allocation = (names: readonly string[]): Rule =>
  fields({
    devices: fields({
      results: items(all(fields({ request: requestName(names), ...device, shareID: shareId }), bindings)),
      config: items(all(fields({ source, requests: requestNames(names) }), deviceConfig)),
    }),
    nodeSelector: optional(nodeSelector),
  });

/** Each is told by its id, which nobody has twice. */
const consumers: Rule = (value, path) => [
  ...items(fields({ resource: needed(), name: needed(), uid: needed() }))(value, path),
  ...listAt(value).flatMap((item, index, list) => {
    const uid = textAt(item, 'uid');
    const isTwice = list.slice(0, index).some((other) => textAt(other, 'uid') === uid);
    return isTwice ? [duplicate(`${path}[${index}]`, uid)] : [];
  }),
];

const HEX = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const NOT_NORMAL =
  'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';

/** By how many bytes it takes, what an id may begin with, and end with. */
const ID_FORMS: Readonly<Record<number, readonly [start: string, end: string]>> = {
  32: ['', ''],
  36: ['', ''],
  38: ['{', '}'],
  45: ['urn:uuid:', ''],
};

function idProblems(id: string): string[] {
  const length = Buffer.byteLength(id);
  const form = ID_FORMS[length];
  if (!form) return [`error validating uid: invalid UUID length: ${length}`];
  const [start, end] = form;
  if (length === 45 && id.slice(0, start.length).toLowerCase() !== start)
    return [`error validating uid: invalid urn prefix: ${JSON.stringify(id.slice(0, start.length))}`];
  if (!id.toLowerCase().startsWith(start) || !id.endsWith(end))
    return ['error validating uid: invalid bracketed UUID format'];
  const bare = id.slice(start.length, id.length - end.length).toLowerCase();
  if (!HEX.test(bare) && !/^[0-9a-f]{32}$/.test(bare)) return ['error validating uid: invalid UUID format'];
  return HEX.test(id) ? [] : [NOT_NORMAL];
}

const shareId = anyText(idProblems);

/** A device as causes show it. */
const shown = (one: Json): JsonObject => ({
  Driver: textAt(one, 'driver'),
  Pool: textAt(one, 'pool'),
  Device: textAt(one, 'device'),
  ShareID: textAt(one, 'shareID'),
});

const keyOf = (one: Json): string => JSON.stringify(shown(one));

const MOST_OF_INTERFACE = 256;
const MOST_OF_HARDWARE = 128;

const atMostBytes =
  (most: number): Rule =>
  (value, path) =>
    Buffer.byteLength(String(value ?? '')) > most ? [tooLong(path, most)] : [];

/** The address of an interface, with the network that it is in. */
const interfaceAddress: Rule = (value, path) =>
  parseCidr(String(value ?? ''))
    ? []
    : [
        invalidValue(
          path,
          String(value ?? ''),
          'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
        ),
      ];

const network: Rule = fields({
  interfaceName: atMostBytes(MOST_OF_INTERFACE),
  hardwareAddress: atMostBytes(MOST_OF_HARDWARE),
  ips: set(interfaceAddress),
});

const data: Rule = (value, path) =>
  value === undefined || isObject(value) ? [] : [invalidValue(path, '<value omitted>', 'must be a valid JSON object')];

/** What drivers tell is of devices that the claim was given. */
const told =
  (given: readonly string[]): Rule =>
  (value, path) =>
    listAt(value).flatMap((one, index, list): Cause[] => {
      const field = `${path}[${index}]`;
      const key = keyOf(one);
      const isTwice = list.slice(0, index).some((other) => keyOf(other) === key);
      return [
        ...fields({ ...device, shareID: shareId })(one, field),
        ...(isTwice ? [duplicate(field, shown(one))] : []),
        ...(given.includes(key) ? [] : [invalidValue(field, shown(one), 'must be an allocated device in the claim')]),
        ...fields({ conditions, data, networkData: optional(network) })(one, field),
      ];
    });

export function claimStatus(claim: JsonObject): Cause[] {
  const status = objectAt(claim, 'status');
  const names = namesOf(objectAt(claim, 'spec', 'devices'));
  const { allocation: allocated, reservedFor } = status;
  const isIdle = !isObject(allocated) && listAt(reservedFor).length > 0;
  const given = listAt(allocated, 'devices', 'results').map(keyOf);
  return [
    ...fields({ reservedFor: consumers, devices: told(given), allocation: optional(allocation(names)) })(
      status,
      'status',
    ),
    ...(isIdle
      ? [forbiddenField(at('status', 'reservedFor'), 'may not be specified when `allocated` is not set')]
      : []),
  ];
}
