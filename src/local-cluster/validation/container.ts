// Containers: ports, variables, mounts, probes, resources.

import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, notFoundField, required } from '../status.ts';
import { devices, mounts } from './mounts.ts';
import { configKeyProblems, labelProblems, subdomainProblems } from './names.ts';
import { lifecycle, PROBES, sidecarOnly } from './probe.ts';
import { resizePolicy, resourceDivisor, resourceField, resources } from './resources.ts';
import {
  all,
  at,
  different,
  fields,
  inTurn,
  items,
  known,
  needed,
  optional,
  portName,
  portNumber,
  type Rule,
  text,
} from './rules.ts';
import { containerSecurityContext } from './security-context.ts';

/** What containers have of their Pod. */
export interface PodParts {
  readonly volumes: readonly JsonObject[];
  readonly claims: readonly string[];
  readonly hasOwnUsers: boolean;
  /** How long the Pod may take to end, in seconds. */
  readonly grace: number;
}

/** A container among those whose names are taken. */
export function containerNameCauses(container: JsonObject, path: string, taken: readonly string[]): Cause[] {
  const name = textAt(container, 'name');
  if (name === '') return [required(`${path}.name`)];
  if (taken.includes(name)) return [duplicate(`${path}.name`, name)];
  return labelProblems(name).map((problem) => invalidValue(`${path}.name`, name, problem));
}

/** All of a container but its name. */
export const container = (pod: PodParts): Rule => all(common(pod), started(pod));

/** What only containers have that go on running. */
const started = ({ grace }: PodParts): Rule => fields({ lifecycle: optional(lifecycle(grace)), ...PROBES });

/** An init container; one that goes on may do what others may. */
export const initContainer =
  (pod: PodParts): Rule =>
  (value, path) => {
    const policy = objectAt(value)['restartPolicy'];
    return [
      ...common(pod)(value, path),
      ...(policy === 'Always' ? started(pod) : sidecarOnly)(value, path),
      ...known(['Always'])(policy, at(path, 'restartPolicy')),
    ];
  };

/** Templates may hold such an image, Pods may not. */
export const imageSpaceCauses: Rule = (value, path) => {
  const image = textAt(value, 'image');
  const message = 'must not have leading or trailing whitespace';
  return image === image.trim() ? [] : [invalidValue(at(path, 'image'), image, message)];
};

const NOT_EPHEMERAL = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
];

/** A container that is added to look at the others. */
export const ephemeralContainer =
  (pod: PodParts, others: readonly string[]): Rule =>
  (value, path) => {
    const own = objectAt(value);
    const target = textAt(own, 'targetContainerName');
    const forbid = (field: string): Cause =>
      forbiddenField(`${path}.${field}`, 'cannot be set for an Ephemeral Container');
    const isSet = (field: string): boolean => {
      const part = own[field];
      return part !== undefined && (!isObject(part) || Object.keys(part).length > 0);
    };
    return [
      ...common(pod)(value, path),
      ...(target === '' || others.includes(target) ? [] : [notFoundField(at(path, 'targetContainerName'), target)]),
      ...NOT_EPHEMERAL.filter(isSet).map(forbid),
      ...listAt(own, 'volumeMounts').flatMap((mount, index) =>
        ['subPath', 'subPathExpr']
          .filter((field) => textAt(mount, field) !== '')
          .map((field) => forbid(`volumeMounts[${index}].${field}`)),
      ),
    ];
  };

const common =
  ({ volumes, claims, hasOwnUsers }: PodParts): Rule =>
  (value, path) => {
    const own = objectAt(value);
    return fields({
      image: needed(),
      terminationMessagePolicy: known(['FallbackToLogsOnError', 'File']),
      ports: all(different('name'), items(port)),
      env: items(variable),
      envFrom: items(variables),
      volumeMounts: mounts(volumes, own),
      volumeDevices: devices(volumes, own),
      imagePullPolicy: known(['Always', 'IfNotPresent', 'Never']),
      resources: resources(claims),
      resizePolicy,
      securityContext: optional(containerSecurityContext(hasOwnUsers)),
    })(value, path);
  };

const port: Rule = fields({
  name: portName,
  containerPort: (value, path) => (value === undefined || value === 0 ? [required(path)] : portNumber(value, path)),
  hostPort: (value, path) => (value === 0 ? [] : portNumber(value, path)),
  protocol: known(['SCTP', 'TCP', 'UDP']),
});

/** No two containers may have the same port of the node. */
export function hostPortCauses(containers: readonly JsonObject[], path: string): Cause[] {
  const seen = new Set<string>();
  return containers.flatMap((one, index) =>
    listAt(one, 'ports').flatMap((port, number) => {
      const hostPort = numberAt(port, 'hostPort') ?? 0;
      if (hostPort === 0) return [];
      const key = `${textAt(port, 'protocol')}/${textAt(port, 'hostIP')}/${hostPort}`;
      const isTaken = seen.has(key);
      seen.add(key);
      return isTaken ? [duplicate(`${path}[${index}].ports[${number}].hostPort`, key)] : [];
    }),
  );
}

const VARIABLE = "a valid environment variable name must consist only of printable ASCII characters other than '='";
const variableProblems = (name: string): string[] => (/^[ -<>-~]+$/.test(name) ? [] : [VARIABLE]);

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
const NO_SOURCE =
  'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';

const FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

const keyReference: Rule = fields({
  name: needed(),
  key: inTurn(needed(), text(configKeyProblems)),
});

const fieldReference: Rule = fields({
  fieldPath: inTurn(needed(), (value, path) =>
    /^metadata\.(labels|annotations)\['.+'\]$/.test(String(value)) ? [] : known(FIELDS)(value, path),
  ),
});

const valueFrom: Rule = (value, path) => {
  const ways = SOURCES.filter((way) => isObject(objectAt(value)[way]));
  if (ways.length === 0) return [invalidValue(path, '', NO_SOURCE)];
  if (ways.length > 1) return [invalidValue(path, '', 'may not have more than one field specified at a time')];
  return fields({
    fieldRef: optional(fieldReference),
    resourceFieldRef: optional(all(resourceField(false), resourceDivisor)),
    configMapKeyRef: optional(keyReference),
    secretKeyRef: optional(keyReference),
  })(value, path);
};

const variable: Rule = (value, path) => {
  const { valueFrom: from, value: plain } = objectAt(value);
  const both = isObject(from) && typeof plain === 'string' && plain !== '';
  return [
    ...inTurn(needed(), text(variableProblems))(objectAt(value)['name'], at(path, 'name')),
    ...(both ? [invalidValue(at(path, 'valueFrom'), '', 'may not be specified when `value` is not empty')] : []),
    ...(both ? [] : optional(valueFrom)(from, at(path, 'valueFrom'))),
  ];
};

const variables: Rule = (value, path) => {
  const ways = ['configMapRef', 'secretRef'].filter((way) => isObject(objectAt(value)[way]));
  const prefix = text(variableProblems)(objectAt(value)['prefix'], at(path, 'prefix'));
  if (ways.length === 0)
    return [...prefix, invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`')];
  if (ways.length > 1)
    return [...prefix, invalidValue(path, '', 'may not have more than one field specified at a time')];
  const named = optional(fields({ name: inTurn(needed(), text(subdomainProblems)) }));
  return [...prefix, ...fields({ configMapRef: named, secretRef: named })(value, path)];
};
