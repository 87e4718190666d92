// Repositories that rendered manifests are pushed to. That needs a hydrator, which is not there: each answers so.

import { anything, object, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';
import type { Action, ObjectRight } from './rights.ts';

const PATH = '/api/v1/write-repositories';

const named = object({ repo: text });
const renamed = object({ 'repo.repo': text });

const may = (action: Action): ObjectRight<unknown> => ({
  resource: 'write-repositories',
  action,
  object: () => '',
});

type Named = Endpoint<{ readonly repo: string }, unknown>;

export const listWriteRepositories: Endpoint<unknown, unknown> = {
  method: 'GET',
  path: PATH,
  right: may('get'),
  input: anything,
  output: anything,
};

export const getWriteRepository: Named = {
  method: 'GET',
  path: `${PATH}/{repo}`,
  right: may('get'),
  input: named,
  output: anything,
};

export const createWriteRepository: Endpoint<unknown, unknown> = {
  method: 'POST',
  path: PATH,
  right: may('create'),
  body: '*',
  input: anything,
  output: anything,
};

export const updateWriteRepository: Endpoint<{ readonly 'repo.repo': string }, unknown> = {
  method: 'PUT',
  path: `${PATH}/{repo.repo}`,
  right: may('update'),
  body: '*',
  input: renamed,
  output: anything,
};

export const deleteWriteRepository: Named = {
  method: 'DELETE',
  path: `${PATH}/{repo}`,
  right: may('delete'),
  input: named,
  output: anything,
};

export const validateWriteRepository: Named = {
  method: 'POST',
  path: `${PATH}/{repo}/validate`,
  right: may('create'),
  input: named,
  output: anything,
};
