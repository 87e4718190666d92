import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { health, type ResourceHealth } from './check.ts';

export function serviceHealth(object: KubeObject): ResourceHealth {
  const balanced = textAt(object, 'spec', 'type') === 'LoadBalancer';
  return health(balanced && !hasAddress(object) ? 'Progressing' : 'Healthy');
}

export function ingressHealth(object: KubeObject): ResourceHealth {
  return health(hasAddress(object) ? 'Healthy' : 'Progressing');
}

function hasAddress(object: KubeObject): boolean {
  return listAt(object, 'status', 'loadBalancer', 'ingress').length > 0;
}
