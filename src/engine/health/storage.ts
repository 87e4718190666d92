import { textAt } from '../../core/json.ts';
import type { HealthStatus } from '../../model/application.ts';
import type { KubeObject } from '../../objects/object.ts';
import { health, type ResourceHealth } from './check.ts';

const CLAIM_PHASES: Readonly<Record<string, HealthStatus>> = {
  Lost: 'Degraded',
  Pending: 'Progressing',
  Bound: 'Healthy',
};

export function claimHealth(object: KubeObject): ResourceHealth {
  return health(CLAIM_PHASES[textAt(object, 'status', 'phase')] ?? 'Unknown');
}
