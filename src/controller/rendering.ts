// The target state: the sources of an application, rendered.

import { track } from '../engine/resource/tracking.ts';
import { type Application, sourcesOf } from '../model/application.ts';
import { instanceName } from '../model/application-key.ts';
import type { SentFiles } from '../model/sent-files.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { KubeObject } from '../objects/object.ts';
import type { ControllerPorts, Destination } from './ports.ts';

export interface CompareRequest {
  /** Instead of the specification's, as an operation may ask for. */
  readonly sources?: readonly ApplicationSource[];
  /** Resolved ones to use instead of asking again. */
  readonly revisions?: readonly string[];
  /** To resolve instead of what the sources follow. */
  readonly targetRevisions?: readonly string[];
  /** Instead of rendering, for a sync of local manifests. */
  readonly manifests?: readonly KubeObject[];
  /** Rendered in place of the one source's. */
  readonly files?: SentFiles;
  readonly forceResolve: boolean;
  readonly noCache: boolean;
}

export interface RenderedSources {
  readonly manifests: readonly KubeObject[];
  readonly revisions: readonly string[];
  readonly sourceTypes: readonly string[];
  readonly selfContained: boolean;
}

/** The manifests of all sources, in their order; throws what keeps one of them from being rendered. */
export async function renderSources(
  ports: ControllerPorts,
  app: Application,
  { cluster }: Pick<Destination, 'cluster'>,
  request: CompareRequest,
): Promise<RenderedSources> {
  const sources = request.sources ?? sourcesOf(app.spec);
  const project = app.spec.project || 'default';
  const revisions = await Promise.all(
    sources.map((source, index) => {
      const targetRevision = request.targetRevisions?.[index] || source.targetRevision;
      const options = { project, force: request.forceResolve };
      return request.revisions?.[index] || ports.renderer.resolve({ ...source, targetRevision }, options);
    }),
  );
  if (request.manifests) return { manifests: request.manifests, revisions, sourceTypes: [], selfContained: false };
  const references = sources.flatMap((source, index) =>
    source.ref ? [{ source, revision: revisions[index] ?? '' }] : [],
  );
  const [kubeVersion, types] = await Promise.all([cluster.version(), cluster.types()]);
  const apiVersions = types.flatMap((type) => {
    const version = type.group ? `${type.group}/${type.version}` : type.version;
    return [version, `${version}/${type.kind}`];
  });
  const rendered = await Promise.all(
    sources.map((source, index) =>
      source.ref && !source.path && !source.chart
        ? { manifests: [], sourceType: '', isOwn: false }
        : ports.renderer.render({
            source,
            revision: revisions[index] ?? '',
            application: { name: app.metadata.name, namespace: app.metadata.namespace ?? ports.namespace, project },
            destinationNamespace: app.spec.destination.namespace ?? '',
            kubeVersion,
            apiVersions: [...new Set(apiVersions)].sort(),
            references,
            noCache: request.noCache,
            files: request.files,
          }),
    ),
  );
  return {
    manifests: rendered.flatMap((one) => one.manifests),
    revisions,
    sourceTypes: rendered.map((one) => one.sourceType),
    selfContained: rendered.every((one) => one.isOwn),
  };
}

/** What Git says, stamped with its application and otherwise as it was rendered. */
export async function renderApplication(
  ports: ControllerPorts,
  app: Application,
  request: CompareRequest,
): Promise<readonly KubeObject[]> {
  const destination = ports.destinations.open(app.spec.destination);
  const { manifests } = await renderSources(ports, app, destination, request);
  const instance = instanceName(app.metadata, ports.namespace);
  return manifests.map((manifest) => track(manifest, instance, app.spec.destination.namespace ?? ''));
}
