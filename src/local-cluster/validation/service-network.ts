// The networks of Services, and the addresses that are taken from them.

import { isIP } from 'node:net';
import { type Json, type JsonObject, listAt, objectAt } from '../../core/json.ts';
import { type Cause, invalidValue, required } from '../status.ts';
import { addressProblems, canonicalAddress, canonicalCidr, cidrProblems, parseCidr, strictly } from './addresses.ts';
import { asTexts, frozen } from './frozen.ts';
import { pathProblems, subdomainProblems } from './names.ts';
import { all, anyText, fields, inTurn, items, needed, type Rule, text } from './rules.ts';

const name = inTurn(needed(), text(pathProblems));

const ONE_OF_FAMILY = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';

export const serviceCidr: Rule = fields({
  spec: fields({
    cidrs: inTurn(needed('at least one CIDR required'), (value, path) => {
      const list = listAt(value).map(String);
      if (list.length > 2) return [invalidValue(path, { CIDRs: list }, 'may only hold up to 2 values')];
      const [first, second] = list.map((cidr) => parseCidr(cidr) && isIP(parseCidr(cidr)?.address ?? ''));
      const alike = first !== undefined && first === second;
      return [
        ...(alike ? [invalidValue(path, list, ONE_OF_FAMILY)] : []),
        ...items(anyText(strictly(cidrProblems, canonicalCidr)))(value, path),
      ];
    }),
  }),
});

/** A second family may come; what is there stays. */
export function serviceCidrChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const [now, old] = [listAt(object, 'spec', 'cidrs'), listAt(before, 'spec', 'cidrs')];
  const fixed = 'field is immutable';
  const isGrown = old.length === 1 && now.length === 2;
  if (now.length === old.length || isGrown)
    return [
      ...old.flatMap((cidr, index) =>
        now[index] === cidr ? [] : [invalidValue(`spec.cidrs[${index}]`, now[0], fixed)],
      ),
      ...(isGrown ? serviceCidr(object, '') : []),
    ];
  return [invalidValue('spec.cidrs', now, fixed)];
}

const parentReference: Rule = fields({
  group: text(subdomainProblems),
  resource: name,
  name,
  namespace: text(pathProblems),
});

export const ipAddress: Rule = all(
  (object) => text(strictly(addressProblems, canonicalAddress))(objectAt(object, 'metadata')['name'], 'metadata.name'),
  fields({
    spec: fields({
      parentRef: (value: Json | undefined, path: string) =>
        value === undefined ? [required(path)] : parentReference(value, path),
    }),
  }),
);

export const ipAddressChangeCauses = frozen({
  'spec.parentRef': asTexts({ Group: 'group', Resource: 'resource', Namespace: 'namespace', Name: 'name' }),
});
