// Containers: ports, variables, mounts, probes, resources.

import { isObject, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { compareQuantities, parseQuantity } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { configKeyProblems, labelProblems, qualifiedProblems, subdomainProblems } from './names.ts';
import {
  all,
  at,
  atMostOne,
  different,
  entries,
  fields,
  inTurn,
  items,
  known,
  needed,
  notNegative,
  optional,
  portName,
  portNumber,
  portOrName,
  positive,
  type Rule,
  text,
  userId,
} from './rules.ts';
import { subPath } from './volume.ts';

/** A container among those whose names are taken. */
export function containerNameCauses(container: JsonObject, path: string, taken: readonly string[]): Cause[] {
  const name = textAt(container, 'name');
  if (name === '') return [required(`${path}.name`)];
  if (taken.includes(name)) return [duplicate(`${path}.name`, name)];
  return labelProblems(name).map((problem) => invalidValue(`${path}.name`, name, problem));
}

/** All of a container but its name; it may mount the volumes of the Pod. */
export const container = (volumes: readonly string[]): Rule =>
  all(common(volumes), fields({ lifecycle: optional(lifecycle), ...PROBES }));

const ONLY_SIDECARS = 'may not be set for init containers without restartPolicy=Always';

/** An init container; one that goes on may do what others may. */
export const initContainer =
  (volumes: readonly string[]): Rule =>
  (value, path) => {
    const policy = objectAt(value)['restartPolicy'];
    const goesOn = policy === 'Always';
    const own = ['lifecycle', ...Object.keys(PROBES)].filter((field) => objectAt(value)[field] !== undefined);
    return [
      ...common(volumes)(value, path),
      ...(goesOn
        ? fields({ lifecycle: optional(lifecycle), ...PROBES })(value, path)
        : own.map((field) => forbiddenField(at(path, field), ONLY_SIDECARS))),
      ...known(['Always'])(policy, at(path, 'restartPolicy')),
    ];
  };

const image: Rule = inTurn(needed(), (value, path) =>
  typeof value === 'string' && value !== value.trim()
    ? [invalidValue(path, value, 'must not have leading or trailing whitespace')]
    : [],
);

const common = (volumes: readonly string[]): Rule =>
  fields({
    image,
    terminationMessagePolicy: known(['FallbackToLogsOnError', 'File']),
    ports: all(different('name'), items(port)),
    env: items(variable),
    envFrom: items(variables),
    volumeMounts: all(uniquePaths, items(mount(volumes))),
    imagePullPolicy: known(['Always', 'IfNotPresent', 'Never']),
    resources,
    securityContext: optional(security),
  });

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
    resourceFieldRef: optional(fields({ resource: needed() })),
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

const uniquePaths: Rule = (value, path) => {
  const paths = listAt(value).map((mount) => textAt(mount, 'mountPath'));
  return paths.flatMap((mountPath, index) =>
    mountPath !== '' && paths.indexOf(mountPath) < index
      ? [invalidValue(`${path}[${index}].mountPath`, mountPath, 'must be unique')]
      : [],
  );
};

const mount = (volumes: readonly string[]): Rule =>
  all(
    fields({
      name: inTurn(needed(), (name, path) =>
        volumes.includes(String(name))
          ? []
          : [{ field: path, reason: 'FieldValueNotFound', message: JSON.stringify(name) }],
      ),
      mountPath: needed(),
      subPath,
      subPathExpr: subPath,
      mountPropagation: known(['Bidirectional', 'HostToContainer', 'None']),
    }),
    (value, path) => {
      const { subPath: plain, subPathExpr } = objectAt(value);
      return plain && subPathExpr
        ? [invalidValue(at(path, 'subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive')]
        : [];
    },
  );

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

const handler: Rule = (value, path) => {
  const ways = HANDLERS.filter((way) => isObject(objectAt(value)[way]));
  if (ways.length === 0) return [required(path, 'must specify a handler type')];
  return [
    ...atMostOne(HANDLERS, 'may not specify more than 1 handler type')(value, path),
    ...fields({
      exec: optional(fields({ command: needed() })),
      httpGet: optional(
        fields({
          path: needed(),
          port: portOrName,
          scheme: known(['HTTP', 'HTTPS']),
          httpHeaders: items(fields({ name: needed() })),
        }),
      ),
      tcpSocket: optional(fields({ port: portOrName })),
      grpc: optional(fields({ port: portNumber })),
    })(value, path),
  ];
};

const lifecycle: Rule = fields({ postStart: optional(handler), preStop: optional(handler) });

const probe: Rule = optional(
  all(
    handler,
    fields({
      initialDelaySeconds: notNegative,
      timeoutSeconds: notNegative,
      periodSeconds: notNegative,
      successThreshold: notNegative,
      failureThreshold: notNegative,
      terminationGracePeriodSeconds: positive,
    }),
  ),
);

/** Of what makes a container start anew, one success is success. */
const restartingProbe: Rule = all(probe, (value, path) => {
  const threshold = numberAt(value, 'successThreshold') ?? 1;
  return threshold === 1 ? [] : [invalidValue(at(path, 'successThreshold'), threshold, 'must be 1')];
});

const PROBES: Readonly<Record<string, Rule>> = {
  livenessProbe: restartingProbe,
  readinessProbe: probe,
  startupProbe: restartingProbe,
};

const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

const resourceName = (name: string, path: string): Cause[] => {
  const problems = qualifiedProblems(name);
  if (problems.length > 0) return problems.map((problem) => invalidValue(path, name, problem));
  if (name.includes('/') || STANDARD.test(name)) return [];
  return [
    invalidValue(path, name, 'must be a standard resource type or fully qualified'),
    invalidValue(path, name, 'must be a standard resource for containers'),
  ];
};

const amounts: Rule = entries((value, path, name) => [
  ...resourceName(name, path),
  ...(parseQuantity(String(value)).nano < 0n
    ? [invalidValue(path, String(value), 'must be greater than or equal to 0')]
    : []),
]);

function resources(value: Json | undefined, path: string): Cause[] {
  const limits = objectAt(value, 'limits');
  const asked = Object.entries(objectAt(value, 'requests')).flatMap(([name, request]): Cause[] => {
    const limit = limits[name];
    const isExtended = name.includes('/') || name.startsWith('hugepages-');
    const field = at(path, 'requests');
    if (limit === undefined)
      return isExtended ? [required(at(path, 'limits'), 'Limit must be set for non overcommitable resources')] : [];
    const order = compareQuantities(String(request), String(limit));
    if (isExtended && order !== 0)
      return [invalidValue(field, String(request), `must be equal to ${name} limit of ${String(limit)}`)];
    return order > 0
      ? [invalidValue(field, String(request), `must be less than or equal to ${name} limit of ${String(limit)}`)]
      : [];
  });
  return [...fields({ limits: amounts, requests: amounts })(value, path), ...asked];
}

const security: Rule = all(
  fields({ runAsUser: userId, runAsGroup: userId, procMount: known(['Default', 'Unmasked']) }),
  (value, path) => {
    const { allowPrivilegeEscalation, privileged, capabilities } = objectAt(value);
    if (allowPrivilegeEscalation !== false) return [];
    const contradiction = (what: string): Cause[] => [
      invalidValue(path, value, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`),
    ];
    return [
      ...(privileged === true ? contradiction('`privileged` to true') : []),
      ...(listAt(capabilities, 'add').some((name) => name === 'CAP_SYS_ADMIN' || name === 'SYS_ADMIN')
        ? contradiction('`capabilities.Add` CAP_SYS_ADMIN')
        : []),
    ];
  },
);
