// Files of a volume that are put together from parts: keys of Secrets and ConfigMaps, fields of the Pod, tokens.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { fieldReference, IN_VOLUMES } from './field-reference.ts';
import { resourceField } from './resource-field.ts';
import { all, at, fields, inTurn, items, needed, number, optional, type Rule, text } from './rules.ts';
import { localPath } from './volume.ts';

export const fileMode: Rule = number(
  (value) => value >= 0 && value <= 0o777,
  'must be a number between 0 and 0777 (octal), both inclusive',
);

/** A path below the volume that is none of those which the kubelet keeps for itself. */
const filePath: Rule = inTurn(
  needed(),
  all(
    localPath,
    text((path) => (path.startsWith('..') && !path.startsWith('../') ? ["must not start with '..'"] : [])),
  ),
);

export const keysToPaths: Rule = items(fields({ key: needed(), path: filePath, mode: fileMode }));

/** The items of the Pod's own fields are told of without their place in the list. */
const ownFields: Rule = (value, path) => listAt(value, 'items').flatMap((item) => ownField(item, path));

export const downwardApi: Rule = all(fields({ defaultMode: fileMode }), ownFields);

const ownField: Rule = (value, path) => {
  const { fieldRef, resourceFieldRef } = objectAt(value);
  const [field, resource] = [isObject(fieldRef), isObject(resourceFieldRef)];
  const both = 'fieldRef and resourceFieldRef can not be specified simultaneously';
  return [
    ...filePath(textAt(value, 'path'), at(path, 'path')),
    ...(field ? fieldReference(IN_VOLUMES)(fieldRef, at(path, 'fieldRef')) : []),
    ...(field && resource ? [invalidValue(path, 'resource', both)] : []),
    ...(!field && resource ? resourceField(true)(resourceFieldRef, at(path, 'resourceFieldRef')) : []),
    ...(!field && !resource ? [required(path, 'one of fieldRef and resourceFieldRef is required')] : []),
    ...fields({ mode: fileMode })(value, path),
  ];
};

const expirationSeconds: Rule = all(
  number((value) => value >= 600, 'may not specify a duration less than 10 minutes'),
  number((value) => value <= 2 ** 32, 'may not specify a duration larger than 2^32 seconds'),
);

const PROJECTIONS: Readonly<Record<string, Rule>> = {
  secret: fields({ name: needed(), items: keysToPaths }),
  configMap: fields({ name: needed(), items: keysToPaths }),
  downwardAPI: ownFields,
};

/** A part and where the whole volume stands, which is where the path of a token is told of. */
function projectionCauses(value: Json, path: string, whole: string): Cause[] {
  const given = objectAt(value);
  const ways = [...Object.keys(PROJECTIONS), 'serviceAccountToken'].filter((way) => isObject(given[way]));
  const token = given['serviceAccountToken'];
  return [
    ...fields(Object.fromEntries(Object.entries(PROJECTIONS).map(([way, rule]) => [way, optional(rule)])))(value, path),
    ...(isObject(token)
      ? [
          ...expirationSeconds(token['expirationSeconds'], at(path, 'serviceAccountToken.expirationSeconds')),
          ...filePath(token['path'], at(whole, 'path')),
        ]
      : []),
    ...(ways.length > 1 ? [forbiddenField(path, 'may not specify more than 1 volume type per source')] : []),
  ];
}

/** Where a part puts things, each with what is told of when it is there already. */
function placesOf(projection: Json): (readonly [path: string, subject: string])[] {
  const keyed = ['secret', 'configMap'].flatMap((way) =>
    listAt(projection, way, 'items').map((item) => [textAt(item, 'path'), textAt(projection, way, 'name')] as const),
  );
  const own = listAt(projection, 'downwardAPI', 'items').map(
    (item) => [textAt(item, 'path'), textAt(item, 'path')] as const,
  );
  return [...keyed, ...own];
}

const differentPlaces: Rule = (value, path) => {
  const places = listAt(value, 'sources')
    .flatMap(placesOf)
    .filter(([place]) => place !== '');
  return places.flatMap(([place, subject], index) =>
    places.findIndex(([other]) => other === place) < index
      ? [invalidValue(path, subject, 'conflicting duplicate paths')]
      : [],
  );
};

export const projected: Rule = all(
  fields({ defaultMode: fileMode }),
  (value, path) =>
    listAt(value, 'sources').flatMap((source, index) => projectionCauses(source, `${path}.sources[${index}]`, path)),
  differentPlaces,
);
