// What Pods may say by the operating system that they are for.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue } from '../status.ts';
import { subdomainProblems } from './names.ts';
import { at, fields, type Rule, text } from './rules.ts';

/** The settings of a Pod that only Linux has, each with where it stands. */
const OF_LINUX = `securityContext.appArmorProfile securityContext.seLinuxOptions hostUsers hostPID hostIPC
  securityContext.seccompProfile securityContext.fsGroup securityContext.fsGroupChangePolicy securityContext.sysctls
  shareProcessNamespace securityContext.runAsUser securityContext.runAsGroup securityContext.supplementalGroups
  securityContext.supplementalGroupsPolicy`.split(/\s+/);
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

const notEmpty =
  (name: string): Rule =>
  (value, path) =>
    value === '' ? [invalidValue(path, value, `${name} cannot be an empty string`)] : [];

export const windowsOptions: Rule = fields({
  gmsaCredentialSpecName: text(subdomainProblems),
  gmsaCredentialSpec: notEmpty('gmsaCredentialSpec'),
  runAsUserName: notEmpty('runAsUserName'),
});
