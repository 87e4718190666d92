// What may be refused or filled in before an object is stored.

import { type Draft, draftOf, each, within } from '../../objects/draft.ts';
import { isKubeObject, type KubeObject, type ObjectMeta } from '../../objects/object.ts';
import type { Api, WriteSettings } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { nameAskedFor } from '../object-meta.ts';
import { forbidden, invalid, notFound } from '../status.ts';
import type { Store } from '../store/store.ts';
import { nodePortCauses } from '../validation/service.ts';
import { checkRequest } from './check.ts';
import { applyIngressClass, applyPriority, applyStorageClass, checkDefaultPriority } from './default-class.ts';
import { applyLimitDefaults, checkLimits } from './limit-range.ts';
import { enforcePodSecurity } from './pod-security.ts';
import { checkQuotas } from './quota.ts';
import { checkGroups } from './requested-groups.ts';
import { checkResize } from './resize.ts';
import { applyRuntimeClass, checkOverhead } from './runtime-class.ts';
import { applyTopology } from './topology.ts';
import { checkGrowth } from './volume-size.ts';

const NAMESPACES = { group: '', plural: 'namespaces', kind: 'Namespace' } as const;

/** A new object as it may be stored; throws when it may not. */
export function admitNew(
  api: Api,
  kind: Kind,
  object: KubeObject,
  settings: Pick<WriteSettings, 'simulated'>,
): KubeObject {
  if (kind.namespaced) checkNamespace(api.store, kind, { ...object.metadata, name: nameAskedFor(object.metadata) });
  // The cluster's own nodes are ready when they are made.
  const edits = settings.simulated && kind.storage === '/nodes' ? undefined : EDITS[kind.storage];
  if (!edits) return object;
  const draft = draftOf(object);
  for (const edit of edits) edit(api.store, draft);
  return isKubeObject(draft) ? draft : object;
}

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

/** A new node takes no Pods until it is ready. */
function taintNode(_store: Store, node: Draft): void {
  const spec = within(node, 'spec');
  const taints = Array.isArray(spec['taints']) ? spec['taints'] : [];
  const isTainted = each(spec, 'taints').some(
    ({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect,
  );
  if (!isTainted) spec['taints'] = [...taints, { ...NOT_READY }];
}

const EDITS: Readonly<Record<string, readonly ((store: Store, object: Draft) => void)[]>> = {
  '/nodes': [taintNode],
  '/pods': [applyLimitDefaults, applyRuntimeClass, applyPriority, applyTopology],
  '/persistentvolumeclaims': [applyStorageClass],
  'networking.k8s.io/ingresses': [applyIngressClass],
};

const LIMITED: ReadonlySet<string> = new Set(['/pods', '/persistentvolumeclaims']);

/** Throws when an object that is valid has no place in its namespace: its limits, its level of security, its quotas. */
export function checkRoom(api: Api, kind: Kind, write: RoomWrite): void {
  const { object, before, settings } = write;
  const policed = { kind, operation: before ? 'UPDATE' : 'CREATE', object, before, settings } as const;
  // Of a status nothing is limited.
  if (settings.subresource === 'status') {
    checkRequest(api, policed);
    return;
  }
  // What a Pod asks for is fixed when it is made: a later change is not measured again.
  if (LIMITED.has(kind.storage) && !(kind.storage === '/pods' && before)) checkLimits(api.store, kind, object);
  if (kind.storage === '/pods' && !before) {
    checkOverhead(api.store, object);
    enforcePodSecurity(api.store, kind, object);
  }
  if (before && settings.subresource === 'resize') checkResize(api.store, object, before);
  if (kind.storage === 'certificates.k8s.io/certificatesigningrequests' && !before) checkGroups(kind, object);
  if (kind.storage === 'scheduling.k8s.io/priorityclasses') checkDefaultPriority(api.store, object);
  if (kind.storage === '/persistentvolumeclaims' && before) checkGrowth(api.store, object, before);
  if (kind.storage === '/services' && !settings.dryRun) checkNodePorts(kind, object);
  checkRequest(api, policed);
  checkQuotas(api.store, kind, write);
}

interface RoomWrite {
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
  readonly settings: WriteSettings;
}

/** A dry run gives no ports away, and does not look which. */
function checkNodePorts(kind: Kind, object: KubeObject): void {
  const causes = nodePortCauses(object);
  if (causes.length > 0) throw invalid(kind, object.metadata.name ?? '', causes);
}

/** Refuses what is new in a namespace that is not there, or ends; also a request about something that is there. */
export function checkNamespace(
  store: Store,
  kind: Kind,
  { namespace: place = '', name: subject = '' }: Pick<ObjectMeta, 'namespace' | 'name'>,
): void {
  const namespace = store.get('/namespaces', '', place);
  if (!namespace) throw notFound(NAMESPACES, place);
  if (namespace.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${place} because it is being terminated`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${place} is being terminated`,
    field: 'metadata.namespace',
  };
  throw forbidden(kind, subject, { why, causes: [cause] });
}
