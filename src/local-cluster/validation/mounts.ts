// What of a Pod's volumes a container has, and where.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue } from '../status.ts';
import { all, at, fields, inTurn, known, needed, type Rule } from './rules.ts';
import { subPath } from './volume.ts';

const notFound = (path: string, name: Json | undefined): Cause => ({
  field: path,
  reason: 'FieldValueNotFound',
  message: JSON.stringify(name ?? ''),
});

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];
const RECURSIONS = ['Disabled', 'Enabled', 'IfPossible'];

/** Mounts of a container's volumes. */
export const mounts =
  (volumes: readonly JsonObject[], container: JsonObject): Rule =>
  (value, path) => {
    const names = volumes.map((volume) => textAt(volume, 'name'));
    const devices = listAt(container, 'volumeDevices').map((device) => textAt(device, 'devicePath'));
    const isPrivileged = objectAt(container, 'securityContext')['privileged'] === true;
    const places = listAt(value).map((mount) => textAt(mount, 'mountPath'));
    return places.flatMap((place, index) => {
      const field = `${path}[${index}]`;
      const mount = listAt(value)[index];
      const own = at(field, 'mountPath');
      return [
        ...mountOf(names)(mount, field),
        ...(place !== '' && places.indexOf(place) < index ? [invalidValue(own, place, 'must be unique')] : []),
        ...(devices.includes(place) && place !== ''
          ? [invalidValue(own, place, 'must not already exist in volumeDevices')]
          : []),
        ...propagationCauses(mount, field, isPrivileged),
      ];
    });
  };

const mountOf = (names: readonly string[]): Rule =>
  all(
    fields({
      name: inTurn(needed(), (name, path) => (names.includes(String(name)) ? [] : [notFound(path, name)])),
      mountPath: needed(),
      subPath,
      subPathExpr: subPath,
      mountPropagation: known(PROPAGATIONS),
      recursiveReadOnly: known(RECURSIONS),
    }),
    (value, path) => {
      const { subPath: plain, subPathExpr } = objectAt(value);
      return plain && subPathExpr
        ? [invalidValue(at(path, 'subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive')]
        : [];
    },
  );

function propagationCauses(mount: Json | undefined, path: string, isPrivileged: boolean): Cause[] {
  const { mountPropagation, recursiveReadOnly, readOnly } = objectAt(mount);
  const field = at(path, 'recursiveReadOnly');
  const recurses = recursiveReadOnly === 'Enabled' || recursiveReadOnly === 'IfPossible';
  const only = 'Bidirectional mount propagation is available only to privileged containers';
  return [
    ...(mountPropagation === 'Bidirectional' && !isPrivileged
      ? [forbiddenField(at(path, 'mountPropagation'), only)]
      : []),
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
    const taken = (field: string, index: number): boolean =>
      list.slice(0, index).some((other) => textAt(other, field) === textAt(list[index], field));
    return list.flatMap((device, index) => {
      const [name, place] = [textAt(device, 'name'), textAt(device, 'devicePath')];
      const field = (own: string): string => `${path}[${index}].${own}`;
      const volume = volumes.find((one) => textAt(one, 'name') === name);
      const isBlock = volume && (isObject(volume['persistentVolumeClaim']) || isObject(volume['ephemeral']));
      const twice = (own: string, text: string): Cause[] =>
        text !== '' && taken(own, index) ? [invalidValue(field(own), text, 'must be unique')] : [];
      const overlaps = (own: string, text: string, other: string): Cause[] =>
        text !== '' && mounted.some((mount) => textAt(mount, other) === text)
          ? [invalidValue(field(own), text, 'must not already exist in volumeMounts')]
          : [];
      return [
        ...needed()(name, field('name')),
        ...twice('name', name),
        ...(volume && !isBlock ? [invalidValue(field('name'), name, NO_BLOCK)] : []),
        ...(volume ? [] : [notFound(field('name'), name)]),
        ...needed()(place, field('devicePath')),
        ...twice('devicePath', place),
        ...(place.split('/').includes('..')
          ? [invalidValue(field('devicePath'), place, "can not contain backsteps ('..')")]
          : []),
        ...overlaps('name', name, 'name'),
        ...overlaps('devicePath', place, 'mountPath'),
      ];
    });
  };
