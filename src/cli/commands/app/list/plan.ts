// What one list is: what is asked for, what of it is shown, and how. A server can leave out what nobody looks at.

import { fieldsForNeeds } from '../../../../api/application-fields.ts';
import { type ListApplications, listApplications } from '../../../../api/applications.ts';
import { type Application, application, qualifiedName } from '../../../../model/application.ts';
import { applicationTable, type ListColumns } from '../../../../render/applications.ts';
import { needsReason } from '../../../../render/reason.ts';
import type { Connection } from '../../../context.ts';
import type { ListFormat, Listing } from '../../../output/list.ts';
import { type Chooser, plainPath } from './choice.ts';

export interface ListPlan {
  readonly query: ListApplications;
  readonly chooser: Chooser;
  readonly format: ListFormat;
  readonly headers: boolean;
  readonly columns: ListColumns;
}

export const chooseApplications = (apps: readonly Application[], { chooser }: ListPlan): readonly Application[] =>
  chooser.sorted(apps.filter(chooser.fits));

export interface Fetched {
  /** Those that are shown, in order. */
  readonly applications: readonly Application[];
  /** How many the server sent. */
  readonly total: number;
}

/** The applications that are shown. A table keeps of each what it may show. */
export async function fetchChosen({ client, local }: Connection, plan: ListPlan): Promise<Fetched> {
  const { chooser, format } = plan;
  const query = { ...plan.query, fields: fieldsFor({ format, needs: chooser.needs, sendsAny: local }) };
  const isUnseen = (path: readonly string[]): boolean => !chooser.needs.some((need) => need.startsWith(path.join('.')));
  const without = TABLES.includes(format.name) ? LONG.filter(isUnseen) : [];
  const matches: Application[] = [];
  let total = 0;
  const list = { endpoint: listApplications, item: application, without, isWhole: needsReason };
  for await (const app of client.items(list, query)) {
    total += 1;
    if (chooser.fits(app)) matches.push(app);
  }
  return { applications: chooser.sorted(matches), total };
}

/** What is long, and in no table. */
const LONG = [
  ['metadata', 'annotations'],
  ['metadata', 'managedFields'],
  ['operation'],
  ['status', 'resources'],
  ['status', 'history'],
  ['status', 'operationState'],
  ['status', 'summary'],
  ['status', 'sync', 'comparedTo'],
] as const;

export const APPLICATIONS: Listing<Application> = { table: applicationTable, name: qualifiedName };

export interface Needs {
  readonly format: ListFormat;
  /** What the choice and the order look at. */
  readonly needs: readonly string[];
  /** Whether the server sends any field. */
  readonly sendsAny: boolean;
}

/** The `fields` of a list; undefined asks for everything. */
export function fieldsFor({ format, needs, sendsAny }: Needs): string | undefined {
  const needed = shownBy(format);
  if (needed === undefined) return undefined;
  return fieldsForNeeds([...needed, ...needs], sendsAny);
}

const TABLE = [
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'spec.source',
  'spec.sources',
  'spec.syncPolicy',
  'status.sync.status',
  'status.sync.revision',
  'status.sync.revisions',
  'status.health',
  'status.conditions',
];
/** Why one is not well. */
const REASON = ['status.resources', 'status.operationState.phase', 'status.operationState.message'];

/** What a format prints; undefined is anything, '' what cannot be said. */
function shownBy(format: ListFormat): readonly string[] | undefined {
  if (format.name === 'name') return [];
  if (format.name === 'custom-columns') return format.columns.map(({ path }) => plainPath(path));
  return TABLES.includes(format.name) ? [...TABLE, ...REASON] : undefined;
}

const TABLES: readonly string[] = ['default', 'table', 'wide', 'csv'];

/** What tells one application from another. */
export const identityOf = ({ metadata }: Application): string => `${metadata.namespace ?? ''}/${metadata.name}`;
