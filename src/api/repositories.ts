// Repositories that the server knows, and what is in them.

import { anything, flag, list, number, type Of, object, optional, text } from '../core/shape.ts';
import {
  type RepositoryConnection,
  type RepositorySettings,
  repositoryConnection,
  repositoryList,
  repositorySettings,
} from '../model/repository.ts';
import { applicationSource } from '../model/source.ts';
import type { Endpoint } from './endpoint.ts';
import { type ObjectRight, onRepository } from './rights.ts';

const query = { forceRefresh: optional(flag), appProject: optional(text) } as const;

const listInput = object({ ...query, repo: optional(text) });
const getInput = object({ ...query, repo: text });

export interface GetRepository extends Of<typeof getInput> {}

export interface RepositoryItems extends Of<typeof repositoryList> {}

export const listRepositories: Endpoint<Of<typeof listInput>, RepositoryItems> = {
  method: 'GET',
  path: '/api/v1/repositories',
  right: { items: 'repositories' },
  input: listInput,
  output: repositoryList,
};

export const getRepository: Endpoint<GetRepository, RepositoryConnection> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}',
  right: onRepository('get'),
  input: getInput,
  output: repositoryConnection,
};

const createInput = object({ repo: repositorySettings, upsert: optional(flag), credsOnly: optional(flag) });

/** The object of the policy that a repository is. */
export const repositoryObject = ({ repo, project = '' }: Pick<RepositorySettings, 'repo' | 'project'>): string =>
  project === '' ? repo : `${project}/${repo}`;

/** Tests the connection before it saves, unless the repository is of one project alone. */
export const createRepository: Endpoint<Of<typeof createInput>, RepositoryConnection> = {
  method: 'POST',
  path: '/api/v1/repositories',
  right: { resource: 'repositories', action: 'create', object: ({ repo }) => repositoryObject(repo) },
  body: 'repo',
  input: createInput,
  output: repositoryConnection,
};

const updateInput = object({ 'repo.repo': text, repo: repositorySettings });

export const updateRepository: Endpoint<Of<typeof updateInput>, RepositoryConnection> = {
  method: 'PUT',
  path: '/api/v1/repositories/{repo.repo}',
  right: {
    resource: 'repositories',
    action: 'update',
    hides: true,
    object: ({ 'repo.repo': url, repo }, lookup) => lookup.repository(url, repo.project),
  },
  body: 'repo',
  input: updateInput,
  output: repositoryConnection,
};

export const deleteRepository: Endpoint<GetRepository, unknown> = {
  method: 'DELETE',
  path: '/api/v1/repositories/{repo}',
  right: onRepository('delete'),
  input: getInput,
  output: anything,
};

const accessInput = object({ repo: text, url: optional(text) });

/** No URL has a form in which the reference would take it. */
export const validateRepository: Endpoint<Of<typeof accessInput>, unknown> = {
  method: 'POST',
  path: '/api/v1/repositories/{repo}/validate',
  right: { resource: 'repositories', action: 'create', object: ({ repo }) => repo },
  body: 'url',
  input: accessInput,
  output: anything,
};

const contentInput = object({
  repo: text,
  revision: optional(text),
  appName: optional(text),
  appProject: optional(text),
  /** Our own: folders of plain manifests as well, which the reference does not list. */
  withDirectories: optional(flag),
});

const applicationItems = object({ items: optional(list(object({ type: optional(text), path: optional(text) }))) });

/** The right to see a repository, registered or not. */
const onContent: ObjectRight<{ readonly repo: string; readonly appProject?: string }> = {
  resource: 'repositories',
  action: 'get',
  hides: true,
  object: ({ repo, appProject }, lookup) =>
    lookup.repository(repo, appProject).then(
      (object) => object ?? repo,
      () => repo,
    ),
};

/** The folders of a repository that hold an application. */
export const listRepositoryApplications: Endpoint<Of<typeof contentInput>, Of<typeof applicationItems>> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}/apps',
  right: onContent,
  input: contentInput,
  output: applicationItems,
};

const references = object({ branches: optional(list(text)), tags: optional(list(text)) });

export interface RepositoryReferences extends Of<typeof references> {}

export const listReferences: Endpoint<GetRepository, RepositoryReferences> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}/refs',
  right: onContent,
  input: getInput,
  output: references,
};

/** The versions of an artifact in an OCI registry. */
export const listOciTags: Endpoint<GetRepository, RepositoryReferences> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}/oci-tags',
  right: onContent,
  input: getInput,
  output: references,
};

const helmCharts = object({ items: optional(list(object({ name: optional(text), versions: optional(list(text)) }))) });

export interface HelmCharts extends Of<typeof helmCharts> {}

export const listHelmCharts: Endpoint<GetRepository, HelmCharts> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}/helmcharts',
  right: onContent,
  input: getInput,
  output: helmCharts,
};

const detailsInput = object({
  'source.repoURL': text,
  source: optional(applicationSource),
  appName: optional(text),
  appProject: optional(text),
  sourceIndex: optional(number),
  versionId: optional(number),
});

export interface GetApplicationDetails extends Of<typeof detailsInput> {}

const details = object({
  type: optional(text),
  helm: optional(
    object({
      name: optional(text),
      valueFiles: optional(list(text)),
      parameters: optional(list(object({ name: optional(text), value: optional(text) }))),
      values: optional(text),
      fileParameters: anything,
    }),
  ),
  kustomize: optional(object({ images: optional(list(text)) })),
  directory: anything,
  plugin: anything,
});

export interface ApplicationDetails extends Of<typeof details> {}

/** What a source is made of, before it is rendered. */
export const getApplicationDetails: Endpoint<GetApplicationDetails, ApplicationDetails> = {
  method: 'POST',
  path: '/api/v1/repositories/{source.repoURL}/appdetails',
  right: {
    resource: 'repositories',
    action: 'get',
    hides: true,
    object: ({ 'source.repoURL': url, appProject }, lookup) =>
      lookup.repository(url, appProject).then(
        (object) => object ?? url,
        () => url,
      ),
  },
  body: '*',
  input: detailsInput,
  output: details,
};
