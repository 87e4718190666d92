// Ingresses, network policies, endpoints.

import { isIP } from 'node:net';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required, tooLong, unsupported } from '../status.ts';
import { cidrProblems, isInside, parseCidr, withoutZeros } from './addresses.ts';
import { labelProblems, pathProblems, subdomainProblems, wildcardProblems } from './names.ts';
import {
  all,
  anyText,
  at,
  choice,
  fields,
  inTurn,
  items,
  labelSelector,
  needed,
  optional,
  portName,
  portNameProblems,
  portNumber,
  type Rule,
  text,
} from './rules.ts';

const ingressHost = (message: string): Rule =>
  text((host) => {
    if (isIP(withoutZeros(host)) !== 0) return [message];
    return host.includes('*') ? wildcardProblems(host) : subdomainProblems(host);
  });

/** Another object, by what a path to it would hold. */
const typedReference = { kind: inTurn(needed(), text(pathProblems)), name: inTurn(needed(), text(pathProblems)) };
const apiGroup = anyText(subdomainProblems);

const backend: Rule = (value, path) => {
  const [resource, service] = [objectAt(value)['resource'], objectAt(value)['service']];
  if (isObject(resource) && isObject(service))
    return [invalidValue(path, '', 'cannot set both resource and service backends')];
  if (isObject(resource)) return fields({ apiGroup, ...typedReference })(resource, at(path, 'resource'));
  if (!isObject(service)) return [invalidValue(path, '', 'resource or service backend is required')];
  const port = objectAt(service, 'port');
  return [
    ...inTurn(needed(), text(labelProblems))(service['name'], at(path, 'service.name')),
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
        hosts: items(anyText((host) => (host.includes('*') ? wildcardProblems(host) : subdomainProblems(host)))),
        secretName: text(subdomainProblems),
      }),
    ),
    ingressClassName: anyText(subdomainProblems),
  }),
);

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export const ingress: Rule = fields({ spec: ingressSpec });

/** A new one names its class in one way. */
export function classedTwice(object: JsonObject): Cause[] {
  const annotated = objectAt(object, 'metadata', 'annotations')[CLASS_ANNOTATION];
  const name = objectAt(object, 'spec')['ingressClassName'];
  if (annotated === undefined || name === undefined || annotated === name) return [];
  const message = 'must match `ingressClassName` when both are specified';
  return [invalidValue(`annotations.${CLASS_ANNOTATION}`, annotated, message)];
}

const domainPrefixedPath: Rule = inTurn(
  needed(),
  text((value) => {
    const [host = '', ...path] = value.split('/');
    if (host === '' || path.length === 0) return ['must be a domain-prefixed path (such as "acme.io/foo")'];
    return subdomainProblems(host);
  }),
);

const LONGEST_CONTROLLER = 250;

export const ingressClass: Rule = fields({
  spec: fields({
    controller: all(
      (value, path) =>
        textAt({ value }, 'value').length > LONGEST_CONTROLLER ? [tooLong(path, LONGEST_CONTROLLER)] : [],
      domainPrefixedPath,
    ),
    parameters: optional(
      all(fields({ apiGroup, ...typedReference, scope: choice(['Cluster', 'Namespace']) }), (value, path) => {
        const { scope, namespace } = objectAt(value);
        const field = at(path, 'namespace');
        if (scope === 'Namespace')
          return namespace === undefined
            ? [required(field, "`parameters.scope` is set to 'Namespace'")]
            : anyText(labelProblems)(namespace, field);
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
  const causes = choice(['TCP', 'UDP', 'SCTP'])(protocol, at(path, 'protocol'));
  if (port === undefined)
    return endPort === undefined
      ? causes
      : [...causes, invalidValue(end, endPort, 'may not be specified when `port` is not specified')];
  if (typeof port !== 'number') {
    const named =
      endPort === undefined ? [] : [invalidValue(end, endPort, 'may not be specified when `port` is non-numeric')];
    return [...causes, ...named, ...anyText(portNameProblems)(port, at(path, 'port'))];
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
    const isOutside = whole && part && !isInside(part, whole);
    return [
      ...anyText(cidrProblems)(item, field),
      ...(isOutside ? [invalidValue(field, item, 'must be a strict subset of `cidr`')] : []),
    ];
  });
  return [
    ...text(cidrProblems)(cidr, at(path, 'cidr')),
    ...(whole ? excepted(objectAt(value)['except'], at(path, 'except')) : []),
  ];
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
  return items(choice(['Ingress', 'Egress']))(value, path);
};

export const networkPolicy: Rule = fields({
  spec: fields({
    podSelector: labelSelector,
    ingress: items(fields({ ports: items(policyPort), from: items(policyPeer) })),
    egress: items(fields({ ports: items(policyPort), to: items(policyPeer) })),
    policyTypes,
  }),
});
