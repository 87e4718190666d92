// What of a Pod's volumes a container has, and where.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, notFoundField } from '../status.ts';
import { at, fields, needed, optional, type Rule, word } from './rules.ts';
import { localPath } from './volume.ts';

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];
const RECURSIONS = ['Disabled', 'Enabled', 'IfPossible'];

/** Mounts of a container's volumes. */
export const mounts =
  (volumes: readonly JsonObject[], container: JsonObject): Rule =>
  (value, path) => {
    const list = listAt(value);
    const devices = listAt(container, 'volumeDevices');
    return list.flatMap((mount, index) => {
      const [name, place] = [textAt(mount, 'name'), textAt(mount, 'mountPath')];
      const field = (own: string): string => `${path}[${index}].${own}`;
      const isTaken = list.slice(0, index).some((other) => textAt(other, 'mountPath') === place);
      return [
        ...nameCauses(name, field('name'), volumes),
        ...needed()(place, field('mountPath')),
        ...(isTaken ? [invalidValue(field('mountPath'), place, 'must be unique')] : []),
        ...overlaps('volumeDevices', [field('name'), name], devices),
        ...overlaps('volumeDevices', [field('mountPath'), place], devices, 'devicePath'),
        ...subPathCauses(objectAt(mount), path, field('subPathExpr')),
        ...propagationCauses(objectAt(mount), path, container),
      ];
    });
  };

function nameCauses(name: string, path: string, volumes: readonly JsonObject[]): Cause[] {
  const isThere = volumes.some((volume) => textAt(volume, 'name') === name);
  return [...needed()(name, path), ...(isThere ? [] : [notFoundField(path, name)])];
}

/** A volume is a device or a mount, and so is a place. */
function overlaps(
  others: string,
  [path, text]: readonly [string, string],
  list: readonly Json[],
  field = 'name',
): Cause[] {
  const what = field === 'name' ? 'must not already exist in' : 'must not already exist as a path in';
  const isThere = list.some((other) => textAt(other, field) === text);
  return isThere ? [invalidValue(path, text, `${what} ${others}`)] : [];
}

/** Causes of these fields name the list, not the mount. */
function subPathCauses(mount: JsonObject, path: string, place: string): Cause[] {
  const { subPath = '', subPathExpr = '' } = mount;
  const both = subPath !== '' && subPathExpr !== '';
  return [
    ...localPath(subPath, at(path, 'subPath')),
    ...(both ? [invalidValue(place, subPathExpr, 'subPathExpr and subPath are mutually exclusive')] : []),
    ...localPath(subPathExpr, at(path, 'subPathExpr')),
  ];
}

function propagationCauses(mount: JsonObject, path: string, container: JsonObject): Cause[] {
  const { mountPropagation, recursiveReadOnly, readOnly } = mount;
  const isPrivileged = objectAt(container, 'securityContext')['privileged'] === true;
  const field = at(path, 'recursiveReadOnly');
  const recurses = recursiveReadOnly === 'Enabled' || recursiveReadOnly === 'IfPossible';
  const only = 'Bidirectional mount propagation is available only to privileged containers';
  return [
    ...fields({ mountPropagation: optional(word(PROPAGATIONS)) })(mount, path),
    ...(mountPropagation === 'Bidirectional' && !isPrivileged
      ? [forbiddenField(at(path, 'mountPropagation'), only)]
      : []),
    ...fields({ recursiveReadOnly: optional(word(RECURSIONS)) })(mount, path),
    ...(recurses && readOnly !== true ? [forbiddenField(field, 'may only be specified when readOnly is true')] : []),
    ...(recurses && mountPropagation !== undefined && mountPropagation !== 'None'
      ? [forbiddenField(field, 'may only be specified when mountPropagation is None or not specified')]
      : []),
  ];
}

const NO_BLOCK = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';

/** Volumes of a container that are devices. */
export const devices =
  (volumes: readonly JsonObject[], container: JsonObject): Rule =>
  (value, path) => {
    const list = listAt(value);
    const mounted = listAt(container, 'volumeMounts');
    return list.flatMap((device, index) => {
      const [name, place] = [textAt(device, 'name'), textAt(device, 'devicePath')];
      const field = (own: string): string => `${path}[${index}].${own}`;
      const volume = volumes.find((one) => textAt(one, 'name') === name);
      const isBlock = volume && (isObject(volume['persistentVolumeClaim']) || isObject(volume['ephemeral']));
      const twice = (own: string, text: string): Cause[] =>
        (own === 'devicePath' || text !== '') && list.slice(0, index).some((other) => textAt(other, own) === text)
          ? [invalidValue(field(own), text, 'must be unique')]
          : [];
      return [
        ...needed()(name, field('name')),
        ...twice('name', name),
        ...(volume && !isBlock ? [invalidValue(field('name'), name, NO_BLOCK)] : []),
        ...(volume ? [] : [notFoundField(field('name'), name)]),
        ...needed()(place, field('devicePath')),
        ...twice('devicePath', place),
        ...(place.split('/').includes('..')
          ? [invalidValue(field('devicePath'), place, "can not contain backsteps ('..')")]
          : []),
        ...overlaps('volumeMounts', [field('name'), name], mounted),
        ...overlaps('volumeMounts', [field('devicePath'), place], mounted, 'mountPath'),
      ];
    });
  };
