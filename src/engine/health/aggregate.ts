// The health of an application: the worst of what counts.

import type { HealthStatus } from '../../model/application.ts';
import { isApplicationKind } from '../../model/application-key.ts';
import { isHook } from '../../model/manifest.ts';
import { annotationsOf, keyText, type ObjectKey } from '../../objects/object.ts';
import type { ResourcePair } from '../resource/match.ts';
import { isSkipped } from '../sync/hooks.ts';
import type { ResourceHealth } from './check.ts';

const BEST_TO_WORST = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const;

/** The worst of the statuses; Healthy when there is none. */
export function worst(statuses: Iterable<HealthStatus>): HealthStatus {
  let index = 0;
  for (const status of statuses) index = Math.max(index, BEST_TO_WORST.indexOf(status));
  return BEST_TO_WORST[index] ?? 'Unknown';
}

export interface AssessedResource extends ResourcePair {
  /** Of the live object. */
  readonly health: ResourceHealth | undefined;
}

/** The health of an application of these resources; `self` is the application's own key, which never counts. */
export function applicationHealth(resources: readonly AssessedResource[], self?: ObjectKey): HealthStatus {
  const plain = resources.filter(({ target, live }) => {
    return !(target && isSkipped(target)) && !(live && isHook(live)) && !(!live && target && isHook(target));
  });
  if (plain.length > 0 && plain.every((resource) => resource.live === undefined)) return 'Missing';
  return worst(plain.flatMap((resource) => counted(resource, self) ?? []));
}

function counted({ key, live, health }: AssessedResource, self: ObjectKey | undefined): HealthStatus | undefined {
  if (!live || !health || health.status === 'Missing') return undefined;
  if (annotationsOf(live)['argocd.argoproj.io/ignore-healthcheck'] === 'true') return undefined;
  if (self && keyText(self) === keyText(key)) return undefined;
  return isApplicationKind(key) && health.status === 'Unknown' ? undefined : health.status;
}
