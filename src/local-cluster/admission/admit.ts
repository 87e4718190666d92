// What may be refused or filled in before an object is stored.

import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { forbidden, notFound } from '../status.ts';

const NAMESPACES = { group: '', plural: 'namespaces', kind: 'Namespace' } as const;

/** A new object as it may be stored; throws when it may not. */
export function admitNew(api: Api, kind: Kind, object: KubeObject): KubeObject {
  if (kind.namespaced) checkNamespace(api, kind, object);
  return object;
}

function checkNamespace(api: Api, kind: Kind, object: KubeObject): void {
  const name = object.metadata.namespace ?? '';
  const namespace = api.store.get('/namespaces', '', name);
  if (!namespace) throw notFound(NAMESPACES, name);
  if (namespace.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${name} because it is being terminated`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${name} is being terminated`,
    field: 'metadata.namespace',
  };
  throw forbidden(kind, object.metadata.name ?? '', { why, causes: [cause] });
}
