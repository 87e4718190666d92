// What is computed for one application when somebody asks.

import {
  chartDetails,
  getManifests,
  managedResources,
  type RevisionQuery,
  resourceTree,
  revisionMetadata,
  watchResourceTree,
} from '../../api/applications.ts';
import { computeDifferences } from '../../api/differences.ts';
import { sameJson } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { sourcesOf } from '../../model/application.ts';
import type { ApplicationTree } from '../../model/resource.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { type Call, type Route, route } from '../http/dispatch.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationOnWire } from './application-response.ts';
import { findApplication } from './find.ts';

export function computedRoutes(ports: ServerPorts): Route[] {
  const find = async (asked: { readonly applicationName: string; readonly project?: string }) => {
    await findApplication(ports, { ...asked, name: asked.applicationName });
    await ports.catchUp(asked.applicationName);
    return applicationOnWire(await findApplication(ports, { ...asked, name: asked.applicationName }));
  };
  return [
    route(managedResources, async (query) => {
      const items = await ports.inspector.managedResources(await find(query));
      const fits = (wanted: string | undefined, value: string | undefined): boolean =>
        !wanted || wanted === (value ?? '');
      return {
        items: items.filter(
          (item) =>
            fits(query.group, item.group) &&
            fits(query.kind, item.kind) &&
            fits(query.namespace, item.namespace) &&
            fits(query.name, item.name),
        ),
      };
    }),
    route(computeDifferences, async ({ files, dryRun = false, ...query }) => {
      const app = await find(query);
      const isAsked = query.revision !== undefined || query.revisions !== undefined;
      const revisions = isAsked ? await manifestRevisions(ports, app, query) : undefined;
      return { items: await ports.inspector.differences(app, { revisions, files, dryRun }) };
    }),
    route(resourceTree, async (query) => ({ nodes: await ports.inspector.tree(await find(query)), shardsCount: 1 })),
    route(watchResourceTree, (query, call) => watchTree(ports, query.applicationName, call)),
    route(getManifests, async (query) => {
      const app = applicationOnWire(await findApplication(ports, query));
      const revisions = await manifestRevisions(ports, app, query);
      const manifests = await ports.inspector.manifests(app, { revisions, noCache: query.noCache ?? false });
      return { manifests: manifests.map((manifest) => JSON.stringify(manifest)), revision: revisions[0] };
    }),
    route(revisionMetadata, async (query) => {
      const source = await sourceOf(ports, query);
      const facts = await ports.repositories.metadata(source, query.revision);
      const date = timestamp(Date.parse(facts.date));
      return {
        author: facts.author,
        date,
        ...(facts.tags.length > 0 ? { tags: facts.tags } : {}),
        message: facts.message,
      };
    }),
    route(chartDetails, async (query) => ports.repositories.chart(await sourceOf(ports, query), query.revision)),
  ];
}

/** The source that a question about a revision means: of a history entry where one is named, else of the specification. */
async function sourceOf(ports: ServerPorts, query: RevisionQuery): Promise<ApplicationSource> {
  const app = applicationOnWire(await findApplication(ports, query));
  const entry = app.status?.history?.find((one) => one.id === query.versionId);
  const sources = entry?.sources ?? (entry?.source ? [entry.source] : sourcesOf(app.spec));
  return sources[query.sourceIndex ?? 0] ?? { repoURL: '' };
}

async function manifestRevisions(
  ports: ServerPorts,
  app: ReturnType<typeof applicationOnWire>,
  query: {
    readonly revision?: string;
    readonly revisions?: readonly string[];
    readonly sourcePositions?: readonly number[];
  },
): Promise<readonly string[]> {
  const project = app.spec.project || 'default';
  return Promise.all(
    sourcesOf(app.spec).map((source, index) => {
      const position = query.sourcePositions?.indexOf(index + 1) ?? -1;
      const asked = position >= 0 ? query.revisions?.[position] : index === 0 ? query.revision : undefined;
      return ports.repositories.resolve(asked ? { ...source, targetRevision: asked } : source, {
        project,
        force: true,
      });
    }),
  );
}

/** The whole tree each time that it has changed; none at the beginning. */
async function* watchTree(ports: ServerPorts, name: string, call: Call): AsyncGenerator<ApplicationTree> {
  const app = applicationOnWire(await findApplication(ports, { name }));
  await ports.run();
  let wake: () => void = () => undefined;
  let changed = false;
  const unsubscribe = ports.subscribe(() => {
    changed = true;
    wake();
  });
  const stop = (): void => wake();
  call.signal.addEventListener('abort', stop);
  let last = await ports.inspector.tree(app);
  try {
    while (!call.signal.aborted) {
      if (!changed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      changed = false;
      await ports.clock.sleep(100);
      if (call.signal.aborted) return;
      const nodes = await ports.inspector.tree(app);
      if (sameJson(JSON.parse(JSON.stringify(nodes)), JSON.parse(JSON.stringify(last)))) continue;
      last = nodes;
      yield { nodes, shardsCount: 1 };
    }
  } finally {
    unsubscribe();
    call.signal.removeEventListener('abort', stop);
  }
}
