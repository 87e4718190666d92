import { at, isObject, type JsonObject, listAt, numberAt, sameJson, textAt } from '../../core/json.ts';
import { type Cause, duplicate, invalidValue, required, unsupported } from '../status.ts';
import { rangeCauses } from './pod.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function serviceCauses(object: JsonObject): Cause[] {
  const type = textAt(object, 'spec', 'type');
  const ports = listAt(object, 'spec', 'ports').filter(isObject);
  const clusterIp = textAt(object, 'spec', 'clusterIP');
  const headless = clusterIp === 'None';
  const causes: Cause[] = [];
  if (type === 'ExternalName' && textAt(object, 'spec', 'externalName') === '')
    causes.push(required('spec.externalName'));
  if (ports.length === 0 && type !== 'ExternalName' && !headless) causes.push(required('spec.ports'));
  ports.forEach((port, index) => {
    causes.push(...portCauses(`spec.ports[${index}]`, port, ports.length > 1));
  });
  causes.push(...duplicates(ports));
  if (!TYPES.includes(type)) causes.push(unsupported('spec.type', type, TYPES));
  if (clusterIp !== '' && !headless && !/^[\d.]+$|:/.test(clusterIp)) {
    causes.push(
      invalidValue('spec.clusterIPs[0]', clusterIp, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
    );
  }
  return causes;
}

function portCauses(path: string, port: JsonObject, many: boolean): Cause[] {
  const protocol = textAt(port, 'protocol');
  const target = at(port, 'targetPort');
  return [
    ...(many && textAt(port, 'name') === '' ? [required(`${path}.name`)] : []),
    ...rangeCauses(`${path}.port`, numberAt(port, 'port') ?? 0),
    ...(PROTOCOLS.includes(protocol) ? [] : [unsupported(`${path}.protocol`, protocol, PROTOCOLS)]),
    ...(typeof target === 'number' ? rangeCauses(`${path}.targetPort`, target) : []),
    ...(typeof target === 'string' && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(target)
      ? [
          invalidValue(
            `${path}.targetPort`,
            target,
            'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
          ),
        ]
      : []),
  ];
}

function duplicates(ports: readonly JsonObject[]): Cause[] {
  return ports.flatMap((port, index) => {
    const earlier = ports.slice(0, index);
    const name = textAt(port, 'name');
    if (name !== '' && earlier.some((other) => textAt(other, 'name') === name)) {
      return [duplicate(`spec.ports[${index}].name`, name)];
    }
    const same = (other: JsonObject): boolean =>
      other['port'] === port['port'] && textAt(other, 'protocol') === textAt(port, 'protocol');
    if (!earlier.some(same)) return [];
    const cause = {
      Name: '',
      Protocol: textAt(port, 'protocol'),
      AppProtocol: null,
      Port: port['port'],
      TargetPort: 0,
      NodePort: 0,
    };
    return [duplicate(`spec.ports[${index}]`, cause)];
  });
}

export function serviceChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const addresses = at(object, 'spec', 'clusterIPs');
  const old = at(before, 'spec', 'clusterIPs');
  const hasClusterIp = [object, before].every((service) => textAt(service, 'spec', 'type') !== 'ExternalName');
  if (!hasClusterIp || old === undefined || sameJson(addresses, old)) return [];
  return [invalidValue('spec.clusterIPs[0]', addresses, 'may not change once set')];
}
