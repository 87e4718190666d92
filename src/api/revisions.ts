// What a revision of an application holds: its manifests, its commit or chart.

import { flag, list, number, type Of, object, optional, text } from '../core/shape.ts';
import { APPLICATION, target } from './applications.ts';
import type { ApplicationEndpoint } from './endpoint.ts';
import { onApplication } from './rights.ts';

const getManifestsInput = object({
  ...target,
  revision: optional(text),
  sourcePositions: optional(list(number)),
  revisions: optional(list(text)),
  noCache: optional(flag),
});

export interface GetManifests extends Of<typeof getManifestsInput> {}

const renderedManifests = object({
  /** JSON texts, Secrets masked. */
  manifests: optional(list(text)),
});

export interface RenderedManifests extends Of<typeof renderedManifests> {}

export const getManifests: ApplicationEndpoint<GetManifests, RenderedManifests> = {
  method: 'GET',
  path: `${APPLICATION}/manifests`,
  right: onApplication('get'),
  input: getManifestsInput,
  output: renderedManifests,
};

const resolvedRevisions = object({
  /** A commit or version for each source. */
  revisions: optional(list(text)),
});

/** Our own: what the revisions of a question about manifests name. The reference tells it to nobody. */
export const resolveRevisions: ApplicationEndpoint<GetManifests, Of<typeof resolvedRevisions>> = {
  method: 'GET',
  path: '/api/hawser/applications/{name}/revisions',
  right: onApplication('get'),
  input: getManifestsInput,
  output: resolvedRevisions,
};

const revisionInput = object({
  ...target,
  revision: text,
  /** Counted from 0. */
  sourceIndex: optional(number),
  /** The id of a history entry: its sources are used. */
  versionId: optional(number),
});

export interface RevisionQuery extends Of<typeof revisionInput> {}

const revisionMetadataOutput = object({
  author: optional(text),
  date: optional(text),
  tags: optional(list(text)),
  message: optional(text),
  signatureInfo: optional(text),
});

export interface RevisionMetadata extends Of<typeof revisionMetadataOutput> {}

export const revisionMetadata: ApplicationEndpoint<RevisionQuery, RevisionMetadata> = {
  method: 'GET',
  path: `${APPLICATION}/revisions/{revision}/metadata`,
  right: onApplication('get'),
  input: revisionInput,
  output: revisionMetadataOutput,
};

const chartDetailsOutput = object({
  description: optional(text),
  home: optional(text),
  maintainers: optional(list(text)),
});

export interface ChartDetails extends Of<typeof chartDetailsOutput> {}

export const chartDetails: ApplicationEndpoint<RevisionQuery, ChartDetails> = {
  method: 'GET',
  path: `${APPLICATION}/revisions/{revision}/chartdetails`,
  right: onApplication('get'),
  input: revisionInput,
  output: chartDetailsOutput,
};
