// Who Pods and containers run as, and what the kernel lets them do.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, tooLong, unsupported } from '../status.ts';
import { internalForm, type Shape } from './internal.ts';
import { windowsOptions } from './operating-system.ts';
import { all, at, fields, inTurn, items, known, needed, optional, type Rule, userId, word } from './rules.ts';
import { localPath } from './volume.ts';

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

const PROFILE = { Type: '', LocalhostProfile: null } as const satisfies Shape;

function seccompProfile(value: Json | undefined, path: string): Cause[] {
  const profile = objectAt(value);
  const { type, localhostProfile: file } = profile;
  const field = at(path, 'localhostProfile');
  const isGiven = file !== undefined && file !== null;
  const only = 'can only be set when seccomp type is Localhost';
  return [
    ...inTurn(needed('type is required when seccompProfile is set'), known(PROFILES))(type, at(path, 'type')),
    ...(type === 'Localhost' && !isGiven ? [required(field, 'must be set when seccomp type is Localhost')] : []),
    ...(type === 'Localhost' ? localPath(file, field) : []),
    ...(type !== 'Localhost' && isGiven ? [invalidValue(field, internalForm(profile, PROFILE), only)] : []),
  ];
}

function appArmorProfile(value: Json | undefined, path: string): Cause[] {
  const { type, localhostProfile } = objectAt(value);
  const [field, profile] = [at(path, 'localhostProfile'), textAt(value, 'localhostProfile')];
  if (type === 'Localhost') {
    if (profile.trim() === '') return [required(field, 'must be set when AppArmor type is Localhost')];
    if (profile !== profile.trim()) return [invalidValue(field, profile, 'must not be padded with whitespace')];
    return profile.length > MOST_APP_ARMOR ? [tooLong(field, MOST_APP_ARMOR)] : [];
  }
  if (!type) return [required(at(path, 'type'), 'type is required when appArmorProfile is set')];
  if (!PROFILES.includes(String(type))) return [unsupported(at(path, 'type'), type, PROFILES)];
  return localhostProfile === undefined
    ? []
    : [invalidValue(field, localhostProfile, 'can only be set when AppArmor type is Localhost')];
}

const MOST_APP_ARMOR = 4095;

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_RULE =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

const OF_NETWORK = /^net\./;
const OF_IPC = /^(kernel\.shm|kernel\.msg|kernel\.sem$|fs\.mqueue\.)/;

/** Settings of the kernel, but for what the Pod shares with its node. */
const sysctls =
  (spec: JsonObject): Rule =>
  (value, path) =>
    listAt(value).flatMap((entry, index, list) => {
      const name = textAt(entry, 'name');
      const field = `${path}[${index}].name`;
      if (name === '') return [required(field)];
      if (name.length > 253 || !SYSCTL.test(name)) return [invalidValue(field, name, SYSCTL_RULE)];
      const earlier = list.slice(0, index).some((other) => textAt(other, 'name') === name);
      const dotted = name.replaceAll('/', '.');
      const shared = (flag: string, names: RegExp): Cause[] =>
        spec[flag] === true && names.test(dotted)
          ? [invalidValue(field, name, `may not be specified when '${flag}' is true`)]
          : [];
      return [
        ...(earlier ? [duplicate(field, name)] : []),
        ...shared('hostNetwork', OF_NETWORK),
        ...shared('hostIPC', OF_IPC),
      ];
    });

export const podSecurityContext = (spec: JsonObject): Rule =>
  fields({
    fsGroup: userId,
    runAsUser: userId,
    runAsGroup: userId,
    supplementalGroups: items(userId),
    sysctls: sysctls(spec),
    fsGroupChangePolicy: optional(word(['Always', 'OnRootMismatch'])),
    seccompProfile: optional(seccompProfile),
    windowsOptions,
    appArmorProfile: optional(appArmorProfile),
    supplementalGroupsPolicy: optional(word(['Merge', 'Strict'])),
    seLinuxChangePolicy: optional(word(['Recursive'])),
  });

const HOST_PARTS: Readonly<Record<string, string>> = {
  hostNetwork: 'hostNetwork',
  hostPID: 'HostPID',
  hostIPC: 'HostIPC',
};

/** Containers that see the processes of each other do not see those of the node. */
export const sharedProcesses: Rule = (spec, path) => {
  const { shareProcessNamespace, hostPID } = objectAt(spec);
  const both = 'ShareProcessNamespace and HostPID cannot both be enabled';
  return shareProcessNamespace === true && hostPID === true
    ? [invalidValue(at(path, 'securityContext.shareProcessNamespace'), true, both)]
    : [];
};

/** Who has users of his own may not have the node's network, processes or memory. */
export const hostUsers: Rule = (spec, path) => {
  const given = objectAt(spec);
  if (given['hostUsers'] !== false) return [];
  return Object.entries(HOST_PARTS)
    .filter(([field]) => given[field] === true)
    .map(([, name]) => forbiddenField(at(path, name), 'when `hostUsers` is false'));
};

/** Of a container; whether the Pod has users of its own says what it may see of processes. */
export const containerSecurityContext = (hasOwnUsers: boolean): Rule =>
  all(
    fields({
      runAsUser: userId,
      runAsGroup: userId,
      procMount: optional((value, path) => {
        const unmasked = value === 'Unmasked' && !hasOwnUsers;
        return [
          ...word(['Default', 'Unmasked'])(value, path),
          ...(unmasked ? [invalidValue(path, value, '`hostUsers` must be false to use `Unmasked`')] : []),
        ];
      }),
      seccompProfile: optional(seccompProfile),
    }),
    escalation,
    fields({ windowsOptions, appArmorProfile: optional(appArmorProfile) }),
  );

/** The whole of it, as causes print it. */
const CONTEXT = {
  Capabilities: { of: { Add: null, Drop: null }, pointer: true },
  Privileged: null,
  SELinuxOptions: { of: { User: '', Role: '', Type: '', Level: '' }, pointer: true },
  WindowsOptions: {
    of: { GMSACredentialSpecName: null, GMSACredentialSpec: null, RunAsUserName: null, HostProcess: null },
    pointer: true,
  },
  RunAsUser: null,
  RunAsGroup: null,
  RunAsNonRoot: null,
  ReadOnlyRootFilesystem: null,
  AllowPrivilegeEscalation: null,
  ProcMount: null,
  SeccompProfile: { of: PROFILE, pointer: true },
  AppArmorProfile: { of: PROFILE, pointer: true },
} as const satisfies Shape;

function escalation(value: Json | undefined, path: string): Cause[] {
  const { allowPrivilegeEscalation, privileged, capabilities } = objectAt(value);
  if (allowPrivilegeEscalation !== false) return [];
  const contradiction = (what: string): Cause[] => [
    invalidValue(
      path,
      internalForm(objectAt(value), CONTEXT),
      `cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
    ),
  ];
  return [
    ...(privileged === true ? contradiction('`privileged` to true') : []),
    ...(listAt(capabilities, 'add').some((name) => name === 'CAP_SYS_ADMIN' || name === 'SYS_ADMIN')
      ? contradiction('`capabilities.Add` CAP_SYS_ADMIN')
      : []),
  ];
}
