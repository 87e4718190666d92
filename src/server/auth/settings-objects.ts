// What the objects of the settings hold, whatever may have been written into them by hand.

import { isList, listAt, objectAt, textAt } from '../../core/json.ts';
import type { ProjectRole } from '../../engine/policy/access.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Data } from './accounts.ts';

export function configData(object: KubeObject | undefined): Data {
  const data = Object.entries(objectAt(object, 'data'));
  return Object.fromEntries(data.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

export function secretData(object: KubeObject | undefined): Data {
  const keys = Object.keys(objectAt(object, 'data'));
  return Object.fromEntries(keys.map((key) => [key, Buffer.from(secretBytes(object, key)).toString('utf8')]));
}

export const secretBytes = (object: KubeObject | undefined, key: string): Uint8Array =>
  Buffer.from(textAt(object, 'data', key), 'base64');

export function projectRoles(object: KubeObject): readonly ProjectRole[] {
  const texts = (value: unknown): readonly string[] =>
    isList(value) ? value.filter((each) => typeof each === 'string') : [];
  return listAt(object, 'spec', 'roles').map((role) => ({
    name: textAt(role, 'name'),
    policies: texts(listAt(role, 'policies')),
    groups: texts(listAt(role, 'groups')),
  }));
}
