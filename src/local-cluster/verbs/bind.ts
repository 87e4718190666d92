// A binding gives a Pod its node, as a scheduler does.

import { objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { readBody } from '../body.ts';
import { updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { jsonResponse } from '../response.ts';
import { conflict, invalid, required } from '../status.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

const BINDING = { group: '', kind: 'Binding' } as const;

export async function bindPod(call: ResourceRequest): Promise<KubeResponse> {
  const settings = writeSettings(call, 'CreateOptions');
  const body = readBody(call.request);
  const node = textAt(body, 'target', 'name');
  if (node === '') throw invalid(BINDING, textAt(body, 'metadata', 'name'), [required('target.name')]);
  const pod = storedObject(call);
  const before = textAt(pod, 'spec', 'nodeName');
  const name = pod.metadata.name ?? '';
  if (before !== '')
    throw conflict(
      { ...call.kind, plural: 'pods/binding' },
      name,
      `pod ${name} is already assigned to node "${before}"`,
    );
  const after: KubeObject = { ...pod, spec: { ...objectAt(pod, 'spec'), nodeName: node } };
  await updateInStore(call.api, call.kind, { before: pod, after, settings: { ...settings, subresource: 'binding' } });
  return jsonResponse({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}
