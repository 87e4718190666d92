// The repo server as the controller and the API need it.

import type { Renderer } from '../../controller/ports.ts';
import type { SentFiles } from '../../model/sent-files.ts';
import type { RepoServer } from '../../repo/repo-server.ts';
import { withSentFiles } from '../../repo/sent-files.ts';
import type { Tools } from '../../repo/tools.ts';
import type { Repositories, ServerPorts } from '../ports.ts';

export function rendererOf(repo: RepoServer): Renderer {
  return {
    resolve: async (source, { force, maxAgeMs }) => (await repo.resolve({ source, force, maxAgeMs })).revision,
    contentOf: (source, revision) => repo.content({ source, revision }),
    render: async ({ references, files, ...request }) => {
      const refSources = Object.fromEntries(references.map((reference) => [reference.source.ref ?? '', reference]));
      const whole = { ...request, refSources };
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

export function repositoriesOf(repo: RepoServer): Repositories {
  return {
    resolve: async (source, { force }) => (await repo.resolve({ source, force })).revision,
    metadata: (source, revision) => repo.metadata({ url: source.repoURL }, revision),
    chart: (source, revision) => repo.chart({ source, revision }),
    applications: async (url, targetRevision) => {
      const { revision } = await repo.resolve({ source: { repoURL: url, targetRevision } });
      return repo.applications({ url }, revision);
    },
    references: (url) => repo.references({ url }),
  };
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
