import { anything, object, text } from '../core/shape.ts';
import { type DetailedProject, detailedProject, type Project, project, projectList } from '../model/project.ts';
import type { Endpoint } from './endpoint.ts';

const nameInput = object({ name: text });

export const listProjects: Endpoint<unknown, { readonly items?: readonly Project[] }> = {
  method: 'GET',
  path: '/api/v1/projects',
  right: { items: 'projects' },
  input: anything,
  output: projectList,
};

export const getProject: Endpoint<{ readonly name: string }, Project> = {
  method: 'GET',
  path: '/api/v1/projects/{name}',
  right: { resource: 'projects', action: 'get', object: ({ name }) => name },
  input: nameInput,
  output: project,
};

export const getDetailedProject: Endpoint<{ readonly name: string }, DetailedProject> = {
  method: 'GET',
  path: '/api/v1/projects/{name}/detailed',
  right: { resource: 'projects', action: 'get', object: ({ name }) => name },
  input: nameInput,
  output: detailedProject,
};
