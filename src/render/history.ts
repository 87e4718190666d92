import { withoutLogins } from '../core/url.ts';
import type { RevisionHistory } from '../model/application.ts';
import type { ApplicationSource } from '../model/source.ts';
import { longTime } from './times.ts';
import type { View } from './view.ts';

/** Deployments, grouped by the repository they came from; '' when there were none. */
export function renderHistory(history: readonly RevisionHistory[], view: View): string {
  const groups = new Map<string, string[][]>();
  for (const entry of history) {
    for (const { source, revision } of deployed(entry)) {
      const repository = withoutLogins(source.repoURL);
      const rows = groups.get(repository) ?? [];
      rows.push([String(entry.id), longTime(entry.deployedAt), revisionText(source, revision)]);
      groups.set(repository, rows);
    }
  }
  const tables = [...groups].map(([repository, rows]) =>
    view.table({ head: ['SOURCE', repository], rows: [['ID', 'DATE', 'REVISION'], ...rows] }, view.style),
  );
  return tables.join('\n');
}

function deployed(entry: RevisionHistory): { source: ApplicationSource; revision: string }[] {
  if (entry.sources && entry.sources.length > 0) {
    return entry.sources.map((source, index) => ({ source, revision: entry.revisions?.[index] ?? '' }));
  }
  return entry.source ? [{ source: entry.source, revision: entry.revision ?? '' }] : [];
}

export function revisionText({ targetRevision = '' }: ApplicationSource, revision: string): string {
  return revision.length >= 7 ? `${targetRevision} (${revision.slice(0, 7)})` : targetRevision;
}
