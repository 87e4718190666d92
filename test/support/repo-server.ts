// A repo server over real tools in a temporary folder.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryCache } from '../../src/cache/memory-cache.ts';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import type { ApplicationSource } from '../../src/model/source.ts';
import { createRepoServer, type RepoServer } from '../../src/repo/repo-server.ts';
import type { Rendered, RenderRequest } from '../../src/repo/request.ts';
import { createTools } from '../../src/repo/tools.ts';

export interface TestRepoServer extends RepoServer {
  readonly folder: string;
  /** Resolves a source and renders it for an application 'web' in project 'default'. */
  renderSource(source: ApplicationSource, more?: Partial<RenderRequest>): Promise<Rendered>;
  remove(): Promise<void>;
}

export async function createTestRepoServer(environment: NodeJS.ProcessEnv = process.env): Promise<TestRepoServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-repo-'));
  const cache = createMemoryCache(systemClock);
  const server = createRepoServer({ folder, tools: createTools(environment), cache, clock: systemClock, environment });
  return {
    ...server,
    folder,
    async renderSource(source, more = {}) {
      const { credentials } = more;
      const { revision } = await server.resolve({ source, credentials });
      return server.render({
        source,
        revision,
        application: { name: 'web', namespace: 'argocd', project: 'default' },
        destinationNamespace: 'shop',
        kubeVersion: 'v1.35.0',
        apiVersions: ['v1', 'apps/v1', 'apps/v1/Deployment'],
        ...more,
      });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
