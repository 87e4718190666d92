// Joins the system over a local cluster: cluster, repo server, controller and API server, in one process.

import { join } from 'node:path';
import { createController } from '../controller/controller.ts';
import { createKubeCluster } from '../kubernetes/cluster.ts';
import { openLocalCluster } from '../local-cluster/open.ts';
import { type Answer, createAdmission, createDispatcher, type Head, type Request } from './dispatch.ts';
import { createKubernetesPort, type KubernetesPort } from './kubernetes-port.ts';
import { createRepositoryWatch } from './repository-watch.ts';
import { createRest } from './rest.ts';
import { localRoutes } from './routes/local.ts';
import type { Api } from './serve.ts';
import { type Certificate, serverCertificate } from './setup/certificate.ts';
import { install } from './setup/install.ts';
import { createParts, type Surroundings } from './start/parts.ts';

export interface System {
  /** For whoever reached the process by its own memory or its socket: trusted as admin. */
  readonly trusted: (request: Request) => Promise<Answer>;
  /** For whoever comes by a port: a session is needed. */
  readonly guarded: Api;
  /** The port of the local cluster's Kubernetes API. */
  readonly kubernetes: KubernetesPort;
  /** Sets the controllers to work. */
  run(): Promise<void>;
  /** Resolves when everything that the calls caused has ended. */
  settle(): Promise<void>;
  close(): Promise<void>;
  /** For TLS on a port of the API. */
  certificate(): Promise<Certificate>;
  readonly warnings: readonly string[];
}

const NAMESPACE = 'argocd';

export async function openSystem(surroundings: Surroundings): Promise<System> {
  const { folder, clock, random, log } = surroundings;
  const local = await openLocalCluster({ folder: join(folder, 'cluster'), clock, random });
  const home = createKubeCluster(local.handle, { userAgent: 'argocd-controller' });
  await install(home, NAMESPACE);
  const { live, repo, controllerPorts, sessions, subscribe, routes } = createParts(home, NAMESPACE, surroundings);
  const controller = createController(controllerPorts);
  const repositoryWatch = createRepositoryWatch({
    watch: (url, changed, signal) => repo.watchLocal(url, changed, signal),
    pushed: (name) => controller.pushed(name),
  });
  subscribe(({ before, after }) => {
    controller.changed(before, after);
    repositoryWatch.changed(before, after);
  });

  let running: Promise<void> | undefined;
  const run = (): Promise<void> => {
    running ??= (async () => {
      local.start();
      await controller.start();
      repositoryWatch.start(live.objects());
    })();
    return running;
  };
  const rest = createRest({
    home,
    namespace: NAMESPACE,
    clock,
    run,
    isRunning: () => running !== undefined,
    controller,
    subscribe,
  });
  const touched = new Set<string>();
  const api = routes({
    run,
    touch: (name) => touched.add(name),
    catchUp: rest.catchUp,
    failureOf: controller.failureOf,
  });
  const kubernetes = createKubernetesPort({
    home,
    clock,
    run,
    listener: async (token) => {
      const { createKubeListener } = await import('../local-cluster/listen.ts');
      return createKubeListener(local.handle, { token });
    },
  });
  const guarded = { routes: api, authenticate: (head: Head) => sessions.authenticate(head) };
  const trustedRoutes = [...api, ...localRoutes(kubernetes, () => sessions.initialPassword())];
  return {
    trusted: createDispatcher({
      routes: trustedRoutes,
      authenticate: async () => ({ username: 'admin', issuer: 'argocd' }),
    }),
    guarded: { dispatch: createDispatcher(guarded), admit: createAdmission(guarded) },
    kubernetes,
    run,
    settle: async () => {
      const settled = await Promise.all(
        [...touched].map(async (name) => ({ name, rest: await controller.settled(name) })),
      );
      for (const { name, rest } of settled) {
        if (rest) log(`'${name}' is not done: ${rest}\n  without a hawser server it goes on with the next command`);
      }
    },
    close: async () => {
      await kubernetes.close();
      repositoryWatch.stop();
      await controller.stop();
      live.stop();
      await local.close();
    },
    certificate: async () => {
      await sessions.initialPassword();
      return serverCertificate(home, { namespace: NAMESPACE, name: 'argocd-secret' }, clock.now());
    },
    warnings: local.warnings,
  };
}
