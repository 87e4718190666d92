// The APIServices of what definitions serve: from the first time that somebody asks for APIServices they come and go
// with the definitions, and what somebody changes of them is put back.

import { at, isObject, listAt, sameJson, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';

import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import { newUid } from '../identity.ts';
import { CRD_STORAGE } from '../kinds.ts';

const API_SERVICES = 'apiregistration.k8s.io/apiservices';
const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';

/** Of the definitions that are there, with the time since when. */
export function definitionServices({ store }: Api): readonly { readonly object: KubeObject; readonly since: string }[] {
  return store.list(CRD_STORAGE).flatMap((definition) =>
    servedVersions(definition).map((version) => ({
      object: apiService(textAt(definition, 'spec', 'group'), version),
      since: definition.metadata.creationTimestamp ?? '',
    })),
  );
}

export function followDefinitionServices(api: Api): void {
  const follow = (group: string): void => void settle(api, group).catch(() => undefined);
  for (const { metadata } of api.store.list(API_SERVICES)) follow(groupOfName(metadata.name ?? ''));
  api.store.subscribe(({ resource, name }) => {
    if (resource === CRD_STORAGE || resource === API_SERVICES) follow(groupOfName(name));
  });
}

/** What follows the first point, in the name of a definition as in that of an APIService. */
const groupOfName = (name: string): string => name.slice(name.indexOf('.') + 1);

async function settle(api: Api, group: string): Promise<void> {
  const { store } = api;
  const versions = new Set(
    store.list(CRD_STORAGE).flatMap((one) => (textAt(one, 'spec', 'group') === group ? servedVersions(one) : [])),
  );
  const writes = [...versions].flatMap((version) => {
    const wanted = apiService(group, version);
    const stored = store.get(API_SERVICES, '', wanted.metadata.name ?? '');
    if (!stored) return [store.commit(written(withMeta(api, wanted)))];
    const isAsWanted = !isManaged(stored) || sameJson(stored['spec'], wanted['spec']);
    return isAsWanted ? [] : [store.commit(written({ ...stored, spec: wanted['spec'] }))];
  });
  const left = store
    .list(API_SERVICES)
    .filter((one) => isManaged(one) && textAt(one, 'spec', 'group') === group)
    .filter((one) => !versions.has(textAt(one, 'spec', 'version')));
  const removals = left.map(({ metadata }) =>
    store.commit({ resource: API_SERVICES, namespace: '', name: metadata.name ?? '', object: undefined }),
  );
  await Promise.all([...writes, ...removals]);
}

const written = (object: KubeObject): Parameters<Api['store']['commit']>[0] => ({
  resource: API_SERVICES,
  namespace: '',
  name: object.metadata.name ?? '',
  object,
});

const isManaged = ({ metadata }: KubeObject): boolean => metadata.labels?.[MANAGED] === 'true';

const servedVersions = (definition: KubeObject): string[] =>
  listAt(definition, 'spec', 'versions')
    .filter(isObject)
    .filter((version) => at(version, 'served') === true)
    .map((version) => textAt(version, 'name'));

function withMeta({ clock, random }: Api, object: KubeObject): KubeObject {
  const now = timestamp(clock.now());
  const conditions = listAt(object, 'status', 'conditions').filter(isObject);
  return {
    ...object,
    metadata: { ...object.metadata, uid: newUid(random), creationTimestamp: now },
    status: { conditions: conditions.map((condition) => ({ ...condition, lastTransitionTime: now })) },
  };
}

function apiService(group: string, version: string): KubeObject {
  const message = 'Local APIServices are always available';
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}`, labels: { [MANAGED]: 'true' } },
    spec: { group, version, groupPriorityMinimum: 1000, versionPriority: 100 },
    status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local', message }] },
  };
}
