// The cache of rendered manifests: the same request has the same answer.

import { createHash } from 'node:crypto';
import type { Cache } from '../../cache/cache.ts';
import { createSingleFlight } from '../../core/concurrency.ts';
import { canonicalJson, isList, isObject, toJson } from '../../core/json.ts';
import { isManifest } from '../../model/manifest.ts';
import type { SourceType } from '../../model/source.ts';
import type { Rendered, RenderRequest } from '../request.ts';

const TTL_MS = 24 * 3_600_000;

export type Render = (request: RenderRequest) => Promise<Rendered>;

/** Answers from the cache what was rendered before; requests that come together are rendered once. A failure is not cached. */
export function withManifestCache(cache: Cache, { render, contentOf }: Rendering): Render {
  const singleFlight = createSingleFlight<Rendered>();
  return async (request) => {
    const { revision } = request;
    const content = await contentOf(request);
    const keyBy = cacheKeys(request);
    const [byRevision, byContent] = [keyBy(revision), content && keyBy(content)];
    for (const key of request.noCache ? [] : [byContent, byRevision]) {
      const cached = key && parseRendered(await cache.get(key));
      if (cached) return { ...cached, revision };
    }
    const renderAndStore = async (): Promise<Rendered> => {
      const rendered = await render(request);
      await cache.set((rendered.isOwn && byContent) || byRevision, JSON.stringify(rendered), TTL_MS);
      return rendered;
    };
    // A caller that gives up must not take the answer from another.
    return request.signal ? renderAndStore() : singleFlight(byRevision, renderAndStore);
  };
}

interface Rendering {
  readonly render: Render;
  /** Names the files of the application's folder; undefined where they do not say it all. */
  readonly contentOf: (request: RenderRequest) => Promise<string | undefined>;
}

/** Keys of a request, by the commit or by the files of it that count. */
function cacheKeys(request: RenderRequest): (of: string) => string {
  const { source, application, destinationNamespace, kubeVersion, apiVersions, refSources = {} } = request;
  const references = Object.entries(refSources).map(([name, { source: of, revision: at }]) => [name, of.repoURL, at]);
  const parts = toJson({ source, references, kubeVersion, apiVersions, project: application.project });
  const digest = createHash('sha256').update(canonicalJson(parts)).digest('hex');
  return (of) => `mfst|${application.namespace}/${application.name}|${of}|${destinationNamespace}|${digest}`;
}

const SOURCE_TYPES = ['Helm', 'Kustomize', 'Directory', 'Plugin'] as const satisfies readonly SourceType[];

function parseRendered(text: string | undefined): Rendered | undefined {
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return undefined;
  const { manifests, revision, commands, isOwn } = value;
  const sourceType = SOURCE_TYPES.find((type) => type === value['sourceType']);
  if (!isList(manifests) || !isList(commands) || typeof revision !== 'string' || !sourceType) return undefined;
  return {
    manifests: manifests.filter(isManifest),
    revision,
    sourceType,
    commands: commands.map(String),
    isOwn: isOwn === true,
  };
}
