// Credentials for every repository below a URL, and the same for writing.

import { anything, flag, type Of, object, optional, text } from '../core/shape.ts';
import { type RepositoryCredentials, repositoryCredentials, repositoryCredentialsList } from '../model/repository.ts';
import type { Endpoint } from './endpoint.ts';
import type { Resource } from './rights.ts';

const listInput = object({ url: optional(text) });
const createInput = object({ creds: repositoryCredentials, upsert: optional(flag) });
const updateInput = object({ 'creds.url': text, creds: repositoryCredentials });
const deleteInput = object({ url: text });

export interface CredentialsItems extends Of<typeof repositoryCredentialsList> {}

interface CredentialsEndpoints {
  readonly list: Endpoint<Of<typeof listInput>, CredentialsItems>;
  readonly create: Endpoint<Of<typeof createInput>, RepositoryCredentials>;
  readonly update: Endpoint<Of<typeof updateInput>, RepositoryCredentials>;
  readonly delete: Endpoint<Of<typeof deleteInput>, unknown>;
}

const endpointsBelow = (path: string, resource: Resource): CredentialsEndpoints => ({
  list: { method: 'GET', path, right: { items: resource }, input: listInput, output: repositoryCredentialsList },
  create: {
    method: 'POST',
    path,
    right: { resource, action: 'create', object: ({ creds }) => creds.url },
    body: 'creds',
    input: createInput,
    output: repositoryCredentials,
  },
  update: {
    method: 'PUT',
    path: `${path}/{creds.url}`,
    right: { resource, action: 'update', object: ({ 'creds.url': url }) => url },
    body: 'creds',
    input: updateInput,
    output: repositoryCredentials,
  },
  delete: {
    method: 'DELETE',
    path: `${path}/{url}`,
    right: { resource, action: 'delete', object: ({ url }) => url },
    input: deleteInput,
    output: anything,
  },
});

const reading = endpointsBelow('/api/v1/repocreds', 'repositories');
const writing = endpointsBelow('/api/v1/write-repocreds', 'write-repositories');

export const listCredentials = reading.list;
export const createCredentials = reading.create;
export const updateCredentials = reading.update;
export const deleteCredentials = reading.delete;

export const listWriteCredentials = writing.list;
export const createWriteCredentials = writing.create;
export const updateWriteCredentials = writing.update;
export const deleteWriteCredentials = writing.delete;
