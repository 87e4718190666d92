// What a request to the Kubernetes API of the system's own cluster did: kubectl, helm, a client library.

import type { KubeObject } from '../../objects/object.ts';
import { methodAction } from './actions.ts';
import type { AuditOptions, ClusterObserver, ClusterRequest, ClusterUser, ClusterWrite } from './ports.ts';
import type { EndedCall, Records } from './records.ts';
import type { Write } from './scope.ts';

/** What clients write all the time, and nobody means. */
const UNNOTED: readonly string[] = ['Event', 'Lease'];

export function observerOfRequest(
  { method, path, address }: ClusterRequest,
  { clock, ownerOf }: AuditOptions,
  later: (work: (records: Records) => Promise<void>) => void,
): ClusterObserver {
  const about = ({ name, groups }: ClusterUser, outcome: Pick<EndedCall, 'status' | 'problem'>): EndedCall => ({
    route: { method, path },
    via: 'kubernetes',
    action: methodAction(method),
    caller: { username: name, issuer: '', groups },
    address,
    sender: {},
    username: '',
    at: clock.now(),
    ...outcome,
  });
  return {
    wrote: (write) => {
      if (UNNOTED.includes(write.kind)) return;
      const call = about(write.user, { status: 200, problem: undefined });
      later(async (records) => {
        const application = await ownerOf(stateOf(write));
        records.add(call, { writes: [noted(write)], application });
      });
    },
    refused: (user, why) => {
      const call = about(user, { status: 403, problem: why });
      later(async (records) => records.add(call, { writes: [], application: undefined }));
    },
  };
}

const stateOf = ({ before, after, kind }: ClusterWrite): KubeObject =>
  after ?? before ?? { apiVersion: '', kind, metadata: {} };

function noted({ group, kind, namespace, name, before, after }: ClusterWrite): Write {
  const version = '';
  return { reference: { group, version, kind, name, ...(namespace === '' ? {} : { namespace }) }, before, after };
}
