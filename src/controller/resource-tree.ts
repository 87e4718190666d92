import { buildTree, type LiveObjects, type TreeRoot } from '../engine/resource/tree.ts';
import type { ResourceNode } from '../model/resource.ts';
import type { KubeObject } from '../objects/object.ts';
import type { ControllerPorts } from './ports.ts';

/** Roots and all that they own, each with its health: where scripts say it, they are run first. */
export async function resourceTree(
  ports: Pick<ControllerPorts, 'healthOf' | 'hasHealthScripts' | 'assessHealth'>,
  roots: readonly TreeRoot[],
  live: LiveObjects,
): Promise<ResourceNode[]> {
  if (ports.hasHealthScripts()) {
    const objects: KubeObject[] = [];
    buildTree(roots, live, (object) => {
      objects.push(object);
      return undefined;
    });
    await ports.assessHealth(objects);
  }
  return buildTree(roots, live, (object) => ports.healthOf(object));
}
