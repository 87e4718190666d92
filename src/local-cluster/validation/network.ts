// Ingresses, network policies, endpoints.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { addressProblems, cidrProblems, isInside, parseCidr, specialProblems } from './addresses.ts';
import { labelProblems, qualifiedProblems, serviceProblems, subdomainProblems, wildcardProblems } from './names.ts';
import {
  all,
  at,
  atMost,
  different,
  fields,
  inTurn,
  items,
  known,
  labelSelector,
  needed,
  oneOf,
  optional,
  portName,
  portNumber,
  type Rule,
  rowOf,
  text,
} from './rules.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

const ingressHost = (message: string): Rule =>
  text((host) => {
    if (addressProblems(host).length === 0) return [message];
    return host.includes('*') ? wildcardProblems(host) : subdomainProblems(host);
  });

const backend: Rule = (value, path) => {
  const [resource, service] = [objectAt(value)['resource'], objectAt(value)['service']];
  if (isObject(resource) && isObject(service))
    return [invalidValue(path, '', 'cannot set both resource and service backends')];
  if (isObject(resource)) {
    const { kind, name } = resource;
    return [...needed()(kind, at(path, 'resource.kind')), ...needed()(name, at(path, 'resource.name'))];
  }
  if (!isObject(service)) return [invalidValue(path, '', 'resource or service backend is required')];
  const port = objectAt(service, 'port');
  return [
    ...inTurn(needed(), text(serviceProblems))(service['name'], at(path, 'service.name')),
    ...backendPort(port, path),
  ];
};

function backendPort({ name, number }: JsonObject, path: string): Cause[] {
  const [hasName, hasNumber] = [typeof name === 'string' && name !== '', typeof number === 'number' && number !== 0];
  if (hasName && hasNumber) return [invalidValue(path, '', 'cannot set both port name & port number')];
  if (hasName) return portName(name, at(path, 'service.port.name'));
  if (hasNumber) return portNumber(number, at(path, 'service.port.number'));
  return [required(path, 'port name or number is required')];
}

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const NOT_IN_PATHS = ['//', '/./', '/../', '%2f', '%2F'];
const NOT_AT_ENDS = ['/..', '/.'];

const ingressPath: Rule = (value, path) => {
  const type = objectAt(value)['pathType'];
  const url = textAt(value, 'path');
  const field = at(path, 'path');
  if (type === undefined || type === null) return [required(at(path, 'pathType'), 'pathType must be specified')];
  const absolute = url.startsWith('/') ? [] : [invalidValue(field, url, 'must be an absolute path')];
  const causes: Cause[] = [];
  if (type === 'Exact' || type === 'Prefix') {
    causes.push(...absolute);
    for (const part of NOT_IN_PATHS)
      if (url.includes(part)) causes.push(invalidValue(field, url, `must not contain '${part}'`));
    for (const end of NOT_AT_ENDS)
      if (url.endsWith(end)) causes.push(invalidValue(field, url, `cannot end with '${end}'`));
  } else if (type === 'ImplementationSpecific') {
    if (url !== '') causes.push(...absolute);
  } else causes.push(unsupported(at(path, 'pathType'), type, PATH_TYPES));
  return [...causes, ...backend(objectAt(value)['backend'], at(path, 'backend'))];
};

const ingressSpec: Rule = all(
  (spec, path) => {
    const { rules, defaultBackend } = objectAt(spec);
    const isBare = listAt(rules).length === 0 && !isObject(defaultBackend);
    return isBare ? [invalidValue(path, rules, 'either `defaultBackend` or `rules` must be specified')] : [];
  },
  fields({
    defaultBackend: optional(backend),
    rules: items(
      fields({
        host: ingressHost('must be a DNS name, not an IP address'),
        http: optional(fields({ paths: inTurn(needed(), items(ingressPath)) })),
      }),
    ),
    tls: items(
      fields({
        hosts: items(text((host) => (host.includes('*') ? wildcardProblems(host) : subdomainProblems(host)))),
        secretName: text(subdomainProblems),
      }),
    ),
    ingressClassName: optional(text(subdomainProblems)),
  }),
);

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export const ingress: Rule = all(fields({ spec: ingressSpec }), (object) => {
  const annotated = objectAt(object, 'metadata', 'annotations')[CLASS_ANNOTATION];
  const name = objectAt(object, 'spec')['ingressClassName'];
  if (annotated === undefined || name === undefined || annotated === name) return [];
  const message = 'must match `ingressClassName` when both are specified';
  return [invalidValue(`metadata.annotations[${CLASS_ANNOTATION}]`, annotated, message)];
});

const domainPrefixedPath: Rule = inTurn(
  needed(),
  text((value) => {
    const [host = '', ...path] = value.split('/');
    if (host === '' || path.length === 0) return ['must be a domain-prefixed path (such as "acme.io/foo")'];
    return subdomainProblems(host);
  }),
);

export const ingressClass: Rule = fields({
  spec: fields({
    controller: domainPrefixedPath,
    parameters: optional(
      all(fields({ kind: needed(), name: needed(), scope: oneOf(['Cluster', 'Namespace']) }), (value, path) => {
        const { scope, namespace } = objectAt(value);
        const field = at(path, 'namespace');
        if (scope === 'Namespace' && !namespace) return [required(field, "`parameters.scope` is set to 'Namespace'")];
        return scope === 'Cluster' && namespace !== undefined
          ? [forbiddenField(field, "`parameters.scope` is set to 'Cluster'")]
          : [];
      }),
    ),
  }),
});

const policyPort: Rule = (value, path) => {
  const { protocol, port, endPort } = objectAt(value);
  const end = at(path, 'endPort');
  const causes = known(['TCP', 'UDP', 'SCTP'])(protocol, at(path, 'protocol'));
  if (port === undefined)
    return endPort === undefined
      ? causes
      : [...causes, invalidValue(end, endPort, 'may not be specified when `port` is not specified')];
  if (typeof port !== 'number') {
    const named =
      endPort === undefined ? [] : [invalidValue(end, endPort, 'may not be specified when `port` is non-numeric')];
    return [...causes, ...named, ...portName(port, at(path, 'port'))];
  }
  const below = typeof endPort === 'number' && endPort < port;
  return [
    ...causes,
    ...portNumber(port, at(path, 'port')),
    ...(below ? [invalidValue(end, port, 'must be greater than or equal to `port`')] : []),
    ...portNumber(endPort, end),
  ];
};

const ipBlock: Rule = (value, path) => {
  const cidr = textAt(value, 'cidr');
  if (cidr === '') return [required(at(path, 'cidr'))];
  const whole = parseCidr(cidr);
  const excepted = items((item, field) => {
    const part = parseCidr(String(item));
    if (!part) return text(cidrProblems)(item, field);
    return whole && !isInside(part, whole) ? [invalidValue(field, item, 'must be a strict subset of `cidr`')] : [];
  });
  return [...text(cidrProblems)(cidr, at(path, 'cidr')), ...excepted(objectAt(value)['except'], at(path, 'except'))];
};

const policyPeer: Rule = (value, path) => {
  const { podSelector, namespaceSelector, ipBlock: block } = objectAt(value);
  const causes = [
    ...optional(labelSelector)(podSelector, at(path, 'podSelector')),
    ...optional(labelSelector)(namespaceSelector, at(path, 'namespaceSelector')),
    ...optional(ipBlock)(block, at(path, 'ipBlock')),
  ];
  const peers = [podSelector, namespaceSelector, block].filter(isObject).length;
  if (peers === 0) return [...causes, required(path, 'must specify a peer')];
  return peers > 1 && isObject(block)
    ? [...causes, forbiddenField(path, 'may not specify both ipBlock and another peer')]
    : causes;
};

const policyTypes: Rule = (value, path) => {
  const types = listAt(value);
  if (types.length > 2) return [invalidValue(path, value, 'may not specify more than two policyTypes')];
  return types.flatMap((type) => known(['Egress', 'Ingress'])(type, path));
};

export const networkPolicy: Rule = fields({
  spec: fields({
    podSelector: labelSelector,
    ingress: items(fields({ ports: items(policyPort), from: items(policyPeer) })),
    egress: items(fields({ ports: items(policyPort), to: items(policyPeer) })),
    policyTypes,
  }),
});

const endpointPort: Rule = fields({
  name: text(labelProblems),
  port: optional(portNumber),
  protocol: oneOf(PROTOCOLS),
  appProtocol: text(qualifiedProblems),
});

const MOST_ENDPOINTS = 1000;
const MOST_ADDRESSES = 100;

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];

const ADDRESSES: Readonly<Record<string, (value: string) => string[]>> = {
  IPv4: (value) => (/^\d+(\.\d+){3}$/.test(value) ? specialProblems(value) : ['must be a valid IPv4 address']),
  IPv6: (value) => (value.includes(':') ? specialProblems(value) : ['must be a valid IPv6 address']),
  FQDN: (value) => subdomainProblems(value.replace(/\.$/, '')),
};

export const endpointSlice: Rule = all(
  fields({ addressType: oneOf(ADDRESS_TYPES) }),
  (object, path) => {
    const problems = rowOf(ADDRESSES, textAt(object, 'addressType')) ?? (() => []);
    const endpoint = fields({
      addresses: inTurn(needed('must contain at least 1 address'), all(atMost(MOST_ADDRESSES), items(text(problems)))),
      hints: optional(
        fields({ forZones: items(fields({ name: needed() })), forNodes: items(fields({ name: needed() })) }),
      ),
      nodeName: text(subdomainProblems),
      hostname: text(labelProblems),
    });
    return all(atMost(MOST_ENDPOINTS), items(endpoint))(objectAt(object)['endpoints'], at(path, 'endpoints'));
  },
  fields({ ports: all(different('name'), items(endpointPort)) }),
);

const endpointAddress: Rule = fields({
  ip: all(needed(), text(specialProblems)),
  hostname: text(labelProblems),
  nodeName: text(subdomainProblems),
});

const subset: Rule = (value, path) => {
  const many = listAt(value, 'ports').length > 1;
  const addresses = [...listAt(value, 'addresses'), ...listAt(value, 'notReadyAddresses')];
  const bare = addresses.length === 0 ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : [];
  const port = fields({
    name: many ? inTurn(needed(), text(labelProblems)) : text(labelProblems),
    port: (number, field) => portNumber(number ?? 0, field),
    protocol: oneOf(PROTOCOLS),
    appProtocol: text(qualifiedProblems),
  });
  const rule = fields({
    addresses: items(endpointAddress),
    notReadyAddresses: items(endpointAddress),
    ports: items(port),
  });
  return [...bare, ...rule(value, path)];
};

export const endpoints: Rule = fields({ subsets: items(subset) });

export const serviceCidr: Rule = fields({
  spec: (spec, path) => {
    const { cidrs } = objectAt(spec);
    const list = listAt(cidrs).map(String);
    const families = new Set(list.map((cidr) => cidr.includes(':')));
    const one = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96';
    return [
      ...inTurn(needed('at least one CIDR required'), items(text(cidrProblems)))(cidrs, at(path, 'cidrs')),
      ...(list.length > 2 ? [invalidValue(at(path, 'cidrs'), spec, 'may only hold up to 2 values')] : []),
      ...(list.length === 2 && families.size < 2 ? [invalidValue(at(path, 'cidrs'), spec, one)] : []),
    ];
  },
});

/** A second family may come; what is there stays. */
export function serviceCidrChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const [now, old] = [listAt(object, 'spec', 'cidrs'), listAt(before, 'spec', 'cidrs')];
  const fixed = 'field is immutable';
  if (now.length === old.length || (old.length === 1 && now.length === 2))
    return old.flatMap((cidr, index) =>
      now[index] === cidr ? [] : [invalidValue(`spec.cidrs[${index}]`, now[0], fixed)],
    );
  return [invalidValue('spec.cidrs', now, fixed)];
}

const parentReference: Rule = fields({ resource: needed(), name: needed() });

export const ipAddress: Rule = all(
  (object) => text(addressProblems)(objectAt(object, 'metadata')['name'], 'metadata.name'),
  fields({
    spec: fields({
      parentRef: (value: Json | undefined, path: string) =>
        value === undefined ? [required(path)] : parentReference(value, path),
    }),
  }),
);
