// Reaching an Argo CD server that only the cluster around it can reach.

import { HawserError } from '../../core/errors.ts';
import { listAt, textAt } from '../../core/json.ts';
import { createKubeCluster } from '../../kubernetes/cluster.ts';
import { createHttpTransport } from '../../kubernetes/http.ts';
import { forwardPort, type PortForward } from '../../kubernetes/port-forward.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { SystemOptions } from './components.ts';
import { findCluster } from './kubeconfig-files.ts';

declare module '../../core/errors.ts' {
  interface Reasons {
    'no-ready-pod': { readonly selector: string };
  }
}

export interface ForwardTarget {
  readonly kubeContext?: string;
  /** The namespace of the kubeconfig's context when absent, `argocd` when that names none. */
  readonly namespace?: string;
  /** The label `app.kubernetes.io/name` of its Pods. */
  readonly name: string;
}

const PORT = 8080;
const PODS = { group: '', version: 'v1', kind: 'Pod' } as const;

/** Throws `not-found` when no Pod of the server is ready. */
export async function forwardServer(
  options: Pick<SystemOptions, 'environment' | 'clock' | 'log'>,
  target: ForwardTarget,
): Promise<PortForward> {
  const { endpoint, namespace: own } = await findCluster(options, target.kubeContext);
  const namespace = target.namespace ?? (own || 'argocd');
  const http = createHttpTransport(endpoint);
  const labelSelector = `app.kubernetes.io/name=${target.name}`;
  const { items } = await createKubeCluster(http.transport)
    .list(PODS, { namespace, labelSelector })
    .finally(() => http.close());
  const pod = items.find(isReady)?.metadata.name;
  if (pod === undefined) {
    throw new HawserError('not-found', `no ready Pod with ${labelSelector} in namespace '${namespace}'`, {
      hint: 'name them: --port-forward-namespace NAMESPACE, --server-name NAME, --kube-context NAME',
      reason: { kind: 'no-ready-pod', selector: labelSelector },
    });
  }
  return forwardPort(endpoint, { namespace, pod, port: PORT }, (message) => options.log(`warning: ${message}`));
}

function isReady(pod: KubeObject): boolean {
  const ready = listAt(pod, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  return textAt(ready ?? {}, 'status') === 'True' && pod.metadata.deletionTimestamp === undefined;
}
