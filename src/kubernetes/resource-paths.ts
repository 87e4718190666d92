// The paths of the REST API, by what the cluster says that it serves.

import { HawserError } from '../core/errors.ts';
import type { ObjectReference, ResourceType, TypeReference } from '../objects/cluster.ts';
import { apiVersionOf } from '../objects/object.ts';
import { discoverTypes } from './discovery.ts';
import type { Requests } from './requests.ts';

export interface ResourcePaths {
  /** What the cluster serves; cached until `forget`. */
  types(): Promise<readonly ResourceType[]>;
  findType(group: string, kind: string, version?: string): Promise<ResourceType | undefined>;
  /** The path of a type's objects. Throws `not-found` for what the cluster does not serve. */
  pathOf(type: TypeReference, namespace: string | undefined): Promise<string>;
  /** The path of one object, or of a subresource of it. */
  pathTo(reference: ObjectReference, subresource?: string): Promise<string>;
  forget(): void;
}

export function createResourcePaths({ json }: Pick<Requests, 'json'>): ResourcePaths {
  let discovery: Promise<readonly ResourceType[]> | undefined;

  async function types(): Promise<readonly ResourceType[]> {
    discovery ??= discoverTypes((path, accept) => json({ method: 'GET', path, accept }));
    const current = discovery;
    try {
      return await current;
    } catch (thrown) {
      if (discovery === current) discovery = undefined;
      throw thrown;
    }
  }

  async function findType(group: string, kind: string, version?: string): Promise<ResourceType | undefined> {
    return (await types()).find(
      (type) => type.group === group && type.kind === kind && (version === undefined || type.version === version),
    );
  }

  /** A kind that is not among the cached ones may have been added since: the cluster is asked once more. */
  async function servedType({ group, version, kind }: TypeReference): Promise<ResourceType> {
    const cached = await findType(group, kind, version);
    if (cached) return cached;
    discovery = undefined;
    const served = await findType(group, kind, version);
    if (served) return served;
    throw new HawserError('not-found', `the cluster serves no kind '${kind}' in '${apiVersionOf(group, version)}'`);
  }

  async function pathOf(type: TypeReference, namespace: string | undefined): Promise<string> {
    const { namespaced, resource } = await servedType(type);
    const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
    const scope = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return `${root}${scope}/${resource}`;
  }

  return {
    types,
    findType,
    pathOf,
    pathTo: async (reference, subresource) => {
      const path = await pathOf(reference, reference.namespace);
      return `${path}/${encodeURIComponent(reference.name)}${subresource === undefined ? '' : `/${subresource}`}`;
    },
    forget: () => {
      discovery = undefined;
    },
  };
}
