import { getKubernetesAccess, holdKubernetes, initialPassword, type KubernetesAccess } from '../../api/local.ts';
import type { KubernetesPort } from '../http/kubernetes-port.ts';
import { type Call, type Route, route } from '../http/route.ts';

/** Served to local callers, never on a port. */
export function localRoutes(kubernetes: KubernetesPort, password: () => Promise<string | undefined>): Route[] {
  return [
    route(initialPassword, async () => ({ password: await password() })),
    route(getKubernetesAccess, () => kubernetes.access()),
    route(holdKubernetes, (_input, call) => hold(kubernetes, call)),
  ];
}

async function* hold(kubernetes: KubernetesPort, { signal }: Call): AsyncGenerator<KubernetesAccess> {
  yield await kubernetes.listen({ host: '127.0.0.1', port: 0 });
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
