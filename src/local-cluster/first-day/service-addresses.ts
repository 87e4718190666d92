// IPAddresses say which Service has which address: from the first time that somebody asks for them they come and go with
// the Services.

import { isIPv6 } from 'node:net';
import { listAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import { newUid } from '../identity.ts';

const ADDRESSES = 'networking.k8s.io/ipaddresses';
const SERVICES = '/services';
const MANAGER = 'ipaddress.kubernetes.io/managed-by';
const ALLOCATOR = 'ipallocator.k8s.io';

/** Of the Services that are there, with the time since when. */
export function serviceAddresses({ store }: Api): readonly { readonly object: KubeObject; readonly since: string }[] {
  return store
    .list(SERVICES)
    .flatMap((service) =>
      addressesOf(service).map((object) => ({ object, since: service.metadata.creationTimestamp ?? '' })),
    );
}

export function followServiceAddresses(api: Api): void {
  const { store } = api;
  const wanted = new Map(store.list(SERVICES).flatMap(addressesOf).map(named));
  for (const one of store.list(ADDRESSES)) if (isManaged(one) && !wanted.has(one.metadata.name ?? '')) remove(api, one);
  store.subscribe(({ resource, object, before }) => {
    if (resource === SERVICES) follow(api, before, object);
    else if (resource === ADDRESSES && !object && before) follow(api, undefined, serviceOf(api, before));
  });
}

const named = (object: KubeObject): readonly [string, KubeObject] => [object.metadata.name ?? '', object];

const isManaged = ({ metadata }: KubeObject): boolean => metadata.labels?.[MANAGER] === ALLOCATOR;

function serviceOf({ store }: Api, address: KubeObject): KubeObject | undefined {
  const parent = (field: string): string => textAt(address, 'spec', 'parentRef', field);
  return parent('resource') === 'services' ? store.get(SERVICES, parent('namespace'), parent('name')) : undefined;
}

function follow(api: Api, before: KubeObject | undefined, after: KubeObject | undefined): void {
  const kept = new Map((after ? addressesOf(after) : []).map(named));
  const { clock, random, store } = api;
  for (const [name, object] of kept) {
    if (store.get(ADDRESSES, '', name)) continue;
    const made = { uid: newUid(random), creationTimestamp: timestamp(clock.now()) };
    commit(api, name, { ...object, metadata: { ...object.metadata, ...made } });
  }
  for (const { metadata } of before ? addressesOf(before) : []) {
    const stored = kept.has(metadata.name ?? '') ? undefined : store.get(ADDRESSES, '', metadata.name ?? '');
    if (stored) remove(api, stored);
  }
}

const remove = (api: Api, { metadata }: KubeObject): void => commit(api, metadata.name ?? '', undefined);

/** A journal that is broken says so at the next write. */
const commit = ({ store }: Api, name: string, object: KubeObject | undefined): void =>
  void store.commit({ resource: ADDRESSES, namespace: '', name, object }).catch(() => undefined);

function addressesOf(service: KubeObject): KubeObject[] {
  const { name = '', namespace = '' } = service.metadata;
  return listAt(service, 'spec', 'clusterIPs')
    .map(String)
    .filter((address) => address !== 'None' && address !== '')
    .map((address) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IPAddress',
      metadata: {
        name: address,
        labels: { 'ipaddress.kubernetes.io/ip-family': isIPv6(address) ? 'IPv6' : 'IPv4', [MANAGER]: ALLOCATOR },
      },
      spec: { parentRef: { resource: 'services', namespace, name } },
    }));
}
