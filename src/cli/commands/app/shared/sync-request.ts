// Which sync is asked of the server, from what was typed and what the application has.

import type { ApplicationTarget, SyncApplication } from '../../../../api/applications.ts';
import { getManifests } from '../../../../api/revisions.ts';
import { HawserError } from '../../../../core/errors.ts';
import { objectAt, textAt } from '../../../../core/json.ts';
import { type Application, hasMultipleSources, isAutomated } from '../../../../model/application.ts';
import type { SyncOperationResource, SyncStrategy } from '../../../../model/operation.ts';
import type { Context } from '../../../context.ts';
import type { OptionsOf } from '../../../input/flags.ts';
import { matchesFilters, parseResourceFilter, type ResourceFilter } from '../../../waiting/resource-filter.ts';
import { pairs } from '../spec/source.ts';
import { chosenSources } from '../spec/source-choice.ts';
import type { PLANNED_FLAGS } from './sync-flags.ts';

/** Where `dryRun` is on, more may be asked for. */
export type PlannedOptions = OptionsOf<typeof PLANNED_FLAGS> & { readonly dryRun?: boolean };

export interface SyncSubject {
  readonly target: ApplicationTarget;
  readonly application: Application;
  readonly options: PlannedOptions;
}

/** What a plan foretells: how the operation runs beyond that (retries, dry runs) makes no other of it. */
export type PlannedRequest = ApplicationTarget &
  Pick<
    SyncApplication,
    'prune' | 'strategy' | 'resources' | 'syncOptions' | 'manifests' | 'revision' | 'revisions' | 'sourcePositions'
  >;

export async function plannedRequest(subject: SyncSubject, context: Context): Promise<PlannedRequest> {
  const { target, application, options } = subject;
  const labelled = options.label?.length ? await resourcesByLabel(subject, context) : [];
  const filters = [...(options.resource ?? []).map(parseResourceFilter), ...labelled];
  const items = syncOptionItems(options);
  return {
    ...target,
    prune: options.prune ?? false,
    ...revisionsOf(application, options),
    strategy: strategyOf(options),
    ...(options.local ? { manifests: await manifestsOfFolder(subject, options.local, context) } : {}),
    ...(filters.length > 0 ? { resources: selectedResources(application, filters, options) } : {}),
    ...(items.length > 0 ? { syncOptions: { items } } : {}),
  };
}

/** What a folder here renders to; under auto-sync, Git would undo it at once. */
async function manifestsOfFolder(
  { application, options }: SyncSubject,
  local: readonly string[],
  context: Context,
): Promise<string[]> {
  if (hasMultipleSources(application.spec)) {
    throw new HawserError('usage', 'argocd cli does not work on multi-source app with --local flag', {
      hint: 'commit, and sync that',
    });
  }
  if (isAutomated(application.spec) && !options.dryRun) {
    const message = 'Cannot use local sync when Automatic Sync Policy is enabled except with --dry-run';
    throw new HawserError('needs-decision', message, {
      hint: `hawser app set ${application.metadata.name} --sync-policy none, or --dry-run`,
      reason: { kind: 'local-sync-refused' },
    });
  }
  const { localManifests, tracked } = await import('../../../input/local-manifests.ts');
  const rendered = await localManifests(application, { local, root: options.localRepoRoot }, context);
  return rendered.map((one) => JSON.stringify(tracked(one, application.metadata.name)));
}

function syncOptionItems({ replace, serverSide, applyOutOfSyncOnly }: PlannedOptions): string[] {
  return [
    replace ? 'Replace=true' : '',
    serverSide ? 'ServerSideApply=true' : '',
    applyOutOfSyncOnly ? 'ApplyOutOfSyncOnly=true' : '',
  ].filter(Boolean);
}

/** Throws where there is no such strategy. */
export function strategyOf({ strategy, force }: Pick<PlannedOptions, 'strategy' | 'force'>): SyncStrategy {
  const inside = force ? { force: true } : {};
  if (strategy === undefined || strategy === '' || strategy === 'hook') return { hook: inside };
  if (strategy === 'apply') return { apply: inside };
  throw new HawserError('usage', `Unknown sync strategy: '${strategy}'`, { hint: 'valid values: apply, hook' });
}

type Revisions = Pick<SyncApplication, 'revision' | 'revisions' | 'sourcePositions'>;

function revisionsOf(application: Application, options: PlannedOptions): Revisions {
  const multiple = hasMultipleSources(application.spec);
  if (options.revision !== undefined && multiple) {
    throw new HawserError(
      'usage',
      'argocd cli does not work on multi-source app with --revision flag. Use --revisions and --source-positions instead.',
    );
  }
  if (!options.revisions?.length) return options.revision === undefined ? {} : { revision: options.revision };
  const sourcePositions = positionsOf(application, options);
  return sourcePositions.length === 0 ? {} : { revisions: options.revisions, sourcePositions };
}

function positionsOf(application: Application, options: PlannedOptions): readonly number[] {
  const positions = chosenSources(application.spec, options);
  if (positions.length > 0 && positions.length !== options.revisions?.length) {
    throw new HawserError('usage', 'as many --revisions are needed as positions or names of sources');
  }
  if (positions.some((position) => position <= 0)) {
    throw new HawserError('usage', 'positions of sources are counted from 1', {
      hint: '--source-positions 1',
      reason: { kind: 'invalid-source-position' },
    });
  }
  return positions;
}

/** The server takes names, not patterns. */
function selectedResources(
  application: Application,
  filters: readonly ResourceFilter[],
  options: PlannedOptions,
): SyncOperationResource[] {
  const matches = (application.status?.resources ?? [])
    .map(({ group = '', kind = '', namespace = '', name = '' }) => ({ group, kind, namespace, name }))
    .filter((resource) => matchesFilters(resource, filters));
  if (matches.length > 0) return matches;
  const selection = (options.resource ?? []).join(', ');
  throw new HawserError('not-found', `No matching app resources found for resource filter: ${selection}`, {
    hint: `hawser app resources ${application.metadata.name}`,
    reason: { kind: 'no-match' },
  });
}

async function resourcesByLabel({ target, options }: SyncSubject, context: Context): Promise<ResourceFilter[]> {
  const { client } = await context.connect();
  const labels = pairs(options.label ?? [], 'labels');
  const { manifests } = await client.call(getManifests, target);
  const objects = (manifests ?? []).map((text): unknown => JSON.parse(text));
  context.policy.wording.narrate(`The name of the app is  ${target.name}\n`, context);
  const matches = objects.filter((object) => {
    const own = objectAt(object, 'metadata', 'labels');
    return Object.entries(labels).some(([name, value]) => own[name] === value);
  });
  if (matches.length === 0) {
    throw new HawserError('not-found', `No matching resources found for labels: [${(options.label ?? []).join(' ')}]`, {
      reason: { kind: 'no-match' },
    });
  }
  return matches.map((object) => ({
    excludes: false,
    group: groupOf(textAt(object, 'apiVersion')),
    kind: textAt(object, 'kind'),
    namespace: '',
    name: textAt(object, 'metadata', 'name'),
  }));
}

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');
