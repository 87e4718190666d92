import { anything, flag, list, number, type Of, object, optional, type Shape, text } from '../core/shape.ts';
import {
  type DetailedProject,
  detailedProject,
  type Project,
  project,
  projectList,
  type SyncWindow,
  syncWindow,
} from '../model/project.ts';
import type { Endpoint } from './endpoint.ts';
import type { Action, ObjectRight } from './rights.ts';

const PROJECTS = '/api/v1/projects';
const PROJECT = `${PROJECTS}/{name}`;

export interface NamedProject {
  readonly name: string;
}

const nameInput: Shape<NamedProject> = object({ name: text });
const empty: Shape<unknown> = anything;

const onProject = (action: Action): ObjectRight<NamedProject> => ({
  resource: 'projects',
  action,
  object: ({ name }) => name,
});

const listInput = object({
  /** The fields to send: 'items.metadata.name,items.spec,…'. */
  fields: optional(text),
});

export interface ListProjects extends Of<typeof listInput> {}

export const listProjects: Endpoint<ListProjects, { readonly items?: readonly Project[] }> = {
  method: 'GET',
  path: PROJECTS,
  right: { items: 'projects' },
  input: listInput,
  output: projectList,
};

export const getProject: Endpoint<NamedProject, Project> = {
  method: 'GET',
  path: PROJECT,
  right: onProject('get'),
  input: nameInput,
  output: project,
};

const createProjectInput = object({ project, upsert: optional(flag) });

export interface CreateProject extends Of<typeof createProjectInput> {}

export const createProject: Endpoint<CreateProject, Project> = {
  method: 'POST',
  path: PROJECTS,
  right: { resource: 'projects', action: 'create', object: ({ project: { metadata } }) => metadata.name },
  body: '*',
  input: createProjectInput,
  output: project,
};

const updateProjectInput = object({ 'project.metadata.name': text, project });

export interface UpdateProject extends Of<typeof updateProjectInput> {}

/** Refused where the resource version in the metadata is not the current one. */
export const updateProject: Endpoint<UpdateProject, Project> = {
  method: 'PUT',
  path: `${PROJECTS}/{project.metadata.name}`,
  right: { resource: 'projects', action: 'update', object: (input) => input['project.metadata.name'] },
  body: '*',
  input: updateProjectInput,
  output: project,
};

export const deleteProject: Endpoint<NamedProject, unknown> = {
  method: 'DELETE',
  path: PROJECT,
  right: onProject('delete'),
  input: nameInput,
  output: empty,
};

export const getDetailedProject: Endpoint<NamedProject, DetailedProject> = {
  method: 'GET',
  path: `${PROJECT}/detailed`,
  right: onProject('get'),
  input: nameInput,
  output: detailedProject,
};

/** The projects whose rules hold for this one as well. */
export const listGlobalProjects: Endpoint<NamedProject, { readonly items?: readonly Project[] }> = {
  method: 'GET',
  path: `${PROJECT}/globalprojects`,
  right: onProject('get'),
  input: nameInput,
  output: projectList,
};

export const listProjectEvents: Endpoint<NamedProject, { readonly items?: readonly unknown[] }> = {
  method: 'GET',
  path: `${PROJECT}/events`,
  right: onProject('get'),
  input: nameInput,
  output: object({ items: optional(list(anything)), metadata: anything }),
};

export const listProjectLinks: Endpoint<NamedProject, { readonly items?: readonly unknown[] }> = {
  method: 'GET',
  path: `${PROJECT}/links`,
  right: onProject('get'),
  input: nameInput,
  output: object({ items: optional(list(anything)) }),
};

/** The sync windows that are open or closed at this moment. */
export const listActiveWindows: Endpoint<NamedProject, { readonly windows?: readonly SyncWindow[] }> = {
  method: 'GET',
  path: `${PROJECT}/syncwindows`,
  right: onProject('get'),
  input: nameInput,
  output: object({ windows: optional(list(syncWindow)) }),
};

const role = { project: text, role: text };

const createRoleTokenInput = object({
  ...role,
  description: optional(text),
  /** In seconds; 0 or absent: the token does not expire. */
  expiresIn: optional(number),
  id: optional(text),
});

export interface CreateRoleToken extends Of<typeof createRoleTokenInput> {}

export const createRoleToken: Endpoint<CreateRoleToken, { readonly token: string }> = {
  method: 'POST',
  path: `${PROJECTS}/{project}/roles/{role}/token`,
  right: { resource: 'projects', action: 'update', object: ({ project: name }) => name },
  body: '*',
  input: createRoleTokenInput,
  output: object({ token: text }),
};

const deleteRoleTokenInput = object({ ...role, iat: number, id: optional(text) });

export interface DeleteRoleToken extends Of<typeof deleteRoleTokenInput> {}

export const deleteRoleToken: Endpoint<DeleteRoleToken, unknown> = {
  method: 'DELETE',
  path: `${PROJECTS}/{project}/roles/{role}/token/{iat}`,
  right: { resource: 'projects', action: 'update', object: ({ project: name }) => name },
  input: deleteRoleTokenInput,
  output: empty,
};
