// A binding gives a Pod its node, as a scheduler does.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ResourceRequest, WriteSettings } from '../api.ts';
import { checkAddress, isTerminating } from '../object-meta.ts';
import { updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { jsonResponse, warningHeader } from '../response.ts';
import { ApiError, badRequest, causesLine, conflict, noSuchResource, required, unsupported } from '../status.ts';
import { warned } from './answer.ts';
import { readIncoming, readPart } from './incoming.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

const BINDING = { group: '', version: 'v1', kind: 'Binding' } as const;

/** A Binding that is posted among the Bindings of a namespace names its Pod itself. */
export async function createBinding(call: ResourceRequest): Promise<KubeResponse> {
  const { api, path } = call;
  const kind = api.kinds.find('', 'v1', 'pods');
  if (!kind) throw noSuchResource();
  const { body } = readIncoming(call);
  const { name = '' } = body.metadata;
  if (name === '') throw badRequest('Name parameter required.');
  return bindPod({ ...call, kind, path: { ...path, plural: 'pods', name, subresource: 'binding' } });
}

export async function bindPod(call: ResourceRequest): Promise<KubeResponse> {
  const settings = writeSettings(call, 'CreateOptions');
  const { object: body, warnings } = readPart(call, BINDING, settings);
  return warned(call, warnings, () => bind(call, body, { settings, warnings }));
}

async function bind(
  call: ResourceRequest,
  body: KubeObject,
  { settings, warnings }: { readonly settings: WriteSettings; readonly warnings: readonly string[] },
): Promise<KubeResponse> {
  const name = textAt(body, 'metadata', 'name');
  if (name !== call.path.name) throw badRequest('name in URL does not match name in Binding object');
  checkAddress(call.path, body);
  const node = textAt(body, 'target', 'name');
  const target = textAt(body, 'target', 'kind');
  const causes = [
    ...(['', 'Node'].includes(target) ? [] : [unsupported('target.kind', target, ['Node', '<empty>'])]),
    ...(node === '' ? [required('target.name')] : []),
  ];
  if (causes.length > 0) throw new ApiError(500, '', { message: causesLine(causes) });
  const pod = storedObject(call);
  if (isTerminating(pod)) throw conflicting(call, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (listAt(pod, 'spec', 'schedulingGates').length > 0)
    throw conflicting(call, `pod ${name} has non-empty .spec.schedulingGates`);
  const before = textAt(pod, 'spec', 'nodeName');
  if (before !== '') throw conflicting(call, `pod ${name} is already assigned to node "${before}"`);
  const after: KubeObject = { ...pod, spec: { ...objectAt(pod, 'spec'), nodeName: node } };
  await updateInStore(call.api, call.kind, { before: pod, after, settings: { ...settings, subresource: 'binding' } });
  return jsonResponse(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    201,
    warningHeader(warnings),
  );
}

const conflicting = ({ kind, path }: ResourceRequest, why: string): ApiError =>
  conflict({ ...kind, plural: 'pods/binding' }, path.name, why);
