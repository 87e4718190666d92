// Orphaned resources, where the project has them looked for.

import { orphansAmong } from '../engine/resource/orphans.ts';
import type { Application } from '../model/application.ts';
import { APPLICATION_TYPE, instanceName } from '../model/application-key.ts';
import type { Project } from '../model/project.ts';
import type { ResourceNode } from '../model/resource.ts';
import { type KubeObject, keyOf, type ObjectKey, versionOf } from '../objects/object.ts';
import type { ControllerPorts, Destination } from './ports.ts';
import { resourceTree } from './resource-tree.ts';

export interface Orphans {
  readonly nodes: readonly ResourceNode[];
  readonly conditions: readonly { readonly type: string; readonly message: string }[];
}

const NONE: Orphans = { nodes: [], conditions: [] };

export interface OrphanQuestion {
  readonly app: Application;
  readonly project: Project;
  readonly destination: Destination;
  readonly managed: readonly ObjectKey[];
  /** Kinds that the settings leave out. */
  readonly isOut: (object: KubeObject) => boolean;
}

/** What nobody manages in the namespace of an application, with what it owns. */
export async function findOrphans(ports: ControllerPorts, question: OrphanQuestion): Promise<Orphans> {
  const { app, project, destination, managed, isOut } = question;
  const { namespace = '' } = app.spec.destination;
  if (!project.spec.orphanedResources || namespace === '') return NONE;
  const applications = [...ports.home.live.ofKind(APPLICATION_TYPE)];
  const instances = new Set(
    applications.map(({ metadata }) => instanceName({ name: '', ...metadata }, ports.namespace)),
  );
  const objects = orphansAmong(destination.live.topLevelIn(namespace), { project, managed, instances });
  const roots = objects
    .filter((object) => !isOut(object))
    .map((object) => ({ key: keyOf(object), version: versionOf(object.apiVersion), live: object }));
  const nodes = await resourceTree(ports, roots, destination.live);
  const warns = project.spec.orphanedResources.warn === true && nodes.length > 0;
  const message = `Application has ${nodes.length} orphaned resources`;
  return { nodes, conditions: warns ? [{ type: 'OrphanedResourceWarning', message }] : [] };
}
