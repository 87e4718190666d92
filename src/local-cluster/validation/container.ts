// Containers: ports, variables, mounts, probes, resources.

import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, notFoundField, required } from '../status.ts';
import { devices, mounts } from './mounts.ts';
import { labelProblems } from './names.ts';
import { lifecycle, PROBES, sidecarOnly } from './probe.ts';
import { containerResources, resizedInPlace, resizePolicy } from './resources.ts';
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
  word,
} from './rules.ts';
import { containerSecurityContext } from './security-context.ts';
import { variableSources, variables, variableVolumes } from './variables.ts';

/** What containers have of their Pod. */
export interface PodParts {
  readonly volumes: readonly JsonObject[];
  readonly claims: readonly string[];
  readonly hasOwnUsers: boolean;
  readonly restarts: string;
  /** How long the Pod may take to end, in seconds. */
  readonly grace: number;
  /** What the containers before it are called. */
  readonly taken: readonly string[];
}

/** One of those that make the Pod. */
export const container = (pod: PodParts): Rule => all(common(pod), started(pod), restarting);

/** What only containers have that go on running. */
const started = ({ grace }: PodParts): Rule => fields({ lifecycle: optional(lifecycle(grace)), ...PROBES });

const startedOnce: Rule = all(sidecarOnly, fields({ resizePolicy: resizedInPlace }));

/** An init container; one that goes on may do what others may. */
export const initContainer =
  (pod: PodParts): Rule =>
  (value, path) => [
    ...common(pod)(value, path),
    ...inTurn(barelyRestarting, restarting)(value, path),
    ...(objectAt(value)['restartPolicy'] === 'Always' ? started(pod) : startedOnce)(value, path),
  ];

const RULES_NEED_POLICY = 'must specify restartPolicy when restart rules are used';

const barelyRestarting: Rule = (value, path) => {
  const { restartPolicy, restartPolicyRules } = objectAt(value);
  const isBare = listAt(restartPolicyRules).length > 0 && (restartPolicy ?? undefined) === undefined;
  return isBare ? [required(at(path, 'restartPolicy'), RULES_NEED_POLICY)] : [];
};

/** By which code a container ends says whether it starts anew. */
const restarting: Rule = (value, path) => {
  const { restartPolicy, restartPolicyRules } = objectAt(value);
  const field = at(path, 'restartPolicy');
  return [
    ...barelyRestarting(value, path),
    ...optional(word(['Always', 'Never', 'OnFailure']))(restartPolicy, field),
    ...items(
      fields({
        action: word(['Restart', 'RestartAllContainers']),
        exitCodes: (codes, place) =>
          isObject(codes)
            ? fields({ operator: word(['In', 'NotIn']) })(codes, place)
            : [required(place, 'must be specified')],
      }),
    )(restartPolicyRules, at(path, 'restartPolicyRules')),
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

/** Set even when they say nothing. */
const POINTERS: ReadonlySet<string> = new Set([...Object.keys(PROBES), 'lifecycle']);

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
      if (POINTERS.has(field)) return isObject(part);
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
  ({ volumes, claims, hasOwnUsers, restarts, taken }: PodParts): Rule =>
  (value, path) => {
    const own = objectAt(value);
    const env = at(path, 'env');
    const name = textAt(own, 'name');
    return [
      ...fields({
        name: inTurn(needed(), text(labelProblems)),
        image: needed(),
        terminationMessagePolicy: known(['File', 'FallbackToLogsOnError']),
        ports: all(items(port), different('name')),
        env: variables,
        envFrom: variableSources,
        volumeMounts: mounts(volumes, own),
        volumeDevices: devices(volumes, own),
        imagePullPolicy: known(['Always', 'IfNotPresent', 'Never']),
        resources: containerResources(claims),
        resizePolicy: resizePolicy(restarts),
        securityContext: optional(containerSecurityContext(hasOwnUsers)),
      })(value, path),
      ...variableVolumes(volumes)(own['env'], env),
      ...(taken.includes(name) ? [duplicate(at(path, 'name'), name)] : []),
    ];
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
