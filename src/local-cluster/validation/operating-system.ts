// What Pods may say by the operating system that they are for.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue } from '../status.ts';
import { subdomainProblems } from './names.ts';
import { at, fields, type Rule } from './rules.ts';

/** The settings of a Pod that only Linux has, each with where it stands. */
const OF_LINUX = `securityContext.appArmorProfile securityContext.seLinuxOptions hostUsers hostPID hostIPC
  securityContext.seccompProfile securityContext.fsGroup securityContext.fsGroupChangePolicy securityContext.sysctls
  shareProcessNamespace securityContext.runAsUser securityContext.runAsGroup securityContext.supplementalGroups
  securityContext.supplementalGroupsPolicy securityContext.seLinuxChangePolicy`.split(/\s+/);
/** Of these only yes says something. */
const FLAGS: ReadonlySet<string> = new Set(['hostPID', 'hostIPC']);
const OF_LINUX_CONTAINERS =
  'appArmorProfile seLinuxOptions seccompProfile capabilities readOnlyRootFilesystem privileged allowPrivilegeEscalation procMount runAsUser runAsGroup'.split(
    ' ',
  );

const CONTEXT = 'securityContext';
const WINDOWS = `${CONTEXT}.windowsOptions`;

/** What stands at a path of names. */
const valueAt = (object: JsonObject, path: string): Json | undefined => {
  const names = path.split('.');
  return objectAt(object, ...names.slice(0, -1))[names.at(-1) ?? ''];
};

/** The containers of a Pod in the order in which they are visited. */
const containersOf = (spec: JsonObject, path: string): readonly (readonly [string, JsonObject])[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    listAt(spec, list).map((one, index) => [`${path}.${list}[${index}]`, objectAt(one)] as const),
  );

const isSet = (value: Json | undefined, name: string): boolean =>
  FLAGS.has(name) ? value === true : value !== undefined && value !== null;

/** The settings of another system are refused. */
export function systemCauses(spec: JsonObject, path: string): Cause[] {
  const system = textAt(spec, 'os', 'name');
  if (system === 'linux')
    return [[path, spec] as const, ...containersOf(spec, path)].flatMap(([field, one]) =>
      valueAt(one, WINDOWS) === undefined
        ? []
        : [forbiddenField(`${field}.${WINDOWS}`, 'windows options cannot be set for a linux pod')],
    );
  if (system !== 'windows') return [];
  const refuse = (field: string): Cause => forbiddenField(field, 'cannot be set for a windows pod');
  return [
    ...OF_LINUX.filter((name) => isSet(valueAt(spec, name), name)).map((name) => refuse(`${path}.${name}`)),
    ...containersOf(spec, path).flatMap(([field, one]) =>
      OF_LINUX_CONTAINERS.filter((name) => isSet(objectAt(one, CONTEXT)[name], name)).map((name) =>
        refuse(`${field}.${CONTEXT}.${name}`),
      ),
    ),
  ];
}

/** The processes of a Pod are all the node's, or none is. */
export function hostProcessCauses(spec: JsonObject, path: string): Cause[] {
  const field = `${WINDOWS}.hostProcess`;
  const ofPod = valueAt(spec, field);
  const containers = containersOf(spec, path);
  const count = containers.filter(([, one]) => (valueAt(one, field) ?? ofPod) === true).length;
  const different = containers.flatMap(([place, one]) => {
    const own = valueAt(one, field);
    if (own === undefined || ofPod === undefined || own === ofPod) return [];
    const why = `pod hostProcess value must be identical if both are specified, was ${String(ofPod)}`;
    return [invalidValue(`${place}.${field}`, own, why)];
  });
  if (count === 0) return different;
  const mixed = 'If pod contains any hostProcess containers then all containers must be HostProcess containers';
  const network = 'hostNetwork must be true if pod contains any hostProcess containers';
  return [
    ...different,
    ...(count < containers.length ? [invalidValue(path, '', mixed)] : []),
    ...(spec['hostNetwork'] === true ? [] : [invalidValue(at(path, 'hostNetwork'), false, network)]),
  ];
}

/** A text that, if it is there, is not empty, and then has no faults of some kinds. */
const filled =
  (name: string, problems: (value: string) => readonly string[]): Rule =>
  (value, path) => {
    if (typeof value !== 'string') return [];
    const texts = value === '' ? [`${name} cannot be an empty string`] : problems(value);
    return texts.map((problem) => invalidValue(path, value, problem));
  };

const MOST_SPEC_BYTES = 64 * 1024;
const MOST_DOMAIN = 255;
const MOST_USER = 104;
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS = /^(?:[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*$/;

/** 'DOMAIN\user', where the domain may be left out. */
function userNameProblems(value: string): string[] {
  if ([...value].some((char) => char < ' ' || char === '\u007f'))
    return ['runAsUserName cannot contain control characters'];
  const parts = value.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  return [...(parts.length === 2 ? domainProblems(parts[0] ?? '') : []), ...userProblems(parts.at(-1) ?? '')];
}

function domainProblems(domain: string): string[] {
  const isName = NET_BIOS.test(domain) || DNS.test(domain);
  return [
    ...(domain.length > MOST_DOMAIN ? ["runAsUserName's Domain length must be under 256 characters"] : []),
    ...(isName ? [] : ["runAsUserName's Domain doesn't match the NetBios nor the DNS format"]),
  ];
}

function userProblems(user: string): string[] {
  if (user === '') return ["runAsUserName's User cannot be empty"];
  return [
    ...(user.length > MOST_USER ? [`runAsUserName's User length must not be longer than ${MOST_USER} characters`] : []),
    ...(/^[. ]+$/.test(user) ? ["runAsUserName's User cannot contain only periods or spaces"] : []),
    ...(/["/\\:;|=,+*?<>@[\]]/.test(user)
      ? ['runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]']
      : []),
  ];
}

export const windowsOptions: Rule = fields({
  gmsaCredentialSpecName: (value, path) =>
    typeof value === 'string' ? subdomainProblems(value).map((problem) => invalidValue(path, value, problem)) : [],
  gmsaCredentialSpec: filled('gmsaCredentialSpec', (value) =>
    value.length > MOST_SPEC_BYTES ? [`gmsaCredentialSpec size must be under ${MOST_SPEC_BYTES / 1024} KiB`] : [],
  ),
  runAsUserName: filled('runAsUserName', userNameProblems),
});
