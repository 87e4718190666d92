// Which types a cluster serves.

import { HawserError } from '../core/errors.ts';
import { at, isObject, type JsonObject, listAt, textAt } from '../core/json.ts';
import type { ResourceType } from '../objects/cluster.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

type GetJson = (path: string, accept?: string) => Promise<JsonObject>;

/** Every type, core first, preferred versions before others. Groups that cannot be asked are left out. */
export async function discoverTypes(get: GetJson): Promise<readonly ResourceType[]> {
  const [core, groups] = await Promise.all([get('/api', AGGREGATED), get('/apis', AGGREGATED)]);
  if (core['kind'] === 'APIGroupDiscoveryList') return [core, groups].flatMap(fromAggregated);
  const versions = [
    ...listAt(core, 'versions').map((version) => ({ group: '', version: String(version) })),
    ...listAt(groups, 'groups').flatMap((group) =>
      versionsOf(group).map((version) => ({ group: textAt(group, 'name'), version })),
    ),
  ];
  const lists = await Promise.all(
    versions.map(async ({ group, version }) => {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      return fromList(await get(path).catch(unavailable), group, version);
    }),
  );
  return lists.flat();
}

/** An aggregated API whose server is away must not hide the others. */
function unavailable(thrown: unknown): JsonObject {
  if (thrown instanceof HawserError && thrown.code !== 'not-logged-in') return {};
  throw thrown;
}

function versionsOf(group: unknown): string[] {
  const preferred = textAt(group, 'preferredVersion', 'version');
  const all = listAt(group, 'versions').map((version) => textAt(version, 'version'));
  return [...all.filter((version) => version === preferred), ...all.filter((version) => version !== preferred)];
}

function fromAggregated(list: JsonObject): ResourceType[] {
  return listAt(list, 'items').flatMap((group) =>
    listAt(group, 'versions').flatMap((version) =>
      listAt(version, 'resources').map(
        (resource): ResourceType => ({
          group: textAt(group, 'metadata', 'name'),
          version: textAt(version, 'version'),
          kind: textAt(resource, 'responseKind', 'kind'),
          resource: textAt(resource, 'resource'),
          namespaced: textAt(resource, 'scope') === 'Namespaced',
          verbs: listAt(resource, 'verbs').map(String),
        }),
      ),
    ),
  );
}

function fromList(list: JsonObject, group: string, version: string): ResourceType[] {
  return listAt(list, 'resources')
    .filter(isObject)
    .filter((resource) => !textAt(resource, 'name').includes('/'))
    .map((resource) => ({
      group,
      version,
      kind: textAt(resource, 'kind'),
      resource: textAt(resource, 'name'),
      namespaced: at(resource, 'namespaced') === true,
      verbs: listAt(resource, 'verbs').map(String),
    }));
}
