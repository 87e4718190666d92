import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Three suites, each with its own needs: see CONTRIBUTING.md. A test file belongs to `shared` or `system` by its name.
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    environment: 'node',
    restoreMocks: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Whole words in the line that names a failure: what CI keeps of its log is often no more than that.
    chaiConfig: { truncateThreshold: 600 },
    pool: 'forks',
    // Most of the time a journey waits for processes: one file at a time leaves a machine of two cores idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'npm',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.shared.test.ts', 'test/**/*.system.test.ts'],
        },
      },
      { extends: true, test: { name: 'shared', include: ['test/**/*.shared.test.ts'] } },
      { extends: true, test: { name: 'system', include: ['test/**/*.system.test.ts'] } },
    ],
  },
});
