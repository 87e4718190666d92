// Creating, changing and deleting projects.

import type { CreateProject, NamedProject, UpdateProject } from '../../../api/projects.ts';
import { HawserError } from '../../../core/errors.ts';
import { differentFields } from '../../../core/go-value.ts';
import { parse } from '../../../core/shape.ts';
import { brokenApplications } from '../../../engine/project/broken.ts';
import { projectFault, schemaFault } from '../../../engine/project/faults.ts';
import { normalPolicy } from '../../../engine/project/role-faults.ts';
import { withTokensInBoth } from '../../../engine/project/role-tokens.ts';
import { applicationSpec } from '../../../model/application.ts';
import { APPLICATION_TYPE } from '../../../model/application-key.ts';
import { DEFAULT_PROJECT, type Project, projectSpec } from '../../../model/project.ts';
import { knownTimeZone } from '../../../model/window-fault.ts';
import type { KubeObject } from '../../../objects/object.ts';
import type { Call } from '../../http/route.ts';
import type { ServerPorts } from '../../ports.ts';
import { recordEvent } from '../events.ts';
import { jsonObject } from '../json.ts';
import { findProject, isIn, projectReference, projectResponse, storedSpec } from './find.ts';
import { demandChanges } from './rights.ts';

const MANAGER = { fieldManager: 'argocd-server' };

export async function createProject(
  ports: ServerPorts,
  { project, upsert = false }: CreateProject,
  call: Call,
): Promise<Project> {
  const desired = checked(project);
  const object = storedObject(ports, desired);
  const existing = await ports.home.get(projectReference(ports, desired.metadata.name));
  if (existing) return upsert ? replaceSpec(ports, existing, object, call) : sameOrRefused(existing, object);
  const created = await ports.home.create(object, MANAGER);
  await recordEvent(ports, created, { reason: 'ResourceCreated', message: 'created project', caller: call.caller });
  return projectResponse(created);
}

async function replaceSpec(
  ports: ServerPorts,
  existing: KubeObject,
  { spec }: KubeObject,
  call: Call,
): Promise<Project> {
  const name = existing.metadata.name ?? '';
  call.demand({ resource: 'projects', action: 'update', object: name });
  const changed = await ports.home.update({ ...existing, spec }, MANAGER);
  await recordEvent(ports, changed, { reason: 'ResourceUpdated', message: 'updated project', caller: call.caller });
  return projectResponse(changed);
}

function sameOrRefused(existing: KubeObject, { spec }: KubeObject): Project {
  const before = storedSpec(existing['spec'] ?? {});
  const fields = differentFields(projectSpec, before, spec);
  if (fields.length === 0) return projectResponse(existing);
  throw new HawserError(
    'already-exists',
    `existing project spec is different; use upsert flag to force update; difference in keys "${fields.join(',')}"`,
    { details: { grpc: 3 } },
  );
}

export async function updateProject(
  ports: ServerPorts,
  { project, 'project.metadata.name': name }: UpdateProject,
  call: Call,
): Promise<Project> {
  const desired = withTokensInBoth(checked({ ...project, metadata: { ...project.metadata, name } }));
  const stored = await findProject(ports, name);
  const before = projectResponse(stored);
  demandChanges(before, desired, call);
  const { items } = await ports.home.list(APPLICATION_TYPE);
  const specs = items.filter(isIn(name)).map((app) => parse(applicationSpec, app['spec'], 'spec'));
  const broken = brokenApplications(specs, before, desired);
  if (broken !== undefined) throw new HawserError('invalid', broken);
  const metadata = jsonObject({ ...desired.metadata, namespace: ports.namespace });
  const object = { ...storedObject(ports, desired), metadata };
  const changed = await ports.home.update(object, MANAGER);
  await recordEvent(ports, changed, { reason: 'ResourceUpdated', message: 'updated project', caller: call.caller });
  return projectResponse(changed);
}

export async function deleteProject(ports: ServerPorts, { name }: NamedProject, { caller }: Call): Promise<object> {
  if (name === DEFAULT_PROJECT)
    throw new HawserError('invalid', `name '${DEFAULT_PROJECT}' is reserved and cannot be deleted`);
  const object = await findProject(ports, name);
  const { items } = await ports.home.list(APPLICATION_TYPE);
  const users = items.filter(isIn(name)).length;
  if (users > 0) throw new HawserError('invalid', `project is referenced by ${users} applications`);
  await ports.home.delete(projectReference(ports, name));
  await recordEvent(ports, object, { reason: 'ResourceDeleted', message: 'deleted project', caller });
  return {};
}

/** The project as it will be stored; throws for one that the reference refuses. */
function checked({ metadata, spec, status }: Project): Project {
  const roles = spec.roles?.map((role) => ({ ...role, policies: role.policies?.map(normalPolicy) }));
  const syncWindows = spec.syncWindows?.map((window) => ({ ...window, timeZone: knownTimeZone(window.timeZone) }));
  const project = {
    metadata,
    spec: { ...spec, ...(roles ? { roles } : {}), ...(syncWindows ? { syncWindows } : {}) },
    status: status ?? {},
  };
  const fault = projectFault(project) ?? schemaFault(project);
  if (fault) throw new HawserError('invalid', fault.message, { details: { grpc: fault.grpc } });
  return project;
}

function storedObject({ namespace }: ServerPorts, { metadata, spec, status }: Project): KubeObject {
  const { name, labels, annotations, finalizers } = metadata;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: jsonObject({ name, namespace, labels, annotations, finalizers }),
    spec: storedSpec(spec),
    status: jsonObject(status ?? {}),
  };
}
