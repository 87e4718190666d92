// What to warn of in the volumes of Pods: sources that no cluster serves any more, places that are taken twice.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { claimWarnings } from './claims.ts';

/** Sources that are going or gone; of volumes of the cluster too. */
const DEPRECATED: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

export const sourceWarnings = (source: JsonObject, path: string): string[] =>
  Object.entries(DEPRECATED)
    .filter(([field]) => isObject(source[field]))
    .map(([field, text]) => `${path}.${field === 'storageos' ? 'storageOS' : field}: ${text}`);

interface Place {
  readonly path: string;
  /** What puts it there, in a volume of several. */
  readonly from: string;
}

export const volumeWarnings = (volume: JsonObject, path: string): string[] => [
  ...sourceWarnings(volume, path),
  ...placeWarnings(volume),
  ...claimWarnings(
    objectAt(volume, 'ephemeral', 'volumeClaimTemplate', 'spec'),
    `${path}.ephemeral.volumeClaimTemplate.spec`,
  ),
];

function placeWarnings(volume: JsonObject): string[] {
  const { configMap, secret, downwardAPI, projected } = volume;
  const name = JSON.stringify(textAt(volume, 'name'));
  const quoted = (value: Json | undefined, field: string): string => JSON.stringify(textAt(value, field));
  if (isObject(configMap))
    return overlaps(`volume ${name} (ConfigMap ${quoted(configMap, 'name')})`, places(configMap));
  if (isObject(secret)) return overlaps(`volume ${name} (Secret ${quoted(secret, 'secretName')})`, places(secret));
  if (isObject(downwardAPI)) return overlaps(`volume ${name} (DownwardAPI)`, places(downwardAPI));
  if (!isObject(projected)) return [];
  const sources = listAt(projected, 'sources');
  const isBare = sources.some((source) => Object.keys(objectAt(source)).length === 0);
  return [
    ...(isBare ? [`volume ${name} (Projected) has no sources provided`] : []),
    ...overlaps(`volume ${name} (Projected)`, sources.flatMap(projectedPlaces)),
  ];
}

const places = (source: Json | undefined, from = ''): Place[] =>
  listAt(source, 'items').map((item) => ({ path: textAt(item, 'path'), from }));

function projectedPlaces(source: Json): Place[] {
  const { configMap, secret, downwardAPI, serviceAccountToken } = objectAt(source);
  const named = (value: Json | undefined, kind: string): string =>
    ` (${kind} ${JSON.stringify(textAt(value, 'name'))})`;
  return [
    ...places(secret, named(secret, 'Secret')),
    ...places(configMap, named(configMap, 'ConfigMap')),
    ...places(downwardAPI, ' (DownwardAPI)'),
    ...(isObject(serviceAccountToken)
      ? [{ path: textAt(serviceAccountToken, 'path'), from: ' (ServiceAccountToken)' }]
      : []),
  ];
}

/** Places that are the same as others, or lie in them; each is told of once. */
function overlaps(what: string, list: readonly Place[]): string[] {
  const inside = (one: string, other: string): boolean => one === other || one.startsWith(`${other}/`);
  return list.flatMap(({ path, from }, index) => {
    const other = list.slice(0, index).find((earlier) => inside(path, earlier.path) || inside(earlier.path, path));
    return other === undefined
      ? []
      : [`${what}: overlapping paths: ${JSON.stringify(path)}${from} with ${JSON.stringify(other.path)}${other.from}`];
  });
}
