// Sync windows: which of a project are about an application.

import { matchesGlob } from '../core/glob.ts';
import type { Application } from './application.ts';
import type { SyncWindow } from './project.ts';

/** The windows of a project that are about an application; '*' crosses every character. */
export function assignedWindows(
  windows: readonly SyncWindow[],
  { metadata, spec }: Application,
): readonly SyncWindow[] {
  const { server = '', name = '', namespace = '' } = spec.destination;
  const fits = (patterns: readonly string[] | undefined, values: readonly string[]): boolean | undefined =>
    patterns?.length
      ? patterns.some((pattern) => values.some((value) => value !== '' && matchesGlob(pattern, value)))
      : undefined;
  return windows.filter((window) => {
    const results = [
      fits(window.applications, [metadata.name]),
      fits(window.namespaces, [namespace]),
      fits(window.clusters, [server, name]),
    ].flatMap((result) => result ?? []);
    if (results.length === 0) return false;
    return window.andOperator ? results.every(Boolean) : results.some(Boolean);
  });
}
