import type { ApplicationSetTarget } from '../../../api/application-sets.ts';
import { type Action, rbacName } from '../../../api/rights.ts';
import { HawserError } from '../../../core/errors.ts';
import { textAt } from '../../../core/json.ts';
import { APPLICATION_SET_TYPE } from '../../../model/application-set.ts';
import type { Cluster } from '../../../objects/cluster.ts';
import type { KubeObject } from '../../../objects/object.ts';

/** A set that is not there is told to everybody. */
export async function findSet(
  { home, namespace }: { readonly home: Cluster; readonly namespace: string },
  { name, appsetNamespace = '' }: ApplicationSetTarget,
  action: Action,
): Promise<KubeObject> {
  const isHere = appsetNamespace === '' || appsetNamespace === namespace;
  const object = isHere && name !== '' ? await home.get({ ...APPLICATION_SET_TYPE, namespace, name }) : undefined;
  if (object) return object;
  const what = action === 'get' ? 'ApplicationSet: applicationset' : 'ApplicationSets: applicationsets';
  throw new HawserError('not-found', `error getting ${what}.argoproj.io "${name}" not found`);
}

export const projectOfSet = (object: KubeObject): string =>
  textAt(object, 'spec', 'template', 'spec', 'project') || 'default';

/** A set as an object of the policy. */
export const setObject = (object: KubeObject): string =>
  rbacName({ name: object.metadata.name ?? '', project: projectOfSet(object) }, '');
