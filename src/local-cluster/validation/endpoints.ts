// Endpoints: where the traffic of a Service goes.

import { isIP } from 'node:net';
import { listAt, objectAt, textAt } from '../../core/json.ts';
import { labelValueProblems, qualifiedProblems } from '../../objects/label-names.ts';
import { duplicate, invalidValue, required } from '../status.ts';
import { ADDRESS_RULE, addressProblems, canonicalAddress, specialProblems, strictly } from './addresses.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import {
  all,
  anyText,
  at,
  atMost,
  choice,
  fields,
  inTurn,
  items,
  needed,
  oneOf,
  optional,
  orEmpty,
  portNumber,
  type Rule,
  rowOf,
  text,
} from './rules.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

const portUse: Rule = fields({ protocol: choice(PROTOCOLS), appProtocol: anyText(qualifiedProblems) });

const MOST_ENDPOINTS = 1000;
const MOST_ADDRESSES = 100;
const MOST_HINTS = 8;

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];

const ofFamily = (family: 4 | 6, article: string): Rule =>
  items((value, path) => {
    const other = isIP(String(value)) === 10 - family && !String(value).toLowerCase().startsWith('::ffff:');
    const list = path.slice(0, path.lastIndexOf('['));
    return [
      ...(other ? [invalidValue(list, value, `must be ${article} address`)] : []),
      ...anyText(strictly(specialProblems, canonicalAddress))(value, path),
    ];
  });

const TWO_SEGMENTS = 'should be a domain with at least two segments separated by dots';

function domainProblems(value: string): string[] {
  const problems = subdomainProblems(value);
  return problems.length > 0 || value.includes('.') ? problems : [TWO_SEGMENTS];
}

const ADDRESSES: Readonly<Record<string, Rule>> = {
  IPv4: ofFamily(4, 'an IPv4'),
  IPv6: ofFamily(6, 'an IPv6'),
  FQDN: items(inTurn(needed(), (value, path) => anyText(domainProblems)(String(value).replace(/\.$/, ''), path))),
};

const hints = (problems: (value: string) => readonly string[]): Rule =>
  all(atMost(MOST_HINTS), (value, path) =>
    listAt(value).flatMap((hint, index, list) => {
      const [name, field] = [textAt(hint, 'name'), `${path}[${index}].name`];
      const isTwice = list.slice(0, index).some((other) => textAt(other, 'name') === name);
      return [...(isTwice ? [duplicate(field, name)] : []), ...anyText(problems)(name, field)];
    }),
  );

export const endpointSlice: Rule = all(fields({ addressType: oneOf(ADDRESS_TYPES) }), (object, path) => {
  const addresses = rowOf(ADDRESSES, textAt(object, 'addressType')) ?? (() => []);
  const endpoint = fields({
    addresses: inTurn(needed('must contain at least 1 address'), all(atMost(MOST_ADDRESSES), addresses)),
    nodeName: anyText(subdomainProblems),
    hostname: anyText(labelProblems),
    hints: optional(fields({ forZones: hints(labelValueProblems), forNodes: hints(subdomainProblems) })),
  });
  return [
    ...slicePorts(objectAt(object)['ports'], at(path, 'ports')),
    ...all(atMost(MOST_ENDPOINTS), items(endpoint))(objectAt(object)['endpoints'], at(path, 'endpoints')),
  ];
});

/** Ports differ in their names, also in having none. */
const slicePorts: Rule = (value, path) =>
  listAt(value).flatMap((port, index, list) => {
    const name = textAt(port, 'name');
    const isTwice = list.slice(0, index).some((other) => textAt(other, 'name') === name);
    const field = `${path}[${index}]`;
    return [
      ...text(labelProblems)(name, at(field, 'name')),
      ...(isTwice ? [duplicate(at(field, 'name'), name)] : []),
      ...portUse(port, field),
    ];
  });

/** What an address means; told again when it is none. */
const endpointPlace: Rule = (value, path) => {
  const ip = String(value ?? '');
  const problems = addressProblems(ip);
  if (isIP(ip) === 0 && problems.includes(ADDRESS_RULE)) return [invalidValue(path, ip, 'must be a valid IP address')];
  return problems.length > 0 ? [] : anyText(specialProblems)(ip, path);
};

const endpointAddress: Rule = all(
  fields({
    ip: orEmpty(anyText(addressProblems)),
    hostname: text(labelProblems),
    nodeName: anyText(subdomainProblems),
  }),
  fields({ ip: endpointPlace }),
);

const subset: Rule = (value, path) => {
  const many = listAt(value, 'ports').length > 1;
  const addresses = [...listAt(value, 'addresses'), ...listAt(value, 'notReadyAddresses')];
  const bare = addresses.length === 0 ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : [];
  const port = fields({
    name: many ? inTurn(needed(), text(labelProblems)) : text(labelProblems),
    port: (number, field) => portNumber(number ?? 0, field),
    protocol: oneOf(PROTOCOLS),
    appProtocol: anyText(qualifiedProblems),
  });
  const rule = fields({
    addresses: items(endpointAddress),
    notReadyAddresses: items(endpointAddress),
    ports: items(port),
  });
  return [...bare, ...rule(value, path)];
};

export const endpoints: Rule = fields({ subsets: items(subset) });
