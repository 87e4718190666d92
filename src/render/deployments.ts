import { formatDuration } from '../core/time.ts';
import { withoutLogins } from '../core/url.ts';
import type { ApplicationSource } from '../model/source.ts';
import { revisionText } from './history.ts';
import { type Row, stateCell } from './table.ts';
import { longTime } from './times.ts';
import type { View } from './view.ts';

/** One deployment, or an operation that came to none. */
export interface Deployment {
  readonly id?: number;
  readonly deployedAt: string | undefined;
  readonly initiatedBy?: { readonly username?: string; readonly automated?: boolean } | undefined;
  readonly phase: string;
  readonly seconds: number | undefined;
  /** Why it ended so. */
  readonly message?: string;
  readonly deployed: readonly Deployed[];
}

export interface Deployed {
  readonly source: ApplicationSource;
  readonly revision: string;
  readonly commit?: { readonly author?: string; readonly message?: string };
}

const HEAD = ['ID', 'DATE', 'REVISION', 'RESULT', 'DURATION', 'BY', 'AUTHOR', 'MESSAGE'] as const;

const SPARE = ['DURATION', 'AUTHOR', 'BY'] as const;

/** Deployments with who, why and how, grouped by the repository they came from; '' when there were none. */
export function renderDeployments(deployments: readonly Deployment[], view: View): string {
  const groups = new Map<string, Row[]>();
  for (const deployment of deployments) {
    for (const one of deployment.deployed) {
      const repository = withoutLogins(one.source.repoURL);
      const rows = groups.get(repository) ?? [];
      rows.push(rowOf(deployment, one));
      groups.set(repository, rows);
    }
  }
  const parts = [...groups].map(([repository, rows]) => {
    const head = `${view.style.heading('SOURCE')}  ${repository}\n`;
    return head + view.table({ head: HEAD, rows, spare: SPARE }, view.style);
  });
  return parts.join('\n');
}

function rowOf({ id, deployedAt, initiatedBy, phase, seconds, message }: Deployment, one: Deployed): Row {
  const subject = message ?? one.commit?.message?.split('\n')[0] ?? '';
  return [
    id === undefined ? '' : String(id),
    // The zone by its name: the offset beside it would say the same.
    longTime(deployedAt).replace(/ [+-]\d{4}(?= )/, ''),
    revisionText(one.source, one.revision).trim(),
    stateCell(phase),
    seconds === undefined ? '' : formatDuration(seconds * 1000),
    initiatedBy?.automated ? 'auto-sync' : (initiatedBy?.username ?? ''),
    (one.commit?.author ?? '').replace(/\s*<[^>]*>$/, ''),
    subject,
  ];
}
