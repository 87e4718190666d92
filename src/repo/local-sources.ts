// An application of files here: sources that have a folder or a commit here are rendered from it, the others from where they
// come from.

import type { Manifest } from '../model/manifest.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { ClonedCommit } from './git/working-copy.ts';
import type { RepoServer } from './repo-server.ts';
import type { RenderRequest } from './request.ts';

export interface LocalSource {
  readonly source: ApplicationSource;
  readonly folder?: LocalFolder;
  readonly commit?: ClonedCommit;
}

export interface LocalFolder {
  readonly root: string;
  /** From the root, with slashes; '.' for the root itself. */
  readonly path: string;
}

export interface LocalSourcesRequest
  extends Pick<RenderRequest, 'application' | 'destinationNamespace' | 'kubeVersion' | 'apiVersions'> {
  readonly sources: readonly LocalSource[];
}

export async function renderLocalSources(repo: RepoServer, request: LocalSourcesRequest): Promise<Manifest[]> {
  const { sources, ...rest } = request;
  const folders: Record<string, string> = {};
  const refSources: Record<string, PlacedSource> = {};
  for (const local of sources) {
    const { source, folder } = local;
    if (!source.ref) continue;
    if (folder) folders[source.ref] = folder.root;
    else refSources[source.ref] = await placed(repo, local);
  }
  const rendered = sources
    .filter(({ source }) => !source.ref || source.path || source.chart)
    .map(async (local) => {
      const { source, folder } = local;
      if (!folder) {
        const fetched = { ...rest, ...(await placed(repo, local)), refSources };
        if (!refersTo(source, folders)) return repo.render(fetched);
        return repo.renderLocal(fetched, { folders });
      }
      const { chart: _chart, ...kept } = source;
      const here = { ...kept, path: folder.path };
      return repo.renderLocal({ ...rest, source: here, revision: 'local', refSources }, { root: folder.root, folders });
    });
  return (await Promise.all(rendered)).flatMap(({ manifests }) => manifests);
}

type PlacedSource = Pick<RenderRequest, 'source' | 'revision' | 'clone'>;

async function placed(repo: RepoServer, { source, commit }: LocalSource): Promise<PlacedSource> {
  return commit ? { source, ...commit } : { source, revision: (await repo.resolve({ source })).revision };
}

const refersTo = ({ helm }: ApplicationSource, folders: Readonly<Record<string, string>>): boolean =>
  (helm?.valueFiles ?? []).some((file) => Object.keys(folders).some((name) => file.startsWith(`$${name}/`)));
