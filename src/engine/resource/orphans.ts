// Resources in the namespace of an application that belong to none.

import { matchesGlob } from '../../core/glob.ts';
import type { OrphanedResourceKey, Project } from '../../model/project.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../../objects/object.ts';
import { permitsKind } from '../project.ts';
import { ownerApplication } from './tracking.ts';

export interface OrphanSearch {
  readonly project: Project;
  /** What the application manages, hooks too. */
  readonly managed: readonly ObjectKey[];
  /** The names by which the applications that there are mark their objects. */
  readonly instances: ReadonlySet<string>;
}

/** Of the objects that nothing owns, those that no application manages and the project does not leave out. */
export function orphansAmong(
  objects: Iterable<KubeObject>,
  { project, managed, instances }: OrphanSearch,
): readonly KubeObject[] {
  const own = new Set(managed.map(keyText));
  const ignore = [...ALWAYS_IGNORED, ...(project.spec.orphanedResources?.ignore ?? [])];
  return [...objects].filter((object) => {
    const key = keyOf(object);
    const instance = ownerApplication(object);
    const isOwned = own.has(keyText(key)) || (instance !== undefined && instances.has(instance));
    return !isOwned && permitsKind(project, { ...key, namespaced: true }) && !ignore.some((rule) => ignores(rule, key));
  });
}

/** What every namespace has, and the first one. */
const ALWAYS_IGNORED: readonly (OrphanedResourceKey & { readonly namespace?: string })[] = [
  { group: '', kind: 'Service', name: 'kubernetes', namespace: 'default' },
  { group: '', kind: 'ServiceAccount', name: 'default' },
  { group: '', kind: 'ConfigMap', name: 'kube-root-ca.crt' },
];

/** Kind and name are any where they are empty, a group is the core group. */
function ignores(rule: OrphanedResourceKey & { readonly namespace?: string }, key: ObjectKey): boolean {
  const { group = '', kind = '', name = '', namespace = key.namespace } = rule;
  return (
    namespace === key.namespace &&
    matchesGlob(group, key.group) &&
    (kind === '' || matchesGlob(kind, key.kind)) &&
    (name === '' || matchesGlob(name, key.name))
  );
}
