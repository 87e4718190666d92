import { numberAt, objectAt, textAt } from '../../core/json.ts';
import { labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { NODE } from './node.ts';
import { isActive, isReady } from './pod.ts';
import { adopt, ownedBy, ownerOfKind, type Reconciler } from './reconciler.ts';
import { createPod, REFUSED_RETRY_MS, refusalOf, templateHash } from './template.ts';

const SETS = 'apps/daemonsets';
const HASH = 'controller-revision-hash';

/** One Pod on the one node, if the node is wanted. */
export function daemonSets(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: SETS,
    watches: { '/pods': ownerOfKind('DaemonSet') },
    reconcile: async (client, set) => {
      if (isTerminating(set)) return undefined;
      await adopt(client, '/pods', set);
      const revision = templateHash(objectAt(set, 'spec', 'template'));
      const node = objectAt(client.get('/nodes', '', NODE), 'metadata', 'labels');
      const selector = Object.entries(objectAt(set, 'spec', 'template', 'spec', 'nodeSelector'));
      const desired = selector.every(([key, value]) => node[key] === value) ? 1 : 0;
      const pods = ownedBy(client, '/pods', set).filter(isActive);
      const current = pods.filter((pod) => labelsOf(pod)[HASH] === revision);
      const old = pods.filter((pod) => labelsOf(pod)[HASH] !== revision);
      const replaces = textAt(set, 'spec', 'updateStrategy', 'type') !== 'OnDelete';
      const surplus = desired === 0 ? pods : replaces ? old : [];
      await Promise.all(surplus.map((pod) => client.remove('/pods', pod)));
      let again: number | undefined;
      if (desired > 0 && pods.length === surplus.length) {
        await createPod(client, set, { labels: { [HASH]: revision } }).catch((thrown: unknown) => {
          if (refusalOf(thrown) === undefined) throw thrown;
          again = client.now() + REFUSED_RETRY_MS;
        });
      }
      const ready = pods.filter((pod) => isReady(pod) && !surplus.includes(pod)).length;
      await client.updateStatus(SETS, set, {
        currentNumberScheduled: Math.min(1, pods.length),
        numberMisscheduled: 0,
        desiredNumberScheduled: desired,
        numberReady: ready,
        observedGeneration: set.metadata.generation ?? 1,
        ...(current.length > 0 ? { updatedNumberScheduled: current.length } : {}),
        ...(ready > 0 ? { numberAvailable: ready } : {}),
        ...(desired > ready ? { numberUnavailable: desired - ready } : {}),
        ...(numberAt(set, 'status', 'collisionCount') === undefined ? {} : { collisionCount: 0 }),
      });
      return again;
    },
  };
}
