// A binding gives a Pod its node, as a scheduler does.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import { checkNamespace } from '../admission/admit.ts';
import { withTopology } from '../admission/topology.ts';
import { partByWebhooks, withWebhooks } from '../admission/webhooks.ts';
import type { Api, ResourceRequest, WriteSettings } from '../api.ts';
import { checkMediaType, readBody } from '../body.ts';
import { checkAddress, isTerminating } from '../object-meta.ts';
import { withTrueCondition } from '../pod-parts.ts';
import type { KubeResponse } from '../request.ts';
import { success } from '../response.ts';
import { unlike } from '../seen.ts';
import {
  type ApiError,
  badRequest,
  causesLine,
  conflict,
  internalError,
  noSuchResource,
  required,
  unsupported,
} from '../status.ts';
import { warned } from './answer.ts';
import { inNamespace } from './create.ts';
import { readPart } from './incoming.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

const BINDING = { group: '', version: 'v1', kind: 'Binding' } as const;

/** A Binding that is posted among the Bindings of a namespace names its Pod itself. */
export async function createBinding(call: ResourceRequest): Promise<KubeResponse> {
  const { api, path } = call;
  const kind = api.kinds.find('', 'v1', 'pods');
  if (!kind) throw noSuchResource();
  checkMediaType(call.request);
  const name = nameOfBinding(call);
  checkNamespace(api.store, call.kind, { ...path, name });
  return bindPod({ ...call, kind, path: { ...path, plural: 'pods', name, subresource: 'binding' } });
}

/** What cannot be read is refused later. */
function nameOfBinding({ request }: ResourceRequest): string {
  try {
    return textAt(readBody(request), 'metadata', 'name');
  } catch {
    return '';
  }
}

export const bindPod = (call: ResourceRequest): Promise<KubeResponse> =>
  withWebhooks(call.api, (api) => bindNow({ ...call, api }));

async function bindNow(call: ResourceRequest): Promise<KubeResponse> {
  const settings = { ...writeSettings(call, 'CreateOptions'), subresource: 'binding' };
  const { object, warnings } = readPart(call, BINDING, settings);
  await warned(call, warnings, () => bindAs(call, object, settings));
  return success(warnings);
}

async function bindAs(call: ResourceRequest, object: KubeObject, settings: WriteSettings): Promise<void> {
  checkAddress({ ...call.path, name: '' }, object);
  checkNamespace(call.api.store, call.kind, call.path);
  const binding = partByWebhooks(call, { told: BINDING, object: inNamespace(object, call.path.namespace), settings });
  const { name = '' } = binding.metadata;
  if (name !== call.path.name) throw badRequest('name in URL does not match name in Binding object');
  const node = targetOf(binding);
  const pod = storedObject(call);
  if (isTerminating(pod)) throw conflicting(call, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (listAt(pod, 'spec', 'schedulingGates').length > 0)
    throw conflicting(call, `pod ${name} has non-empty .spec.schedulingGates`);
  checkSame(call, pod, binding);
  const before = textAt(pod, 'spec', 'nodeName');
  if (before !== '') throw conflicting(call, `pod ${name} is already assigned to node "${before}"`);
  const metadata = { ...pod.metadata, ...added('labels', pod, binding), ...added('annotations', pod, binding) };
  const after: KubeObject = { ...pod, metadata, spec: { ...objectAt(pod, 'spec'), nodeName: node } };
  const placed = withTopology(call.api.store, after);
  await storeBound(call.api, placed, settings.dryRun);
}

/** Nobody owns what a binding says, and the node is not looked for. */
async function storeBound({ clock, store }: Api, pod: KubeObject, dryRun: boolean): Promise<void> {
  if (dryRun) return;
  const object = withTrueCondition(pod, timestamp(clock.now()), { type: 'PodScheduled' });
  const { namespace = '', name = '' } = pod.metadata;
  await store.commit({ resource: '/pods', namespace, name, object });
}

/** The name of the node; what is wrong with it is told as a fault of the server. */
function targetOf(binding: KubeObject): string {
  const node = textAt(binding, 'target', 'name');
  const kind = textAt(binding, 'target', 'kind');
  const causes = [
    ...(['', 'Node'].includes(kind) ? [] : [unsupported('target.kind', kind, ['Node', '<empty>'])]),
    ...(node === '' ? [required('target.name')] : []),
  ];
  if (causes.length === 0) return node;
  throw internalError(causesLine(causes));
}

/** A binding of another Pod than the one that is there, or of an earlier state of it. */
function checkSame({ kind }: ResourceRequest, pod: KubeObject, { metadata }: KubeObject): void {
  const { uid = '', resourceVersion = '' } = metadata;
  if (uid !== '' && uid !== pod.metadata.uid)
    throw unlike(kind, pod, { what: 'UID', asked: uid, found: pod.metadata.uid });
  const found = pod.metadata.resourceVersion;
  if (resourceVersion !== '' && resourceVersion !== found)
    throw unlike(kind, pod, { what: 'ResourceVersion', asked: resourceVersion, found });
}

/** What a binding says of its Pod is added to what the Pod says. */
const added = (field: 'labels' | 'annotations', pod: KubeObject, binding: KubeObject): object =>
  binding.metadata[field] === undefined ? {} : { [field]: { ...pod.metadata[field], ...binding.metadata[field] } };

const conflicting = ({ kind, path }: ResourceRequest, why: string): ApiError =>
  conflict({ ...kind, plural: 'pods/binding' }, path.name, why);
