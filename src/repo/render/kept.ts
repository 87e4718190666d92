// What was rendered once is kept: the same question has the same answer.

import { createHash } from 'node:crypto';
import type { Cache } from '../../cache/cache.ts';
import { canonicalJson, isList, isObject, type Json } from '../../core/json.ts';
import { isManifest } from '../../model/manifest.ts';
import type { SourceType } from '../../model/source.ts';
import type { Rendered, RenderRequest } from '../request.ts';
import { createSharing } from '../turns.ts';

const TTL_MS = 24 * 3_600_000;

export type Render = (request: RenderRequest) => Promise<Rendered>;

/** Renders, answers from the cache what was rendered before, and twice asked at once renders once; keeps no failure. */
export function createKeptRendering(cache: Cache, { render, contentOf }: Rendering): Render {
  const share = createSharing<Rendered>();
  return async (request) => {
    const { revision } = request;
    const content = await contentOf(request);
    const keyOf = keysOf(request);
    const [byRevision, byContent] = [keyOf(revision), content && keyOf(content)];
    for (const key of request.noCache ? [] : [byContent, byRevision]) {
      const kept = key && parseRendered(await cache.get(key));
      if (kept) return { ...kept, revision };
    }
    const answer = async (): Promise<Rendered> => {
      const rendered = await render(request);
      await cache.set((rendered.isOwn && byContent) || byRevision, JSON.stringify(rendered), TTL_MS);
      return rendered;
    };
    // One asker that gives up must not take the answer from another.
    return request.signal ? answer() : share(byRevision, answer);
  };
}

interface Rendering {
  readonly render: Render;
  /** Names the files of the application's folder; undefined where they do not say it all. */
  readonly contentOf: (request: RenderRequest) => Promise<string | undefined>;
}

/** Keys of a request, by the commit or by the files of it that count. */
function keysOf(request: RenderRequest): (of: string) => string {
  const { source, application, destinationNamespace, kubeVersion, apiVersions, refSources = {} } = request;
  const references = Object.entries(refSources).map(([name, { source: of, revision: at }]) => [name, of.repoURL, at]);
  const parts: Json = JSON.parse(
    JSON.stringify({ source, references, kubeVersion, apiVersions, project: application.project }),
  );
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
