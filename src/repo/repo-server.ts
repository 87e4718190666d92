// The repo server: revisions in, manifests out. It knows Git and the tools that render, nothing of clusters.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Cache } from '../cache/cache.ts';
import { createLimit } from '../core/concurrency.ts';
import type { Clock } from '../core/time.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { Charts } from './charts/charts.ts';
import type { ChartVersionRequest } from './details.ts';
import { createGit } from './git/git.ts';
import { changedFiles, metadataOf, touches } from './git/history.ts';
import { gitFolderOf, localFolder } from './git/location.ts';
import { branchesOf, tagBehind, tagsOf } from './git/references.ts';
import { createRepositories } from './git/repositories.ts';
import { createTrees } from './git/trees.ts';
import { contentOf } from './render/content.ts';
import { type Render, withManifestCache } from './render/manifest-cache.ts';
import { type RenderContext, renderFolder, renderGit } from './render/render.ts';
import { sweepTemporaryFolders } from './render/temporary-folders.ts';
import type {
  ChangedRequest,
  ChartDescription,
  ChartVersions,
  ContentRequest,
  FoundApplication,
  LocalFiles,
  References,
  Rendered,
  RenderRequest,
  Repository,
  RepositoryKind,
  ResolveRequest,
  RevisionMetadata,
  SignatureQuestion,
  SourceDetails,
} from './request.ts';
import type { Tools } from './tools.ts';

export interface RepoServerOptions {
  /** Its own: mirrors, checkouts while they are needed, homes of tools. */
  readonly folder: string;
  readonly tools: Tools;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  /** As a rendering takes it. */
  readonly sharedCheckout?: RenderContext['sharedCheckout'];
}

export interface RepoServer {
  /** The commit, or the version of a chart, that a source means now. */
  resolve(request: ResolveRequest): Promise<{ readonly revision: string }>;
  render(request: RenderRequest): Promise<Rendered>;
  /** Names the files of a source's folder at a revision; undefined where they are not all that may be read. */
  content(request: ContentRequest): Promise<string | undefined>;
  /** The same of files here, committed or not; never kept. */
  renderLocal(request: RenderRequest, files: LocalFiles): Promise<Rendered>;
  metadata(repository: Repository, revision: string): Promise<RevisionMetadata>;
  /** Why a commit is not proved to be signed by keys that are trusted; empty where it is. */
  signatureProblems(request: SignatureQuestion): Promise<readonly string[]>;
  references(repository: Repository): Promise<References>;
  /** Throws why a repository of Git, or of charts, cannot be read now. */
  test(repository: Repository, kind: RepositoryKind): Promise<void>;
  /** The charts of a Helm repository with their versions, newest first as it has them. */
  helmCharts(repository: Repository): Promise<readonly ChartVersions[]>;
  /** The tags of an artifact in an OCI registry. */
  ociTags(repository: Repository): Promise<readonly string[]>;
  /** The folders of a commit that an application can be made of, by path. */
  applications(repository: Repository, revision: string): Promise<readonly FoundApplication[]>;
  /** What a source is made of, before it is rendered: its type, a chart's values, the images of a kustomization. */
  details(request: RenderRequest): Promise<SourceDetails>;
  /** What a version of a chart says of itself. */
  chart(request: ChartVersionRequest): Promise<ChartDescription>;
  /** Whether a file below one of the paths differs between two commits. */
  changed(request: ChangedRequest): Promise<boolean>;
  /** Calls `onChange` as soon as a reference of a local repository moved; ends at once for any other. */
  watchLocal(url: string, onChange: () => void, signal: AbortSignal): Promise<void>;
}

/** The references were read just before, when the revision was resolved. */
const POLLED_MS = 60_000;

export function createRepoServer(options: RepoServerOptions): RepoServer {
  const { folder, tools, cache, clock, environment, sharedCheckout } = options;
  const git = createGit({ folder, tools, clock, environment });
  const repositories = createRepositories({ git, cache, clock, folder: join(folder, 'repositories') });
  const trees = createTrees({ git, repositories });
  const context: RenderContext = { git, repositories, trees, tools, environment, home: folder, sharedCheckout };
  let loading: Promise<Charts> | undefined;
  const charts = (): Promise<Charts> => {
    loading ??= import('./charts/charts.ts').then(({ createCharts }) => createCharts(context));
    return loading;
  };
  const render = withManifestCache(cache, {
    render: createRender({ ...context, charts, clock }),
    contentOf: async (request) => (isGit(request) ? contentOf(trees, request) : undefined),
  });
  return {
    ...repositoryQuestions(context),
    render,
    content: async (request) => (isGit(request) ? contentOf(trees, request) : undefined),
    async renderLocal(request, files) {
      if (files.root !== undefined || !isChart(request.source)) return renderFolder(context, request, files);
      const { renderChart } = await import('./render/render-chart.ts');
      return renderChart({ ...context, charts: await charts() }, request, files.folders);
    },
    async resolve({ source, credentials, force, maxAgeMs }) {
      if (isChart(source)) return { revision: await (await charts()).resolve({ source, credentials }) };
      const { repoURL: url, targetRevision: name = '', tagPrefix } = source;
      return { revision: await repositories.resolve({ url, credentials }, { name, tagPrefix, force, maxAgeMs }) };
    },
    async signatureProblems({ source, credentials, ...question }) {
      const { repoURL: url, targetRevision: revision = '', tagPrefix } = source;
      const repository = { url, credentials };
      const references = await repositories.references(repository, { maxAgeMs: POLLED_MS });
      const tag = tagBehind(references, { revision, tagPrefix, commit: question.revision });
      const { signatureProblems } = await import('./git/signatures.ts');
      const places = { mirrors: join(folder, 'repositories'), folder: join(folder, 'keyrings') };
      return signatureProblems({ git, tools, environment, ...places }, { ...question, repository, tag });
    },
    async details(request) {
      const { chartDetails, gitDetails } = await import('./details.ts');
      if (!isChart(request.source)) return gitDetails({ ...context, render }, request);
      return chartDetails({ home: folder, charts: await charts() }, request);
    },
    async chart(request) {
      const { describeChart } = await import('./details.ts');
      return describeChart({ home: folder, charts: await charts() }, request);
    },
    helmCharts: async (repository) => (await import('./charts/chart-index.ts')).chartsOf(repository),
    ociTags: async (repository) => (await import('./charts/registry.ts')).tagsIn(repository),
    async watchLocal(url, onChange, signal) {
      const local = localFolder(url);
      if (local === undefined) return;
      const { watchReferences } = await import('./git/watch.ts');
      await watchReferences(await gitFolderOf(local, url), { clock, signal }, onChange);
    },
  };
}

interface RenderParts extends RenderContext {
  readonly charts: () => Promise<Charts>;
  readonly clock: Clock;
}

/** Renders any source, a few at a time: each may run a program that takes a whole core. */
function createRender({ charts, clock, ...context }: RenderParts): Render {
  const limited = createLimit(2 * Math.max(2, availableParallelism()));
  let sweeping: Promise<void> | undefined;
  return (request) =>
    limited(async () => {
      sweeping ??= sweepTemporaryFolders(context.home, clock.now());
      await sweeping;
      if (isReferenceOnly(request.source)) return nothing(request);
      if (!isChart(request.source)) return renderGit(context, request);
      const { renderChart } = await import('./render/render-chart.ts');
      return renderChart({ ...context, charts: await charts() }, request);
    });
}

type RepositoryQuestions = Pick<RepoServer, 'metadata' | 'references' | 'applications' | 'changed' | 'test'>;

function repositoryQuestions({ git, repositories, trees }: RenderContext): RepositoryQuestions {
  return {
    async metadata(repository, revision) {
      const commit = await repositories.commit(repository, revision);
      return metadataOf(git, commit, await repositories.references(repository));
    },
    async references(repository) {
      const references = await repositories.references(repository);
      return { branches: branchesOf(references), tags: tagsOf(references) };
    },
    async test(repository, kind) {
      if (kind === 'git') await repositories.references(repository, { force: true });
      else if (kind === 'helm') await (await import('./charts/chart-index.ts')).chartsOf(repository);
      else await (await import('./charts/registry.ts')).testRegistry(repository);
    },
    async applications(repository, revision) {
      const tree = await trees.open(repository, revision);
      const { findApplications } = await import('./applications.ts');
      return findApplications(tree);
    },
    async changed({ from, to, paths, ...repository }) {
      await repositories.commit(repository, to);
      const before = await repositories.commit(repository, from).catch(() => undefined);
      // A commit that is gone, after a forced push, may have held anything.
      const files = before && (await changedFiles(git, before, to));
      return files === undefined || touches(files, paths);
    },
  };
}

/** A source that only lends its files to others renders nothing. */
function isReferenceOnly({ ref, path, chart }: ApplicationSource): boolean {
  return Boolean(ref) && !path && !chart;
}

function nothing({ revision }: RenderRequest): Rendered {
  return { manifests: [], revision, sourceType: 'Directory', commands: [], isOwn: false };
}

const isGit = ({ source }: ContentRequest): boolean => !isChart(source) && !isReferenceOnly(source);

/** Whether a source is no Git repository but a chart, named by itself or as an artifact of a registry. */
function isChart({ chart, repoURL }: ApplicationSource): boolean {
  return Boolean(chart) || repoURL.startsWith('oci://');
}
