// An application rendered from files: a source that means the repository one stands in gets its files from there, any other
// is fetched.

import { HawserError } from '../../core/errors.ts';
import { repositoryName } from '../../core/url.ts';
import { type Application, sourcesOf } from '../../model/application.ts';
import type { ApplicationSource } from '../../model/source.ts';
import type { LocalCommit, LocalRepository, Offline, OfflineSource, RenderedObject } from './offline.ts';

/** A repository at one commit, and the branches that this commit stands for. */
export interface RepositoryState {
  readonly repository: LocalRepository;
  readonly commit: LocalCommit;
  readonly branches: readonly string[];
}

/** What charts may ask of a cluster. */
export interface ClusterFacts {
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

export interface RenderingContext {
  readonly offline: Offline;
  readonly cluster: ClusterFacts;
}

export async function renderApplication(
  app: Application,
  state: RepositoryState,
  { offline, cluster }: RenderingContext,
): Promise<readonly RenderedObject[]> {
  const { metadata, spec } = app;
  refuseHydrated(app);
  const sources = await Promise.all(sourcesOf(spec).map((source) => placeSource(source, state, offline)));
  return offline.render({
    application: {
      name: metadata.name,
      namespace: metadata.namespace ?? 'argocd',
      project: spec.project || 'default',
    },
    destinationNamespace: spec.destination.namespace ?? '',
    ...cluster,
    sources,
  });
}

/** What a hydrator writes to its branch is rendered by the server that hydrates. */
function refuseHydrated({ spec }: Application): void {
  if (spec.sourceHydrator === undefined || spec.sourceHydrator === null || sourcesOf(spec).length > 0) return;
  throw new HawserError('not-implemented', 'spec.sourceHydrator cannot be rendered yet');
}

async function placeSource(
  source: ApplicationSource,
  state: RepositoryState,
  offline: Offline,
): Promise<OfflineSource> {
  if (!isOwnSource(source, state.repository)) return { source };
  if (followsState(source, state)) return { source, commit: state.commit };
  try {
    return { source, commit: await offline.commit(state.repository, source.targetRevision ?? '') };
  } catch (thrown) {
    // A range of versions, or a branch that was never fetched: the repository itself knows.
    if (thrown instanceof HawserError && thrown.code === 'not-found') return { source };
    throw thrown;
  }
}

/** Whether a source comes from the repository itself. */
export function isOwnSource({ repoURL, chart }: ApplicationSource, { root, urls }: LocalRepository): boolean {
  if (chart) return false;
  const name = repositoryName(repoURL);
  return [root, ...urls].some((url) => repositoryName(url) === name);
}

/** Whether a source gets the commit when it is what its branch holds: HEAD means the default branch. */
export function followsState(
  { targetRevision = '' }: ApplicationSource,
  { branches, repository }: RepositoryState,
): boolean {
  const branch = targetRevision.replace(/^refs\/heads\//, '');
  if (branch !== '' && branch !== 'HEAD') return branches.includes(branch);
  return repository.defaultBranch === undefined || branches.includes(repository.defaultBranch);
}

/** The files as they lie here: what the branch one stands on, or is to be merged into, will hold. */
export async function workingState(repository: LocalRepository, offline: Offline): Promise<RepositoryState> {
  const branches = [repository.branch, repository.defaultBranch].flatMap((name) => name ?? []);
  return { repository, commit: await offline.snapshot(repository), branches };
}
