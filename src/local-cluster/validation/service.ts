import { isObject, type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { cidrProblems, specialProblems } from './addresses.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import {
  anyText,
  choice,
  fields,
  inTurn,
  items,
  known,
  labels,
  needed,
  oneOf,
  portNumber,
  portOrName,
  type Rule,
  rowOf,
  text,
} from './rules.ts';
import { isHeadless } from './service-addresses.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const POLICIES = ['Cluster', 'Local'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
const KUBELET_PORT = 10_250;
const LONGEST_AFFINITY_S = 86_400;

/** What a type asks for, beside what all Services do. */
const BY_TYPE: Readonly<Record<string, (spec: JsonObject) => Cause[]>> = {
  LoadBalancer: (spec) => [
    ...listAt(spec, 'ports').flatMap((port, index) =>
      numberAt(port, 'port') === KUBELET_PORT
        ? [
            invalidValue(
              `spec.ports[${index}]`,
              KUBELET_PORT,
              `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`,
            ),
          ]
        : [],
    ),
    ...notHeadless(spec, 'LoadBalancer'),
  ],
  NodePort: (spec) => notHeadless(spec, 'NodePort'),
  ExternalName: (spec) => [
    ...['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].flatMap((field) => {
      const value = spec[field];
      const isSet = Array.isArray(value) ? value.length > 0 : value !== undefined;
      return isSet ? [forbiddenField(`spec.${field}`, 'may not be set for ExternalName services')] : [];
    }),
    ...inTurn(
      needed(),
      text((name) => subdomainProblems(name.replace(/\.$/, ''))),
    )(spec['externalName'], 'spec.externalName'),
  ],
};

function notHeadless(spec: JsonObject, type: string): Cause[] {
  return isHeadless(spec)
    ? [invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)]
    : [];
}

export const service: Rule = (object) => wishCauses(objectAt(object, 'spec'));

function wishCauses(spec: JsonObject): Cause[] {
  const type = textAt(spec, 'type');
  const ports = listAt(spec, 'ports').filter(isObject);
  const isBare = ports.length === 0 && type !== 'ExternalName' && !isHeadless(spec);
  return [
    ...(isBare ? [required('spec.ports')] : []),
    ...(rowOf(BY_TYPE, type)?.(spec) ?? []),
    ...ports.flatMap((port, index) =>
      portCauses(port, `spec.ports[${index}]`, ports.slice(0, index), ports.length > 1),
    ),
    ...labels(spec['selector'], 'spec.selector'),
    ...oneOf(['ClientIP', 'None'])(spec['sessionAffinity'], 'spec.sessionAffinity'),
    ...affinityCauses(spec),
    ...items(anyText(specialProblems))(spec['externalIPs'], 'spec.externalIPs'),
    ...oneOf(TYPES)(type, 'spec.type'),
    ...duplicatePorts(ports, type),
    ...balancerCauses(spec),
    ...trafficCauses(spec),
  ];
}

function portCauses(port: JsonObject, path: string, before: readonly JsonObject[], many: boolean): Cause[] {
  const name = textAt(port, 'name');
  const named = (): Cause[] =>
    before.some((other) => textAt(other, 'name') === name)
      ? [duplicate(`${path}.name`, name)]
      : text(labelProblems)(name, `${path}.name`);
  return [
    ...(name === '' ? (many ? [required(`${path}.name`)] : []) : named()),
    ...fields({
      port: (value, field) => portNumber(value ?? 0, field),
      protocol: oneOf(['SCTP', 'TCP', 'UDP']),
      targetPort: portOrName,
      appProtocol: anyText(qualifiedProblems),
    })(port, path),
  ];
}

function affinityCauses(spec: JsonObject): Cause[] {
  const config = spec['sessionAffinityConfig'];
  if (textAt(spec, 'sessionAffinity') !== 'ClientIP')
    return config === undefined || textAt(spec, 'sessionAffinity') !== 'None'
      ? []
      : [forbiddenField('spec.sessionAffinityConfig', 'must not be set when session affinity is None')];
  const seconds = numberAt(config, 'clientIP', 'timeoutSeconds');
  if (seconds === undefined) return [required('spec.sessionAffinityConfig', 'when session affinity type is ClientIP')];
  const field = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
  const fits = seconds > 0 && seconds <= LONGEST_AFFINITY_S;
  return fits ? [] : [invalidValue(field, seconds, `must be greater than 0 and less than ${LONGEST_AFFINITY_S}`)];
}

const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;
const NODE_PORTS = `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`;

/** The first port of a new Service that nodes do not give away. */
export function nodePortCauses(service: JsonObject): Cause[] {
  const isExposed = ['LoadBalancer', 'NodePort'].includes(textAt(service, 'spec', 'type'));
  const ports = isExposed ? listAt(service, 'spec', 'ports') : [];
  return ports
    .flatMap((port, index): Cause[] => {
      const nodePort = numberAt(port, 'nodePort') ?? 0;
      const fits = nodePort === 0 || (nodePort >= FIRST_NODE_PORT && nodePort <= LAST_NODE_PORT);
      return fits ? [] : [invalidValue(`spec.ports[${index}].nodePort`, nodePort, NODE_PORTS)];
    })
    .slice(0, 1);
}

function duplicatePorts(ports: readonly JsonObject[], type: string): Cause[] {
  const key = (port: JsonObject, field: string): string => `${textAt(port, 'protocol')} ${numberAt(port, field) ?? 0}`;
  const repeats = (field: string, index: number): boolean => {
    const port = ports[index];
    return port !== undefined && ports.slice(0, index).some((other) => key(other, field) === key(port, field));
  };
  const onNodes = ports.flatMap((port, index): Cause[] => {
    const nodePort = numberAt(port, 'nodePort') ?? 0;
    if (nodePort === 0) return [];
    const field = `spec.ports[${index}].nodePort`;
    if (type === 'ClusterIP') return [forbiddenField(field, "may not be used when `type` is 'ClusterIP'")];
    return repeats('nodePort', index) ? [duplicate(field, port['nodePort'] ?? 0)] : [];
  });
  const same = ports.flatMap((port, index) => {
    // As the API's own type prints it: what does not count is empty.
    const bare = {
      Name: '',
      Protocol: textAt(port, 'protocol'),
      AppProtocol: null,
      Port: port['port'],
      TargetPort: 0,
      NodePort: 0,
    };
    return repeats('port', index) ? [duplicate(`spec.ports[${index}]`, bare)] : [];
  });
  return [...onNodes, ...same];
}

const ONLY_BALANCERS = "may only be used when `type` is 'LoadBalancer'";

function balancerCauses(spec: JsonObject): Cause[] {
  const isBalancer = textAt(spec, 'type') === 'LoadBalancer';
  const ranges = listAt(spec, 'loadBalancerSourceRanges');
  // With a capital letter, as the API has it.
  const field = 'spec.LoadBalancerSourceRanges';
  return [
    ...(isBalancer || ranges.length === 0 ? [] : [forbiddenField(field, ONLY_BALANCERS)]),
    // They may be padded, as in the annotation that they once were.
    ...items((range, path) => cidrProblems(String(range).trim()).map((problem) => invalidValue(path, range, problem)))(
      ranges,
      field,
    ),
    ...(isBalancer || spec['allocateLoadBalancerNodePorts'] === undefined
      ? []
      : [forbiddenField('spec.allocateLoadBalancerNodePorts', ONLY_BALANCERS)]),
    ...classCauses(spec),
  ];
}

function classCauses(spec: JsonObject): Cause[] {
  const field = 'spec.loadBalancerClass';
  const value = spec['loadBalancerClass'];
  if (textAt(spec, 'type') === 'LoadBalancer') return anyText(qualifiedProblems)(value, field);
  return value === undefined ? [] : [forbiddenField(field, ONLY_BALANCERS)];
}

function trafficCauses(spec: JsonObject): Cause[] {
  const type = textAt(spec, 'type');
  const policy = spec['externalTrafficPolicy'];
  const field = 'spec.externalTrafficPolicy';
  const isOutside =
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && listAt(spec, 'externalIPs').length > 0);
  const checked = type === 'LoadBalancer' && policy === 'Local';
  const health = numberAt(spec, 'healthCheckNodePort') ?? 0;
  const external = (): Cause[] =>
    policy === undefined ? [] : [invalidValue(field, policy, 'may only be set for externally-accessible services')];
  return [
    ...(isOutside ? known(POLICIES)(policy, field) : external()),
    ...(!checked && health !== 0
      ? [
          invalidValue(
            'spec.healthCheckNodePort',
            health,
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
          ),
        ]
      : []),
    ...(checked && health !== 0 ? portNumber(health, 'spec.healthCheckNodePort') : []),
    ...choice(POLICIES)(spec['internalTrafficPolicy'], 'spec.internalTrafficPolicy'),
    ...choice(DISTRIBUTIONS)(spec['trafficDistribution'], 'spec.trafficDistribution'),
  ];
}

export function serviceChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const [spec, old] = [objectAt(object, 'spec'), objectAt(before, 'spec')];
  const both = (holds: (one: JsonObject) => boolean): boolean => holds(spec) && holds(old);
  const changed = (field: string): boolean => !sameJson(spec[field] ?? null, old[field] ?? null);
  const isBalancer = (one: JsonObject): boolean => one['type'] === 'LoadBalancer';
  const isChecked = (one: JsonObject): boolean => isBalancer(one) && one['externalTrafficPolicy'] === 'Local';
  const isPlaced = both((one) => one['type'] !== 'ExternalName') && old['clusterIPs'] !== undefined;
  const balancer = spec['loadBalancerClass'];
  const causes: Cause[] = [];
  if (isPlaced && changed('clusterIPs'))
    causes.push(invalidValue('spec.clusterIPs[0]', spec['clusterIPs'], 'may not change once set'));
  if (both(isBalancer) && changed('loadBalancerClass'))
    causes.push(invalidValue('spec.loadBalancerClass', balancer, 'may not change once set'));
  // The class is looked at once more when a Service changes.
  causes.push(...classCauses(spec));
  if (both(isChecked) && changed('healthCheckNodePort'))
    causes.push(forbiddenField('spec.healthCheckNodePort', 'field is immutable'));
  return causes;
}
