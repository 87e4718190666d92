// The actions of a resource: which there are, and one run.

import type { ResourceAction, RunResourceAction } from '../../../api/resources.ts';
import { asHawserError, HawserError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { permitsKind } from '../../../engine/project.ts';
import type { Application } from '../../../model/application.ts';
import type { Cluster, ObjectReference, WriteOptions } from '../../../objects/cluster.ts';
import type { KubeObject } from '../../../objects/object.ts';
import type { ServerPorts } from '../../ports.ts';
import { enforcedProject } from '../projects/find.ts';

export interface LocatedResource {
  readonly cluster: Cluster;
  readonly reference: ObjectReference;
}

export async function listActions(ports: ServerPorts, resource: LocatedResource): Promise<readonly ResourceAction[]> {
  return ports.actions.list(await liveObject(resource));
}

export async function runAction(
  ports: ServerPorts,
  app: Application,
  resource: LocatedResource & { readonly request: RunResourceAction },
): Promise<void> {
  const { cluster, reference, request } = resource;
  const parameters = Object.fromEntries(
    (request.resourceActionParameters ?? []).map(({ name = '', value = '' }) => [name, value]),
  );
  const call = { name: request.action, now: ports.clock.now(), parameters };
  const effects = await ports.actions.effects(await liveObject(resource), call);
  const created = effects.flatMap((effect) => ('create' in effect ? [effect.create] : []));
  const options = { fieldManager: 'argocd-server' };
  // Nothing is written where one of several things would be refused.
  for (const object of created) {
    await refuseForbidden(ports, app, object);
    if (effects.length > 1) await cluster.create(object, { ...options, dryRun: true });
  }
  for (const effect of effects) {
    if ('create' in effect) await cluster.create(effect.create, options);
    else await patch({ cluster, reference }, effect.patch, options);
  }
}

/** The status of a kind may be a resource of its own, which a patch of the object passes over. */
async function patch(
  { cluster, reference }: LocatedResource,
  { status, ...rest }: JsonObject,
  options: WriteOptions,
): Promise<void> {
  const isApart =
    status !== undefined &&
    (await cluster.patch(reference, { type: 'merge', body: { status } }, { ...options, subresource: 'status' }).then(
      () => true,
      (thrown: unknown) => {
        if (asHawserError(thrown).code === 'not-found') return false;
        throw thrown;
      },
    ));
  const body = isApart || status === undefined ? rest : { ...rest, status };
  if (Object.keys(body).length > 0) await cluster.patch(reference, { type: 'merge', body }, options);
}

async function liveObject({ cluster, reference }: LocatedResource): Promise<KubeObject> {
  const object = await cluster.get(reference);
  if (object) return object;
  throw new HawserError('not-found', `${reference.kind} "${reference.name}" not found`);
}

/** What an action makes must be a kind that the project permits. */
async function refuseForbidden(ports: ServerPorts, app: Application, object: KubeObject): Promise<void> {
  const name = app.spec.project || 'default';
  const permitting = await enforcedProject(ports, name);
  const [group = '', version] = object.apiVersion.split('/');
  const subject = {
    group: version === undefined ? '' : group,
    kind: object.kind,
    name: object.metadata.name ?? '',
    namespaced: true,
  };
  if (permitting && permitsKind(permitting, subject)) return;
  throw new HawserError('invalid', `${object.kind} '${subject.name}' is not permitted in project '${name}'`);
}
