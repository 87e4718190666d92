// One resource as Git wants it and as the cluster has it: what separates them, and what is said of it.

import { type Comparison, compareStates } from '../engine/diff/compare.ts';
import type { ResourcePair } from '../engine/resource/match.ts';
import { ownerApplication } from '../engine/resource/tracking.ts';
import { isSkipped, waveOf } from '../engine/sync/hooks.ts';
import { hasOption, isOn } from '../engine/sync/options.ts';
import type { Application, Health, ResourceStatus } from '../model/application.ts';
import { type KubeObject, versionOf } from '../objects/object.ts';
import type { ComparisonRules } from './comparison-rules.ts';
import type { ControllerPorts, Destination } from './ports.ts';

export interface ComparedResource extends ResourcePair {
  readonly comparison: Comparison;
  readonly status: ResourceStatus;
  readonly health: Health | undefined;
}

interface PairContext {
  readonly app: Application;
  /** What the tracking annotation calls it. */
  readonly instance: string;
  readonly destination: Destination;
  readonly rules: ComparisonRules;
}

export async function comparePair(
  ports: ControllerPorts,
  { app, instance, destination, rules }: PairContext,
  pair: ResourcePair,
): Promise<ComparedResource> {
  const live = await inVersionOf(pair, destination);
  const options = app.spec.syncPolicy?.syncOptions ?? [];
  const serverSide = isOn(options, pair.target, 'ServerSideApply') && !isOn(options, pair.target, 'Replace');
  const comparison = await compareStates(pair.target, live, { ...rules, serverSide });
  if (pair.live) await ports.assessHealth([pair.live]);
  const health = pair.live ? ports.healthOf(pair.live) : { status: 'Missing' };
  return {
    ...pair,
    live,
    comparison,
    health,
    status: resourceStatus({ app, instance }, { ...pair, live }, comparison, health),
  };
}

/** The live object in the version that Git writes; the live state knows the preferred one. */
async function inVersionOf(
  { target, live, key }: ResourcePair,
  { cluster }: Destination,
): Promise<KubeObject | undefined> {
  if (!target || !live || target.apiVersion === live.apiVersion) return live;
  const version = versionOf(target.apiVersion);
  const served = await cluster.type(key.group, key.kind, version);
  return served ? ((await cluster.get({ ...key, version })) ?? live) : live;
}

function resourceStatus(
  { app, instance }: Pick<PairContext, 'app' | 'instance'>,
  { key, target, live }: ResourcePair,
  comparison: Comparison,
  health: Health | undefined,
): ResourceStatus {
  const object = target ?? live;
  const owner = live ? ownerApplication(live) : undefined;
  const isOwn = live !== undefined && owner === instance;
  const different = comparison.modified || !target || !live;
  const hasStatus = target ? !isSkipped(target) : isOwn;
  const options = app.spec.syncPolicy?.syncOptions ?? [];
  const asksFirst = ['Delete=confirm', 'Prune=confirm'].some((option) =>
    [target, live].some((side) => hasOption(options, side, option)),
  );
  return {
    ...(key.group ? { group: key.group } : {}),
    version: object ? versionOf(object.apiVersion) : '',
    kind: key.kind,
    ...(key.namespace ? { namespace: key.namespace } : {}),
    ...(key.name ? { name: key.name } : {}),
    ...(hasStatus ? { status: different ? 'OutOfSync' : 'Synced' } : {}),
    ...(health ? { health } : {}),
    ...(target && waveOf(target) !== 0 ? { syncWave: waveOf(target) } : {}),
    ...(!target && isOwn ? { requiresPruning: true } : {}),
    ...(asksFirst ? { requiresDeletionConfirmation: true } : {}),
  };
}
