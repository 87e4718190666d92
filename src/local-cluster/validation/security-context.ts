// Who Pods and containers run as, and what the kernel lets them do.

import { type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { windowsOptions } from './operating-system.ts';
import { all, at, fields, items, known, optional, type Rule, userId } from './rules.ts';

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function seccompProfile(value: Json | undefined, path: string): Cause[] {
  const { type, localhostProfile } = objectAt(value);
  const field = at(path, 'localhostProfile');
  if (type === 'Localhost' && !localhostProfile) return [required(field, 'must be set when seccomp type is Localhost')];
  if (type !== 'Localhost' && localhostProfile !== undefined)
    return [invalidValue(field, localhostProfile, 'can only be set when seccomp type is Localhost')];
  if (!type) return [required(at(path, 'type'), 'type is required when seccompProfile is set')];
  return PROFILES.includes(String(type)) ? [] : [unsupported(at(path, 'type'), type, PROFILES)];
}

function appArmorProfile(value: Json | undefined, path: string): Cause[] {
  const { type, localhostProfile } = objectAt(value);
  const [field, profile] = [at(path, 'localhostProfile'), textAt(value, 'localhostProfile')];
  if (type === 'Localhost') {
    if (profile.trim() === '') return [required(field, 'must be set when AppArmor type is Localhost')];
    return profile === profile.trim() ? [] : [invalidValue(field, profile, 'must not be padded with whitespace')];
  }
  if (!type) return [required(at(path, 'type'), 'type is required when appArmorProfile is set')];
  if (!PROFILES.includes(String(type))) return [unsupported(at(path, 'type'), type, PROFILES)];
  return localhostProfile === undefined
    ? []
    : [invalidValue(field, localhostProfile, 'can only be set when AppArmor type is Localhost')];
}

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_RULE =
  'must have at most 253 characters and match regex ([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?';

const sysctls: Rule = (value, path) =>
  listAt(value).flatMap((entry, index, list) => {
    const name = textAt(entry, 'name');
    const field = `${path}[${index}].name`;
    if (name === '') return [required(field)];
    if (name.length > 253 || !SYSCTL.test(name)) return [invalidValue(field, name, SYSCTL_RULE)];
    const earlier = list.slice(0, index).some((other) => textAt(other, 'name') === name);
    return earlier ? [duplicate(field, name)] : [];
  });

export const podSecurityContext: Rule = fields({
  fsGroup: userId,
  runAsUser: userId,
  runAsGroup: userId,
  supplementalGroups: items(userId),
  sysctls,
  fsGroupChangePolicy: known(['Always', 'OnRootMismatch']),
  seccompProfile: optional(seccompProfile),
  appArmorProfile: optional(appArmorProfile),
  supplementalGroupsPolicy: known(['Merge', 'Strict']),
  seLinuxChangePolicy: known(['MountOption', 'Recursive']),
  windowsOptions,
});

const HOST_PARTS: Readonly<Record<string, string>> = {
  hostNetwork: 'hostNetwork',
  hostPID: 'HostPID',
  hostIPC: 'HostIPC',
};

/** Who has users of his own may not have the node's network, processes or memory. */
export const hostUsers: Rule = (spec, path) => {
  const given = objectAt(spec);
  const own =
    given['hostUsers'] === false
      ? Object.entries(HOST_PARTS)
          .filter(([field]) => given[field] === true)
          .map(([, name]) => forbiddenField(at(path, name), 'when `pod.Spec.HostUsers` is false'))
      : [];
  const shared = given['shareProcessNamespace'] === true && given['hostPID'] === true;
  const both = 'ShareProcessNamespace and HostPID cannot both be enabled';
  return [...(shared ? [invalidValue(at(path, 'securityContext.shareProcessNamespace'), true, both)] : []), ...own];
};

/** Of a container; whether the Pod has users of its own says what it may see of processes. */
export const containerSecurityContext = (hasOwnUsers: boolean): Rule =>
  all(
    fields({
      runAsUser: userId,
      runAsGroup: userId,
      procMount: (value, path) => {
        const causes = known(['Default', 'Unmasked'])(value, path);
        const unmasked = value === 'Unmasked' && !hasOwnUsers;
        return unmasked ? [invalidValue(path, value, '`hostUsers` must be false to use `Unmasked`')] : causes;
      },
      seccompProfile: optional(seccompProfile),
      appArmorProfile: optional(appArmorProfile),
      windowsOptions,
    }),
    escalation,
  );

function escalation(value: Json | undefined, path: string): Cause[] {
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
}
