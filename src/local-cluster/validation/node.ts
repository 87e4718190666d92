// Nodes, and the drivers of storage on them.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { labelValueProblems } from '../../objects/label-names.ts';
import { type Cause, duplicate, forbiddenField, invalidValue } from '../status.ts';
import { cidrProblems, parseCidr } from './addresses.ts';
import { labelNameCauses } from './names.ts';
import { anyText, at, fields, items, oneOf, type Rule, text } from './rules.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** As the API's own type prints it. */
const taintText = (taint: Json): Json => ({
  Key: textAt(taint, 'key'),
  Value: textAt(taint, 'value'),
  Effect: textAt(taint, 'effect'),
  TimeAdded: objectAt(taint)['timeAdded'] ?? null,
});

/** Taints are told of under the metadata, as the API has it. */
function taintCauses(taints: readonly Json[]): Cause[] {
  const key = (one: Json): string => `${textAt(one, 'key')}:${textAt(one, 'effect')}`;
  return taints.flatMap((taint, index) => {
    const field = `metadata.taints[${index}]`;
    const isTwice = taints.slice(0, index).some((other) => key(other) === key(taint));
    const twice = duplicate(field, taintText(taint));
    const message = `${twice.message}: taints must be unique by key and effect pair`;
    return [
      ...labelNameCauses(at(field, 'key'), textAt(taint, 'key')),
      ...fields({ value: text(labelValueProblems), effect: oneOf(EFFECTS) })(taint, field),
      ...(isTwice ? [{ ...twice, message }] : []),
    ];
  });
}

const unreadable = (cidr: string, index: number): Cause => ({
  field: 'spec.podCIDRs',
  reason: 'InternalError',
  message: `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${index}]: <nil> (invalid CIDR address: ${cidr})`,
});

export const node: Rule = (object) => {
  const cidrs = listAt(object, 'spec', 'podCIDRs');
  const families = new Set(cidrs.map((cidr) => String(cidr).includes(':')));
  const broken = cidrs.findIndex((cidr) => parseCidr(String(cidr)) === undefined);
  const many = cidrs.length > 1 && (broken >= 0 || families.size < 2 || cidrs.length > 2);
  const message = 'may specify no more than one CIDR for each IP family';
  return [
    ...taintCauses(listAt(object, 'spec', 'taints')),
    ...items(anyText(cidrProblems))(cidrs, 'spec.podCIDRs'),
    ...(broken < 0 || cidrs.length < 2 ? [] : [unreadable(String(cidrs[broken]), broken)]),
    ...(many ? [invalidValue('spec.podCIDRs', cidrs, message)] : []),
  ];
};

export function nodeChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const [spec, old] = [objectAt(object, 'spec'), objectAt(before, 'spec')];
  const once = (field: string, name: string): Cause =>
    forbiddenField(`spec.${field}`, `node updates may not change ${name} except from "" to valid`);
  const [ranges, oldRanges] = [listAt(spec, 'podCIDRs'), listAt(old, 'podCIDRs')];
  const isResized = ranges.length !== oldRanges.length;
  const moved = isResized ? oldRanges.slice(0, 1) : oldRanges.filter((range, index) => range !== ranges[index]);
  const isOther = textAt(old, 'providerID') !== '' && textAt(spec, 'providerID') !== textAt(old, 'providerID');
  const isNamed = textAt(spec, 'externalID') !== textAt(old, 'externalID');
  return [
    ...moved.map(() => once('podCIDRs', 'podCIDR')),
    ...(isOther ? [once('providerID', 'providerID')] : []),
    // Taints are looked at once more when they change.
    ...taintCauses(listAt(spec, 'taints')),
    ...(isNamed ? [forbiddenField('spec.externalID', 'may not be updated')] : []),
  ];
}
