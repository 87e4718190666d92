// The security levels of namespaces: what a Pod must not ask for, what it must.

import { at, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../store/store.ts';

const LABEL = 'pod-security.kubernetes.io';

/** Throws when a Pod breaks the level that its namespace enforces. */
export function enforcePodSecurity(store: Store, kind: Kind, pod: KubeObject): void {
  const { name = '', namespace = '' } = pod.metadata;
  const violation = violationOf(store, namespace, { mode: 'enforce', spec: objectAt(pod, 'spec') });
  if (violation !== '') throw forbidden(kind, name, `violates ${violation}`);
}

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  '/pods': ['spec'],
  '/podtemplates': ['template', 'spec'],
  '/replicationcontrollers': ['spec', 'template', 'spec'],
  'apps/deployments': ['spec', 'template', 'spec'],
  'apps/replicasets': ['spec', 'template', 'spec'],
  'apps/statefulsets': ['spec', 'template', 'spec'],
  'apps/daemonsets': ['spec', 'template', 'spec'],
  'batch/jobs': ['spec', 'template', 'spec'],
  'batch/cronjobs': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** What to warn of: a level that the namespace does not enforce on the object, but warns of. */
export function podSecurityWarnings(store: Store, kind: Kind, object: KubeObject): readonly string[] {
  const path = TEMPLATES[kind.storage];
  const namespace = object.metadata.namespace ?? '';
  if (!path) return [];
  const violation = violationOf(store, namespace, { mode: 'warn', spec: objectAt(object, ...path) });
  return violation === '' ? [] : [`would violate ${violation}`];
}

interface Question {
  readonly mode: 'enforce' | 'warn';
  readonly spec: JsonObject;
}

function violationOf(store: Store, namespace: string, { mode, spec }: Question): string {
  const labels = labelsOf(store.get('/namespaces', '', namespace) ?? NO_NAMESPACE);
  const level = labels[`${LABEL}/${mode}`];
  if (level !== 'baseline' && level !== 'restricted') return '';
  const version = labels[`${LABEL}/${mode}-version`] ?? 'latest';
  const checks = level === 'baseline' ? [...BASELINE, ...BASELINE_ALONE] : [...BASELINE, ...RESTRICTED];
  const minor = minorOf(version);
  const faults = checks
    .filter(([, , since = 0]) => minor >= since)
    .flatMap(([reason, check]) => check(spec).map((detail) => `${reason} (${detail})`));
  return faults.length === 0 ? '' : `PodSecurity "${level}:${version}": ${faults.join(', ')}`;
}

const minorOf = (version: string): number => Number(/^v1\.(\d+)$/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);

const NO_NAMESPACE: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: {} };

/** Why a Pod breaks a rule: at most one text. */
type Check = (spec: JsonObject) => readonly string[];

/** What a rule is called, and the minor version that it came with. */
type NamedCheck = readonly [reason: string, check: Check, since?: number];

const containersOf = (spec: JsonObject): JsonObject[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) => listAt(spec, field)).filter(isObject);

const quoted = (texts: readonly string[]): string => texts.map((text) => JSON.stringify(text)).join(', ');

const plural = (word: string, names: readonly string[]): string =>
  `${word}${names.length === 1 ? '' : 's'} ${quoted(names)}`;

const namesOf = (containers: readonly JsonObject[]): string[] =>
  containers.map((container) => textAt(container, 'name'));

const security = (container: JsonObject, ...path: readonly string[]): Json | undefined =>
  at(container, 'securityContext', ...path);

/** The containers of which something holds, in one sentence. */
function ofContainers(holds: (container: JsonObject) => boolean, what: string): Check {
  return (spec) => {
    const names = namesOf(containersOf(spec).filter(holds));
    return names.length === 0 ? [] : [`${plural('container', names)} ${what}`];
  };
}

const DEFAULT_CAPABILITIES: readonly Json[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** Capabilities that are added beside the allowed ones. */
function addedCapabilities(spec: JsonObject, allowed: readonly Json[]): string[] {
  const added = (container: JsonObject): string[] =>
    listAt(container, 'securityContext', 'capabilities', 'add')
      .filter((name) => !allowed.includes(name))
      .map(String);
  const guilty = containersOf(spec).filter((container) => added(container).length > 0);
  if (guilty.length === 0) return [];
  const names = [...new Set(guilty.flatMap(added))].sort();
  return [
    `${plural('container', namesOf(guilty))} must not include ${quoted(names)} in securityContext.capabilities.add`,
  ];
}

const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/** A field of the Pod's and its containers' security context with a value that is not allowed. */
function wrongValue(path: readonly string[], isWrong: (value: Json | undefined) => boolean, what: string): Check {
  return (spec) => {
    const guilty = containersOf(spec).filter((container) => isWrong(security(container, ...path)));
    const pod = isWrong(at(spec, 'securityContext', ...path));
    if (!pod && guilty.length === 0) return [];
    const who = [...(pod ? ['pod'] : []), ...(guilty.length > 0 ? [plural('container', namesOf(guilty))] : [])];
    return [`${who.join(' and ')} must not set securityContext.${path.join('.')}${what}`];
  };
}

const SELINUX_TYPES: readonly (Json | undefined)[] = [
  undefined,
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
];

/** Where the probes and hooks of a container connect to: what is empty is the Pod itself. */
function hostsOf(container: JsonObject): string[] {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((field) => container[field]);
  const hooks = ['postStart', 'preStop'].map((field) => at(container, 'lifecycle', field));
  return [...probes, ...hooks]
    .flatMap((handler) => ['httpGet', 'tcpSocket'].map((way) => textAt(handler, way, 'host')))
    .filter((host) => host !== '');
}

const BASELINE: readonly NamedCheck[] = [
  [
    'forbidden AppArmor profile',
    wrongValue(['appArmorProfile', 'type'], (type) => type === 'Unconfined', ' to "Unconfined"'),
  ],
  [
    'host namespaces',
    (spec) => {
      const names = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
      return names.length === 0 ? [] : [names.map((name) => `${name}=true`).join(', ')];
    },
  ],
  [
    'hostPath volumes',
    (spec) => {
      const names = listAt(spec, 'volumes')
        .filter((volume) => isObject(at(volume, 'hostPath')))
        .map((volume) => textAt(volume, 'name'));
      return names.length === 0 ? [] : [plural('volume', names)];
    },
  ],
  [
    'hostPort',
    (spec) => {
      const portsOf = (container: JsonObject): number[] =>
        listAt(container, 'ports')
          .map((port) => Number(at(port, 'hostPort') ?? 0))
          .filter((port) => port !== 0);
      const guilty = containersOf(spec).filter((container) => portsOf(container).length > 0);
      if (guilty.length === 0) return [];
      const ports = [...new Set(guilty.flatMap(portsOf))].sort((a, b) => a - b);
      const verb = guilty.length === 1 ? 'uses' : 'use';
      return [
        `${plural('container', namesOf(guilty))} ${verb} hostPort${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`,
      ];
    },
  ],
  [
    'probe or lifecycle host',
    (spec) => {
      const guilty = containersOf(spec).filter((container) => hostsOf(container).length > 0);
      if (guilty.length === 0) return [];
      const hosts = [...new Set(guilty.flatMap(hostsOf))].sort();
      const verb = guilty.length === 1 ? 'uses' : 'use';
      return [`${plural('container', namesOf(guilty))} ${verb} ${plural('probe or lifecycle host', hosts)}`];
    },
    34,
  ],
  [
    'privileged',
    ofContainers(
      (container) => security(container, 'privileged') === true,
      'must not set securityContext.privileged=true',
    ),
  ],
  [
    'procMount',
    ofContainers(
      (container) => ![undefined, 'Default'].includes(security(container, 'procMount')?.toString()),
      'must not set securityContext.procMount to "Unmasked"',
    ),
  ],
  ['seLinuxOptions', wrongValue(['seLinuxOptions', 'type'], (type) => !SELINUX_TYPES.includes(type), '')],
  [
    'forbidden sysctls',
    (spec) => {
      const names = listAt(spec, 'securityContext', 'sysctls')
        .map((entry) => textAt(entry, 'name'))
        .filter((name) => !SAFE_SYSCTLS.has(name));
      return names.length === 0 ? [] : [names.sort().join(', ')];
    },
  ],
  ['hostProcess', wrongValue(['windowsOptions', 'hostProcess'], (value) => value === true, '=true')],
];

/** What the stricter level says in its own way. */
const BASELINE_ALONE: readonly NamedCheck[] = [
  ['non-default capabilities', (spec) => addedCapabilities(spec, DEFAULT_CAPABILITIES)],
  ['seccompProfile', wrongValue(['seccompProfile', 'type'], (type) => type === 'Unconfined', ' to "Unconfined"')],
];

const VOLUMES: readonly string[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** A value that the Pod sets for all containers, or each of them for itself. */
function requiredValue(path: readonly string[], isRight: (value: Json | undefined) => boolean, what: string): Check {
  return (spec) => {
    const pod = at(spec, 'securityContext', ...path);
    const wrong = containersOf(spec).filter((container) => {
      const value = security(container, ...path);
      return value === undefined ? !isRight(pod) : !isRight(value);
    });
    if (wrong.length === 0) return [];
    const asks = wrong.every((container) => security(container, ...path) === undefined);
    return [
      `${asks ? 'pod or ' : ''}${plural('container', namesOf(wrong))} must set securityContext.${path.join('.')}${what}`,
    ];
  };
}

const RESTRICTED: readonly NamedCheck[] = [
  [
    'allowPrivilegeEscalation != false',
    ofContainers(
      (container) => security(container, 'allowPrivilegeEscalation') !== false,
      'must set securityContext.allowPrivilegeEscalation=false',
    ),
  ],
  [
    'unrestricted capabilities',
    (spec) => {
      const keeps = namesOf(
        containersOf(spec).filter(
          (container) => !listAt(container, 'securityContext', 'capabilities', 'drop').includes('ALL'),
        ),
      );
      const drop =
        keeps.length === 0 ? [] : [`${plural('container', keeps)} must set securityContext.capabilities.drop=["ALL"]`];
      const details = [...drop, ...addedCapabilities(spec, ['NET_BIND_SERVICE'])];
      return details.length === 0 ? [] : [details.join('; ')];
    },
  ],
  [
    'restricted volume types',
    (spec) => {
      const typeOf = (volume: Json): string =>
        Object.keys(objectAt(volume)).find((field) => field !== 'name' && !VOLUMES.includes(field)) ?? '';
      const guilty = listAt(spec, 'volumes').filter((volume) => typeOf(volume) !== '');
      if (guilty.length === 0) return [];
      const types = [...new Set(guilty.map(typeOf))].sort();
      const verb = guilty.length === 1 ? 'uses' : 'use';
      const names = guilty.map((volume) => textAt(volume, 'name'));
      return [`${plural('volume', names)} ${verb} ${plural('restricted volume type', types)}`];
    },
  ],
  ['runAsNonRoot != true', requiredValue(['runAsNonRoot'], (value) => value === true, '=true')],
  ['runAsUser=0', wrongValue(['runAsUser'], (value) => value === 0, '=0')],
  [
    'seccompProfile',
    requiredValue(
      ['seccompProfile', 'type'],
      (type) => type === 'RuntimeDefault' || type === 'Localhost',
      ' to "RuntimeDefault" or "Localhost"',
    ),
  ],
];
