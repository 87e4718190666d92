// In which fields two clusters differ, in the words of the reference: the names of its fields, from the outside in.

import { isObject, type Json, type JsonObject, objectAt, sameJson, toJson } from '../../core/json.ts';
import type { ClusterSettings } from '../../model/cluster.ts';

/** The fields in their order; within the configuration, too. */
const FIELDS = [
  ['name', 'Name'],
  ['config', 'Config'],
  ['namespaces', 'Namespaces'],
  ['shard', 'Shard'],
  ['clusterResources', 'ClusterResources'],
  ['project', 'Project'],
  ['labels', 'Labels'],
  ['annotations', 'Annotations'],
] as const satisfies readonly (readonly [keyof ClusterSettings, string])[];

const INNER: Readonly<Record<string, string>> = {
  username: 'Username',
  password: 'Password',
  bearerToken: 'BearerToken',
  tlsClientConfig: 'TLSClientConfig',
  awsAuthConfig: 'AWSAuthConfig',
  execProviderConfig: 'ExecProviderConfig',
  disableCompression: 'DisableCompression',
  proxyUrl: 'ProxyUrl',
  insecure: 'Insecure',
  serverName: 'ServerName',
  certData: 'CertData',
  keyData: 'KeyData',
  caData: 'CAData',
};

/** None where they are the same. What only a stored one has is named with each difference. */
export function differingClusterFields(existing: ClusterSettings, desired: ClusterSettings): string[] {
  const keys = FIELDS.flatMap(([key, name]) =>
    pathsOf(toJson(existing[key] ?? null), toJson(desired[key] ?? null), name),
  );
  return keys.length === 0 ? [] : ['ID', ...keys, 'ObjectMeta,Name', 'ObjectMeta,Namespace'];
}

function pathsOf(a: Json, b: Json, name: string): string[] {
  if (isEmpty(a) && isEmpty(b)) return [];
  if (!isObject(a) && !isObject(b)) return sameJson(a, b) ? [] : [name];
  const [one, other] = [objectAt(a), objectAt(b)];
  const isConfig = name !== 'Labels' && name !== 'Annotations';
  return keysOf(one, other).flatMap((key) =>
    pathsOf(one[key] ?? null, other[key] ?? null, isConfig ? (INNER[key] ?? key) : key).map(
      (path) => `${name},${path}`,
    ),
  );
}

function keysOf(a: JsonObject, b: JsonObject): string[] {
  const order = Object.keys(INNER);
  const placeOf = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(
    (x, y) => placeOf(x) - placeOf(y) || (x < y ? -1 : 1),
  );
}

/** What Go takes for nothing. */
function isEmpty(value: Json): boolean {
  if (value === null || value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every((item) => item === undefined || isEmpty(item));
}
