// Which applications `app list` shows, and in which order.

import { HawserError } from '../../../../core/errors.ts';
import { matchesGlob } from '../../../../core/glob.ts';
import { isList, isObject, type Json } from '../../../../core/json.ts';
import { parseDuration } from '../../../../core/time.ts';
import { type Application, HEALTH_STATUSES, qualifiedName, sourcesOf } from '../../../../model/application.ts';
import { OPERATION_PHASES } from '../../../../model/operation.ts';
import { type OptionsOf, ofGroup } from '../../../input/flags.ts';
import { asJson } from '../../../output/list.ts';

const SYNC_STATUSES = ['Synced', 'OutOfSync', 'Unknown'] as const;

export const CHOICE_FLAGS = ofGroup('Filter', [
  { name: 'cluster', short: 'c', type: 'string', summary: 'filter by cluster URL or name' },
  { name: 'path', short: 'P', type: 'string', summary: 'filter by path' },
  {
    name: 'project',
    short: 'p',
    type: 'stringArray',
    value: 'name',
    summary: 'filter by project (repeatable)',
  },
  { name: 'repo', short: 'r', type: 'string', value: 'url', summary: 'filter by repository URL' },
  {
    name: 'health',
    type: 'strings',
    value: 'status',
    suggestions: HEALTH_STATUSES,
    own: true,
    summary: 'filter by health status',
  },
  {
    name: 'sync',
    type: 'strings',
    value: 'status',
    suggestions: SYNC_STATUSES,
    own: true,
    summary: 'filter by sync status',
  },
  {
    name: 'phase',
    type: 'strings',
    value: 'phase',
    suggestions: OPERATION_PHASES,
    own: true,
    summary: 'filter by phase of the last operation',
  },
  {
    name: 'older-than',
    type: 'duration',
    own: true,
    summary: 'filter by age of the last deployment, like 36h or 7d',
  },
  {
    name: 'sort-by',
    type: 'string',
    suggestions: ['name', 'namespace', 'project', 'cluster', 'health', 'sync', 'phase', 'age', 'deployed'],
    value: 'field',
    own: true,
    summary: 'sort by name, namespace, project, cluster, health, sync, phase, age, deployed, or a JSON path',
  },
]);

export type Choice = OptionsOf<typeof CHOICE_FLAGS> & { readonly names: readonly string[] };

export interface Chooser {
  fits(app: Application): boolean;
  /** The same applications, in order. */
  sorted(apps: readonly Application[]): readonly Application[];
  /** What must be known of each application to decide. */
  readonly needs: readonly string[];
}

/** Reads what was typed; a value that is none is wrong usage. */
export async function readChoice(choice: Choice, now: number): Promise<Chooser> {
  const health = checkedChoices('health', choice.health, HEALTH_STATUSES);
  const sync = checkedChoices('sync', choice.sync, SYNC_STATUSES);
  const phase = checkedChoices('phase', choice.phase, OPERATION_PHASES);
  const before = choice.olderThan === undefined ? undefined : now - parseDuration(choice.olderThan);
  const order = choice.sortBy === undefined ? undefined : await readOrder(choice.sortBy);
  const tests: readonly (((app: Application) => boolean) | undefined)[] = [
    placeTest(choice),
    health && ((app) => health.includes(app.status?.health?.status ?? '')),
    sync && ((app) => sync.includes(app.status?.sync?.status ?? '')),
    phase && ((app) => phase.includes(app.status?.operationState?.phase ?? '')),
    before === undefined ? undefined : (app) => deployedAt(app) < before,
  ];
  return {
    fits: (app) => tests.every((test) => test === undefined || test(app)),
    sorted: (apps) => (order ? sortedBy(apps, order.key) : apps),
    needs: [
      ...(health ? ['status.health'] : []),
      ...(sync ? ['status.sync.status'] : []),
      ...(phase ? ['status.operationState.phase'] : []),
      ...(before === undefined ? [] : ['status.history']),
      ...(choice.repo || choice.path ? ['spec.source', 'spec.sources'] : []),
      ...(order?.needs ?? []),
    ],
  };
}

function placeTest({ names, project, repo, path, cluster }: Choice): (app: Application) => boolean {
  return (app) => {
    const source = sourcesOf(app.spec)[0];
    const { server, name } = app.spec.destination;
    return (
      (!project?.length || project.includes(app.spec.project)) &&
      (!repo || source?.repoURL === repo) &&
      (!path || source?.path === path) &&
      (!cluster || server === cluster || name === cluster) &&
      (names.length === 0 || names.some((glob) => fitsName(glob, app)))
    );
  };
}

const fitsName = (glob: string, app: Application): boolean =>
  matchesGlob(glob, glob.includes('/') ? qualifiedName(app) : app.metadata.name);

/** The values as they are spelled; capital letters need not be typed. */
function checkedChoices(
  flag: string,
  requested: readonly string[] | undefined,
  values: readonly string[],
): readonly string[] | undefined {
  if (!requested?.length) return undefined;
  return requested.map((text) => {
    const value = values.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (value !== undefined) return value;
    throw new HawserError('usage', `invalid value '${text}' for --${flag}`, {
      hint: `valid values: ${values.join(', ')}`,
    });
  });
}

/** When it was deployed last; never for one that was not, which is older than nothing. */
function deployedAt(app: Application): number {
  const last = app.status?.history?.at(-1)?.deployedAt;
  const time = last === undefined ? Number.NaN : Date.parse(last);
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

interface Order {
  readonly key: (app: Application) => string | number;
  readonly needs: readonly string[];
}

/** Worst first: whoever sorts by health looks for what is wrong. */
const WORST = ['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended', 'Healthy'];

const ORDERS: Readonly<Record<string, Order>> = {
  name: { key: (app) => app.metadata.name, needs: [] },
  namespace: { key: (app) => app.spec.destination.namespace ?? '', needs: [] },
  project: { key: (app) => app.spec.project, needs: [] },
  cluster: { key: ({ spec }) => spec.destination.server || spec.destination.name || '', needs: [] },
  health: { key: (app) => WORST.indexOf(app.status?.health?.status || 'Unknown'), needs: ['status.health'] },
  sync: { key: (app) => app.status?.sync?.status ?? '', needs: ['status.sync.status'] },
  phase: { key: (app) => app.status?.operationState?.phase ?? '', needs: ['status.operationState.phase'] },
  age: {
    key: (app) => -Date.parse(app.metadata.creationTimestamp ?? '1970-01-01T00:00:00Z'),
    needs: ['metadata.creationTimestamp'],
  },
  deployed: { key: (app) => -deployedAt(app), needs: ['status.history'] },
};

async function readOrder(field: string): Promise<Order> {
  const order = ORDERS[field];
  if (order) return order;
  if (!/^[.{$]/.test(field)) {
    const hint = `valid fields: ${Object.keys(ORDERS).join(', ')}, or a path like .status.sync.status`;
    throw new HawserError('usage', `cannot sort by '${field}'`, { hint });
  }
  const { parsePath } = await import('../../../../core/json-path.ts');
  const find = parsePath(field);
  return { key: (app) => comparable(find(asJson(app))[0]), needs: [plainPath(field)] };
}

function comparable(value: Json | undefined): string | number {
  if (typeof value === 'number') return value;
  if (value === undefined || value === null) return '';
  return isObject(value) || isList(value) ? JSON.stringify(value) : String(value);
}

/** 'status.sync.status' of a path that is made of names alone; '' for another, which may need anything. */
export function plainPath(path: string): string {
  const bare = path.trim().replace(/^\{(.*)\}$/, '$1');
  return /^[.$]*[A-Za-z][\w.]*$/.test(bare) && !bare.includes('..') ? bare.replace(/^[.$]+/, '') : '';
}

function sortedBy(apps: readonly Application[], key: Order['key']): readonly Application[] {
  const keyed = apps.map((app) => ({ app, key: key(app) }));
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ app }) => app);
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return String(a) < String(b) ? -1 : 1;
}
