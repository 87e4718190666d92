import { HawserError } from '../../../core/errors.ts';
import { goValue } from '../../../core/go-value.ts';
import { textAt, toJson } from '../../../core/json.ts';
import { parse } from '../../../core/shape.ts';
import { globalProjectNames, withGlobalProjects } from '../../../engine/project/virtual.ts';
import { PROJECT_TYPE, type Project, project, projectSpec } from '../../../model/project.ts';
import type { Cluster } from '../../../objects/cluster.ts';
import type { KubeObject } from '../../../objects/object.ts';

/** Where projects are stored. */
export interface ProjectHome {
  readonly home: Cluster;
  readonly namespace: string;
}

export const projectReference = (
  { namespace }: Pick<ProjectHome, 'namespace'>,
  name: string,
): typeof PROJECT_TYPE & { namespace: string; name: string } => ({ ...PROJECT_TYPE, namespace, name });

/** Throws `not-found`. */
export async function findProject(ports: ProjectHome, name: string): Promise<KubeObject> {
  if (name === '') throw new HawserError('internal', 'resource name may not be empty', { details: { grpc: 2 } });
  const object = await ports.home.get(projectReference(ports, name));
  if (!object) throw new HawserError('not-found', `appprojects.argoproj.io "${name}" not found`);
  return object;
}

/** A stored project as the API speaks of it: without kind, nothing that is empty. */
export function projectResponse({ metadata, ...rest }: KubeObject): Project {
  const spec = goValue(projectSpec, rest['spec'] ?? {}, isPointer);
  return parse(project, { metadata, spec, status: rest['status'] ?? {} }, `project '${metadata.name ?? ''}'`);
}

/** The specification as it is stored. */
export const storedSpec = (spec: unknown): KubeObject['spec'] => goValue(projectSpec, toJson(spec), isPointer);

const isPointer = (field: string): boolean => field === 'warn';

/** The projects whose rules hold for this one as well. Names that the settings have and nobody else are passed over. */
export async function globalProjectsOf(ports: ProjectHome, of: Project): Promise<readonly Project[]> {
  const settings = { group: '', version: 'v1', kind: 'ConfigMap', namespace: ports.namespace, name: 'argocd-cm' };
  const setting = textAt(await ports.home.get(settings), 'data', 'globalProjects');
  const names = globalProjectNames(setting, of);
  const objects = await Promise.all(names.map((name) => ports.home.get(projectReference(ports, name))));
  return objects.filter((object) => object !== undefined).map(projectResponse);
}

/** A project as it is enforced, undefined when there is none; throws `invalid` for settings that cannot be read. */
export async function enforcedProject(ports: ProjectHome, name: string): Promise<Project | undefined> {
  const object = await ports.home.get(projectReference(ports, name));
  if (!object) return undefined;
  const own = parse(project, object, `project '${name}'`);
  return withGlobalProjects(own, await globalProjectsOf(ports, own));
}

/** Applications of all namespaces that are in a project. */
export const isIn =
  (name: string) =>
  (application: KubeObject): boolean =>
    (textAt(application, 'spec', 'project') || 'default') === name;
