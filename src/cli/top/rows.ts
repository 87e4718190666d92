// What the fleet's list keeps of an application: what a line shows, and what it is sorted and filtered by.

import type { ApplicationTarget } from '../../api/applications.ts';
import { type Application, qualifiedName } from '../../model/application.ts';
import type { FleetRow } from '../../render/fleet.ts';
import { reasonOf } from '../../render/reason.ts';
import { visible } from '../io/visible.ts';

export interface Entry {
  readonly row: FleetRow;
  readonly target: ApplicationTarget;
  /** The smaller, the worse. */
  readonly rank: number;
  /** When it was deployed last; '' for never. */
  readonly deployed: string;
  /** Undefined where the server does not count. */
  readonly version: string | undefined;
  /** In small letters, for the filter. */
  readonly haystack: string;
}

export const keyOf = ({ metadata }: Application): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const LONGEST_REASON = 300;

export function entryOf(app: Application): Entry {
  const { metadata, spec, status, operation } = app;
  const sync = line(status?.sync?.status ?? 'Unknown');
  const health = line(status?.health?.status ?? 'Unknown');
  const phase = operation ? 'Running' : line(status?.operationState?.phase ?? '');
  const row: FleetRow = {
    key: keyOf(app),
    name: line((metadata.namespace ?? 'argocd') === 'argocd' ? metadata.name : qualifiedName(app)),
    project: line(spec.project),
    sync,
    health,
    phase,
    revision: line((status?.sync?.revision ?? status?.sync?.revisions?.[0] ?? '').slice(0, 8)),
    reason: line(reasonOf(app).slice(0, LONGEST_REASON)),
    created: metadata.creationTimestamp,
  };
  return {
    row,
    target: { name: metadata.name, ...(metadata.namespace ? { appNamespace: metadata.namespace } : {}) },
    rank: rankOf(row),
    deployed: status?.operationState?.finishedAt ?? status?.history?.at(-1)?.deployedAt ?? '',
    version: metadata.resourceVersion,
    haystack: [row.name, row.project, sync, health, phase, row.reason].join(' ').toLowerCase(),
  };
}

/** A text as it stands in one line. */
export const line = (text: string): string => visible(text).replaceAll(/[\t\n\r]+/g, ' ');

const HEALTH = ['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended', 'Healthy'];
const FAILED: readonly string[] = ['Failed', 'Error'];

/** What is broken, what failed, what runs, what differs, what is as it should be. */
function rankOf({ health, sync, phase }: FleetRow): number {
  const place = HEALTH.indexOf(health);
  const failed = FAILED.includes(phase) && sync !== 'Synced';
  return (place < 0 ? HEALTH.length : place) * 4 - (failed ? 8 : 0) + (sync === 'Synced' ? 1 : 0);
}
