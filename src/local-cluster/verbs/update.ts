import { answerJson, shown } from '../answer.ts';
import type { Call } from '../api.ts';
import { readBody } from '../body.ts';
import { asObject, checkAddress } from '../object-meta.ts';
import type { KubeResponse } from '../request.ts';
import { storeChanged, storeNew } from '../writing.ts';
import { inNamespace } from './create.ts';
import { found } from './read.ts';
import { writeSettings } from './settings.ts';

/** Kinds that a PUT creates when they are not there. */
const CREATED_BY_PUT: ReadonlySet<string> = new Set([
  'rbac.authorization.k8s.io/roles',
  'rbac.authorization.k8s.io/rolebindings',
  'rbac.authorization.k8s.io/clusterroles',
  'rbac.authorization.k8s.io/clusterrolebindings',
  'coordination.k8s.io/leases',
  '/endpoints',
  '/services',
  '/events',
  '/limitranges',
]);

export async function updateObject(call: Call): Promise<KubeResponse> {
  const { api, kind, path } = call;
  const settings = writeSettings(call, 'UpdateOptions');
  const given = asObject(kind, readBody(call.request));
  checkAddress(path, given);
  const after = inNamespace(given, path.namespace);
  if (CREATED_BY_PUT.has(kind.storage) && !api.store.get(kind.storage, path.namespace, path.name)) {
    return answerJson(shown(kind, await storeNew(api, kind, after, settings)), 201);
  }
  const before = found(call);
  return answerJson(shown(kind, await storeChanged(api, kind, { before, after, settings })));
}
