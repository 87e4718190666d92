// The addresses that a Service has in the cluster, and their families.

import { isIP } from 'node:net';
import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, invalidValue } from '../status.ts';
import { addressProblems } from './addresses.ts';
import { anyText, choice } from './rules.ts';

export const isHeadless = (spec: JsonObject): boolean => textAt(spec, 'clusterIP') === 'None';

const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

/** The addresses of a Service in the cluster: where they are wrong, or there is no room for them, nothing else is told. */
export function addressCauses(spec: JsonObject): Cause[] {
  if (textAt(spec, 'type') === 'ExternalName') return [];
  const causes = formCauses(spec);
  return causes.length > 0 ? causes : familyRoom(spec);
}

function formCauses(spec: JsonObject): Cause[] {
  const addresses = listAt(spec, 'clusterIPs');
  const broken = addresses.flatMap((address, index) =>
    address === 'None' && index === 0 ? [] : anyText(addressProblems)(address, `spec.clusterIPs[${index}]`),
  );
  const isLong = addresses.length > 2;
  return [
    ...matchCauses(spec),
    ...choice(FAMILY_POLICIES)(spec['ipFamilyPolicy'], 'spec.ipFamilyPolicy'),
    ...familyCauses(listAt(spec, 'ipFamilies')),
    ...broken,
    ...(isLong ? [invalidValue('spec.clusterIPs', addresses, 'may only hold up to 2 values')] : []),
    ...(isLong || broken.length > 0 ? [] : ofOtherFamily(spec)),
  ];
}

function familyCauses(families: readonly Json[]): Cause[] {
  return families.flatMap((family, index) => {
    const field = `spec.ipFamilies[${index}]`;
    return [
      ...choice(FAMILIES)(family, field),
      ...(families.indexOf(family) < index ? [duplicate(field, family)] : []),
    ];
  });
}

/** Addresses stand in the order of their families; that there are none of IPv6 is told apart. */
function ofOtherFamily(spec: JsonObject): Cause[] {
  return listAt(spec, 'clusterIPs').flatMap((address, index) => {
    const family = listAt(spec, 'ipFamilies')[index];
    const own = `IPv${isIP(String(address))}`;
    if (address === 'None' || family !== 'IPv4' || family === own) return [];
    const message = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    return [invalidValue(`spec.clusterIPs[${index}]`, address, message)];
  });
}

/** This cluster has addresses of one family. */
function familyRoom(spec: JsonObject): Cause[] {
  const isFree = isHeadless(spec) && Object.keys(objectAt(spec, 'selector')).length === 0;
  const { type, ipFamilyPolicy: policy } = spec;
  if (isFree || type === 'ExternalName') return [];
  const other = listAt(spec, 'ipFamilies').indexOf('IPv6');
  const field = `spec.ipFamilies[${other}]`;
  return [
    ...(policy === 'RequireDualStack'
      ? [invalidValue('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services')]
      : []),
    ...(other < 0 ? [] : [invalidValue(field, 'IPv6', 'not configured on this cluster')]),
  ];
}

/** The first address is told in a field of its own, too. */
function matchCauses(spec: JsonObject): Cause[] {
  const [addresses, first] = [listAt(spec, 'clusterIPs'), textAt(spec, 'clusterIP')];
  if (addresses.length === 0 || (first !== '' && addresses[0] === first)) return [];
  const message =
    first === '' ? 'must be empty when `clusterIP` is not specified' : 'first value must match `clusterIP`';
  return [invalidValue('spec.clusterIPs', addresses, message)];
}
