// The repo server as the controller and the API need it.

import type { Renderer } from '../../controller/ports.ts';
import { createLimit } from '../../core/concurrency.ts';
import { HawserError } from '../../core/errors.ts';
import type { SentFiles } from '../../model/sent-files.ts';
import type { RepoServer } from '../../repo/repo-server.ts';
import type { RenderRequest, Repository, RepositoryKind } from '../../repo/request.ts';
import { withSentFiles } from '../../repo/sent-files.ts';
import type { Tools } from '../../repo/tools.ts';
import type { Repositories, ServerPorts } from '../ports.ts';
import type { RepositoryAccess } from './repository-access.ts';

/** `publicKeys`: those that commits may be signed with, armoured; undefined where nothing is verified. */
export function rendererOf(
  repo: RepoServer,
  access: RepositoryAccess,
  publicKeys: () => Promise<readonly string[] | undefined>,
): Renderer {
  return {
    resolve: async (source, { project, force, maxAgeMs }) => {
      const credentials = await access.of(source.repoURL, project);
      return (await repo.resolve({ source, force, maxAgeMs, credentials })).revision;
    },
    signatureProblems: async (source, { revision, project, rule }) => {
      const [credentials, keys] = await Promise.all([access.of(source.repoURL, project), publicKeys()]);
      if (!keys) return [];
      const { mode, keys: trusted } = rule;
      return repo.signatureProblems({ source, revision, credentials, mode, trusted, keys });
    },
    contentOf: async (source, revision, project) => {
      const credentials = await access.of(source.repoURL, project);
      return repo.content({ source, revision, credentials });
    },
    render: async ({ references, files, ...request }) => {
      const { project } = request.application;
      const [credentials, refSources] = await Promise.all([
        access.of(request.source.repoURL, project),
        Promise.all(
          references.map(async (reference) => {
            const own = await access.of(reference.source.repoURL, project);
            return [reference.source.ref ?? '', { ...reference, credentials: own }] as const;
          }),
        ),
      ]);
      const credentialsOf: RenderRequest['credentialsOf'] = (url) => access.of(url, project);
      const whole = { ...request, refSources: Object.fromEntries(refSources), credentials, credentialsOf };
      const { manifests, sourceType, isOwn } = await (files ? renderSent(repo, whole, files) : repo.render(whole));
      return { manifests, sourceType, isOwn };
    },
  };
}

async function renderSent(repo: RepoServer, request: Parameters<RepoServer['render']>[0], sent: SentFiles) {
  return withSentFiles(sent.files, (root) => {
    const { chart: _chart, ...source } = request.source;
    return repo.renderLocal({ ...request, source: { ...source, path: sent.path } }, { root, folders: {} });
  });
}

/** Each test is a program that runs. */
const MOST_TESTS = 8;

export function repositoriesOf(repo: RepoServer, access: RepositoryAccess): Repositories {
  const limited = createLimit(MOST_TESTS);
  const open = async (url: string, project: string): Promise<Repository> => {
    const credentials = await access.of(url, project);
    return { url, credentials };
  };
  return {
    resolve: async (source, { project, force }) => {
      const { credentials } = await open(source.repoURL, project);
      return (await repo.resolve({ source, force, credentials })).revision;
    },
    metadata: async (source, { revision, project }) => repo.metadata(await open(source.repoURL, project), revision),
    chart: async (source, { revision, project }) => {
      const { credentials } = await open(source.repoURL, project);
      return repo.chart({ source, revision, credentials });
    },
    applications: async (url, { revision: targetRevision, project }) => {
      const repository = await open(url, project);
      const { credentials } = repository;
      const { revision } = await repo.resolve({ source: { repoURL: url, targetRevision }, credentials });
      return repo.applications(repository, revision);
    },
    references: async (url, project) => repo.references(await open(url, project)),
    details: async (source, { name, project }) => {
      const { credentials } = await open(source.repoURL, project);
      const { revision } = await repo.resolve({ source, credentials });
      const application = { name, namespace: '', project };
      return repo.details({
        source,
        revision,
        application,
        destinationNamespace: '',
        kubeVersion: '',
        apiVersions: [],
        credentials,
      });
    },
    helmCharts: async (url, project) => repo.helmCharts(await open(url, project)),
    ociTags: async (url, project) => repo.ociTags(await open(url, project)),
    test: (repository) =>
      limited(async () => {
        access.forget();
        const credentials = await access.ofSettings(repository);
        await repo.test({ url: repository.repo, credentials }, kindOf(repository));
      }),
  };
}

function kindOf({ type = '', enableOCI = false, repo }: Parameters<Repositories['test']>[0]): RepositoryKind {
  if (type === 'helm') return enableOCI ? 'oci' : 'helm';
  if (type === 'oci' || repo.startsWith('oci://')) return 'oci';
  if (type === '' || type === 'git') return 'git';
  throw new HawserError('invalid', `unsupported repository type "${type}"`, {
    hint: 'valid types: git, helm, oci',
    reason: { kind: 'unsupported-repository-type' },
  });
}

/** The versions of the tools that are installed, under the reference's names. */
export function toolVersionsOf(tools: Tools): ServerPorts['toolVersions'] {
  return async () => {
    const { helm, kubectl, kustomize, jsonnet } = await tools.versions();
    return {
      ...(kustomize ? { KustomizeVersion: kustomize } : {}),
      ...(helm ? { HelmVersion: helm } : {}),
      ...(kubectl ? { KubectlVersion: kubectl } : {}),
      ...(jsonnet ? { JsonnetVersion: jsonnet } : {}),
    };
  };
}
