// What one list is: what is asked for, what of it is shown, and how. A server can leave out what nobody looks at, but the reference sends none but these fields
// where it is asked for a choice: whoever needs another one must ask for everything.

import { type ListApplications, listApplications } from '../../../api/applications.ts';
import type { Client } from '../../../client/client.ts';
import { type Application, application, qualifiedName } from '../../../model/application.ts';
import { applicationTable } from '../../../render/applications.ts';
import type { ListFormat, Listing } from '../../listing.ts';
import { type Chooser, plainPath } from './list-choice.ts';

export interface ListPlan {
  readonly query: ListApplications;
  readonly chooser: Chooser;
  readonly format: ListFormat;
  readonly headers: boolean;
}

export const chosen = (apps: readonly Application[], { chooser }: ListPlan): readonly Application[] =>
  chooser.sorted(apps.filter(chooser.fits));

/** The applications that are shown, in order. A table keeps of each what it may show. */
export async function fetchChosen(client: Client, plan: ListPlan): Promise<readonly Application[]> {
  const { chooser, format, query } = plan;
  const isTable =
    format.name === 'default' || format.name === 'table' || format.name === 'wide' || format.name === 'csv';
  const isUnseen = (path: readonly string[]): boolean => !chooser.needs.some((need) => need.startsWith(path.join('.')));
  const without = isTable ? LONG.filter(isUnseen) : [];
  const found: Application[] = [];
  for await (const app of client.items({ endpoint: listApplications, item: application, without }, query)) {
    if (chooser.fits(app)) found.push(app);
  }
  return chooser.sorted(found);
}

/** What is long, and in no table. */
const LONG = [
  ['metadata', 'managedFields'],
  ['status', 'resources'],
  ['status', 'history'],
  ['status', 'operationState', 'syncResult'],
  ['status', 'operationState', 'operation'],
] as const;

export const APPLICATIONS: Listing<Application> = { table: applicationTable, name: qualifiedName };

const SENDABLE = [
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'metadata.labels',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'spec.destination',
  'spec.project',
  'spec.source',
  'spec.sources',
  'spec.syncPolicy',
  'status.health',
  'status.summary',
  'status.resources',
  'status.sync.status',
  'status.sync.revision',
  'status.operationState.phase',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
] as const;

/** Without these an answer is no application. */
const ALWAYS = ['metadata.name', 'metadata.namespace', 'spec.project', 'spec.destination'] as const;

/** The `fields` of a list; undefined asks for everything. */
export function fieldsFor(format: ListFormat, needs: readonly string[]): string | undefined {
  const shown = shownBy(format);
  if (shown === undefined) return undefined;
  const fields = new Set<string>(ALWAYS);
  for (const need of [...shown, ...needs]) {
    const field = SENDABLE.find((known) => need === known || need.startsWith(`${known}.`));
    if (field === undefined) return undefined;
    if (field.startsWith('status.operationState.')) fields.add('status.operationState.phase');
    fields.add(field);
  }
  return [...fields].map((field) => `items.${field}`).join(',');
}

/** What a format prints; undefined is anything. The tables print conditions, which no choice of fields includes. */
function shownBy(format: ListFormat): readonly string[] | undefined {
  if (format.name === 'name') return [];
  if (format.name !== 'custom-columns') return undefined;
  return format.columns.map(({ path }) => plainPath(path));
}

/** What tells one application from another. */
export const identityOf = ({ metadata }: Application): string => `${metadata.namespace ?? ''}/${metadata.name}`;
