// Joins the system over a local cluster: cluster, repo server, controller and API server, in one process.

import { join } from 'node:path';
import type { LocalStatus } from '../../api/local-cluster.ts';
import { type Controller, createController } from '../../controller/controller.ts';
import { textAt } from '../../core/json.ts';
import { createKubeCluster } from '../../kubernetes/cluster.ts';
import { type LocalCluster, openLocalCluster } from '../../local-cluster/open.ts';
import {
  APPLICATION_TYPE,
  type ApplicationKey,
  applicationKey,
  parseApplicationKey,
} from '../../model/application-key.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Audit } from '../audit/audit.ts';
import { ACCOUNTS, type Caller, policyEnforcer } from '../auth/enforcer.ts';
import { secretCertificates } from '../http/certificate.ts';
import { createApi } from '../http/dispatch.ts';
import { createKubernetesPort, type KubernetesListener, type KubernetesPort } from '../http/kubernetes-port.ts';
import type { ObjectChange } from '../ports.ts';
import { healthRoute } from '../routes/health.ts';
import { localRoutes } from '../routes/local.ts';
import type { System } from '../system.ts';
import { openAudit } from './audit.ts';
import { authorizerOver } from './authorizer.ts';
import type { Clusters } from './clusters.ts';
import { type Components, createComponents, type SystemOptions } from './components.ts';
import { createIdleControllers } from './idle-controllers.ts';
import { install } from './install.ts';
import type { LocalStatusOptions } from './local-status.ts';
import { createRepositoryWatch } from './repository-watch.ts';
import { openWayOut } from './way-out.ts';

const NAMESPACE = 'argocd';

/** The changes of the system's own cluster. */
const ofHome =
  ({ subscribe, home }: Clusters) =>
  (listener: (change: ObjectChange) => void): (() => void) =>
    subscribe((change) => {
      if (change.server === home.server) listener(change);
    });

/** A caller who can use the data folder could read every password in it. */
const LOCAL_ADMIN: Caller = { username: 'admin', issuer: ACCOUNTS, groups: [], isLocal: true };

export async function openSystem(options: SystemOptions): Promise<System> {
  const { folder, clock, random, log } = options;
  const local = await openLocalCluster({ folder: join(folder, 'cluster'), clock, random });
  const home = createKubeCluster(local.handle, { userAgent: 'argocd-controller' });
  await install(home, NAMESPACE);
  const wayOut = await openWayOut(options.environment, options.reach);
  const audit = openAudit(options, { home, namespace: NAMESPACE });
  const components = createComponents(home, NAMESPACE, { ...options, wayOut, audit });
  const { clusters, live, repo, controllerPorts, settings, sessions, routes } = components;
  await clusters.load();
  const controller = createController(controllerPorts);
  const repositoryWatch = createRepositoryWatch({
    watch: async (url, changed, signal) => (wayOut.mayWatch ? repo.watchLocal(url, changed, signal) : undefined),
    pushed: (key) => controller.pushed(key),
  });
  clusters.subscribe((change) => controller.changed(change));
  ofHome(clusters)(({ before, after }) => {
    repositoryWatch.changed(before, after);
    audit.controllerDid({ before, after });
  });
  lookAgainAt(components, controller);

  const { run, isRunning } = once(async () => {
    local.start();
    await controller.start();
    repositoryWatch.start(live.ofKind(APPLICATION_TYPE));
  });
  const { subscribe } = clusters;
  const idle = createIdleControllers({ home, namespace: NAMESPACE, clock, run, isRunning, controller, subscribe });
  const touched = new Set<ApplicationKey>();
  const api = routes({
    run,
    touch: (key) => touched.add(key),
    catchUp: idle.catchUp,
    failureOf: controller.failureOf,
  });
  const kubernetes = createKubernetesPort({ home, clock, log, listener: listenerOf(local, audit) });
  const enforcer = policyEnforcer(settings.access, settings.inheritsResourceRights);
  const authorizer = authorizerOver({ enforcer, home, namespace: NAMESPACE });
  const addresses: string[] = [];
  const status = statusOf({ ...options, local, since: clock.now(), api: addresses }, kubernetes);
  const password = (): Promise<string | undefined> => sessions.initialPassword();
  const ownerRoutes = localRoutes({ kubernetes, run, cluster: local, password, status });
  const asked = { authorizer, audit };
  return {
    trusted: createApi({ ...asked, routes: [...api, ...ownerRoutes], authenticate: async () => LOCAL_ADMIN }),
    guarded: createApi({ ...asked, routes: [...api, healthRoute], authenticate: sessions.authenticate }),
    kubernetes,
    run,
    settle: () => settle(controller, touched, log),
    close: async () => {
      await kubernetes.close();
      repositoryWatch.stop();
      await controller.stop();
      clusters.close();
      wayOut.close();
      await audit.close();
      await local.close();
    },
    prepare: async () => {
      await sessions.initialPassword();
    },
    certificates: secretCertificates({ home, namespace: NAMESPACE, clock, log, subscribe: ofHome(clusters) }),
    addresses: settings.addresses,
    listensOn: (url) => addresses.push(url),
    warnings: local.warnings,
  };
}

/** What could not be compared, or was deployed elsewhere by the same name, is looked at again. */
function lookAgainAt({ clusters, live }: Components, controller: Pick<Controller, 'pushed'>): void {
  clusters.onRegistered((server) => {
    for (const object of live.ofKind(APPLICATION_TYPE))
      if (clusters.registry.serverOf(destinationOf(object)) === server)
        controller.pushed(applicationKey(object.metadata));
  });
}

function destinationOf(application: KubeObject): { readonly server?: string; readonly name?: string } {
  const [server, name] = ['server', 'name'].map((field) => textAt(application, 'spec', 'destination', field));
  return { ...(server ? { server } : {}), ...(name ? { name } : {}) };
}

function statusOf(
  options: Omit<LocalStatusOptions, 'kubernetesPort'>,
  kubernetes: KubernetesPort,
): () => Promise<LocalStatus> {
  return async () => {
    const { localStatus } = await import('./local-status.ts');
    return localStatus({ ...options, kubernetesPort: await kubernetes.port() });
  };
}

/** Answers on the Kubernetes port, for requests with the token. */
function listenerOf({ handle }: LocalCluster, { observerOf }: Audit): (token: string) => Promise<KubernetesListener> {
  return async (token) => {
    const { createKubeListener } = await import('../../local-cluster/listen.ts');
    return createKubeListener(handle, { token, observerOf });
  };
}

/** Runs at the first call; all calls wait for that one. */
function once(start: () => Promise<void>): { run(): Promise<void>; isRunning(): boolean } {
  let started: Promise<void> | undefined;
  return {
    run: () => {
      started ??= start();
      return started;
    },
    isRunning: () => started !== undefined,
  };
}

/** Waits until the controller is done with applications, and says what it could not end. */
async function settle(
  controller: Pick<Controller, 'settled'>,
  keys: Iterable<ApplicationKey>,
  log: (message: string) => void,
): Promise<void> {
  const states = await Promise.all(
    [...keys].map(async (key) => ({ ...parseApplicationKey(key), rest: await controller.settled(key) })),
  );
  for (const { name, rest } of states)
    if (rest) log(`'${name}' is not done: ${rest}\n  without a hawser server it goes on with the next command`);
}
