// APIServices: available when the Service behind them has somebody who answers.

import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { condition, type Wanted } from './conditions.ts';
import { type Controller, isGoing, placeOf, type World } from './world.ts';

const API_SERVICES = 'apiregistration.k8s.io/apiservices';

export function apiServices(): Controller {
  return {
    name: 'kube-aggregator',
    storage: API_SERVICES,
    alsoWatches: { '/services': servedBy, '/endpoints': servedBy },
    reconcile: async (world, object) => {
      if (isGoing(object)) return undefined;
      const conditions = [condition(world, object, { type: 'Available', ...availability(world, object) })];
      await world.report(API_SERVICES, object, { conditions });
      return undefined;
    },
  };
}

/** A Service and its Endpoints have one name. */
function servedBy(object: KubeObject, world: World): readonly string[] {
  return world
    .list(API_SERVICES)
    .filter((api) => serviceOf(api) === placeOf(object))
    .map(placeOf);
}

function serviceOf(api: KubeObject): string | undefined {
  const name = textAt(api, 'spec', 'service', 'name');
  return name === '' ? undefined : `${textAt(api, 'spec', 'service', 'namespace')}/${name}`;
}

function availability(world: World, api: KubeObject): Omit<Wanted, 'type'> {
  if (serviceOf(api) === undefined) {
    return { status: 'True', reason: 'Local', message: 'Local APIServices are always available' };
  }
  const name = textAt(api, 'spec', 'service', 'name');
  const namespace = textAt(api, 'spec', 'service', 'namespace');
  const what = `service/${name} in "${namespace}"`;
  if (!world.get('/services', namespace, name)) {
    return { status: 'False', reason: 'ServiceNotFound', message: `${what} is not present` };
  }
  const subsets = listAt(world.get('/endpoints', namespace, name), 'subsets');
  if (!subsets.some((subset) => listAt(subset, 'addresses').length > 0)) {
    return { status: 'False', reason: 'MissingEndpoints', message: `endpoints for ${what} have no addresses` };
  }
  return { status: 'True', reason: 'Passed', message: 'all checks passed' };
}
