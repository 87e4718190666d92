// What was rendered once is kept: the same question has the same answer.

import { createHash } from 'node:crypto';
import type { Cache } from '../../cache/cache.ts';
import { canonicalJson, isList, isObject, type Json } from '../../core/json.ts';
import { isManifest } from '../../model/manifest.ts';
import type { SourceType } from '../../model/source.ts';
import type { Rendered, RenderRequest } from '../request.ts';

const TTL_MS = 24 * 3_600_000;

/** Answers from the cache, else renders and keeps the answer; failures are not kept. */
export async function keptRendering(
  cache: Cache,
  request: RenderRequest,
  render: () => Promise<Rendered>,
): Promise<Rendered> {
  const key = keyOf(request);
  const kept = request.noCache ? undefined : parseRendered(await cache.get(key));
  if (kept) return kept;
  const rendered = await render();
  await cache.set(key, JSON.stringify(rendered), TTL_MS);
  return rendered;
}

function keyOf(request: RenderRequest): string {
  const { source, revision, application, destinationNamespace, kubeVersion, apiVersions, refSources = {} } = request;
  const references = Object.entries(refSources).map(([name, { source: of, revision: at }]) => [name, of.repoURL, at]);
  const parts: Json = JSON.parse(
    JSON.stringify({ source, references, kubeVersion, apiVersions, project: application.project }),
  );
  const digest = createHash('sha256').update(canonicalJson(parts)).digest('hex');
  return `mfst|${application.namespace}/${application.name}|${revision}|${destinationNamespace}|${digest}`;
}

const SOURCE_TYPES = ['Helm', 'Kustomize', 'Directory', 'Plugin'] as const satisfies readonly SourceType[];

function parseRendered(text: string | undefined): Rendered | undefined {
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return undefined;
  const { manifests, revision, commands } = value;
  const sourceType = SOURCE_TYPES.find((type) => type === value['sourceType']);
  if (!isList(manifests) || !isList(commands) || typeof revision !== 'string' || !sourceType) return undefined;
  return { manifests: manifests.filter(isManifest), revision, sourceType, commands: commands.map(String) };
}
