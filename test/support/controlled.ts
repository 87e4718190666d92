// The whole system in this process, over a local cluster and a Git repository, with a clock that goes faster than the real one.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { createController } from '../../src/controller/controller.ts';
import { parse } from '../../src/core/shape.ts';
import type { Clock } from '../../src/core/time.ts';
import { createKubeCluster } from '../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../src/local-cluster/open.ts';
import type { Application } from '../../src/model/application.ts';
import { application } from '../../src/model/application.ts';
import type { ApplicationKey } from '../../src/model/application-key.ts';
import type { OperationState } from '../../src/model/operation.ts';
import type { Cluster } from '../../src/objects/cluster.ts';
import type { KubeObject } from '../../src/objects/object.ts';
import { type Enforcer, unrestricted } from '../../src/server/auth/enforcer.ts';
import { authorizerOver } from '../../src/server/compose/authorizer.ts';
import { createComponents } from '../../src/server/compose/components.ts';
import { install } from '../../src/server/compose/install.ts';
import { createApi, createDispatcher } from '../../src/server/http/dispatch.ts';
import { jsonOf } from './contract.ts';
import { createGitRepository, type GitRepository } from './git-repository.ts';

const FASTER = 20;

export interface Controlled {
  readonly cluster: Cluster;
  /** The clusters beside it, by server. */
  readonly others: ReadonlyMap<string, Cluster>;
  readonly repository: GitRepository;
  readonly clock: Clock;
  /** A call of the API; fails on a refusal. */
  ask(method: string, url: string, body?: unknown): Promise<unknown>;
  /** Makes an application 'web' of the repository's root, in the namespace `default`. */
  create(spec?: Readonly<Record<string, unknown>>): Promise<void>;
  app(): Promise<Application>;
  /** Resolves to how the operation ended. */
  sync(request?: Readonly<Record<string, unknown>>): Promise<OperationState>;
  /** Commits files and compares. */
  commit(files: Readonly<Record<string, string | null>>): Promise<void>;
  find(kind: string, name: string, namespace?: string): Promise<KubeObject | undefined>;
  /** kubectl apply of an object that Git does not know. */
  put(object: KubeObject): Promise<KubeObject>;
  /** Of 'argocd/web' when no other is named. */
  settled(key?: ApplicationKey): Promise<unknown>;
  unregister(server: string): void;
  until(what: string, holds: () => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

export interface ControlledOptions {
  /** Where Applications are worked on. */
  readonly namespaces?: readonly string[];
  /** Clusters beside the system's own, in memory: a name for each server. */
  readonly clusters?: Readonly<Record<string, string>>;
  /** Absent: the account admin may do everything. */
  readonly enforcer?: Enforcer;
}

export async function openControlled({
  namespaces,
  clusters = {},
  enforcer = unrestricted,
}: ControlledOptions = {}): Promise<Controlled> {
  const begun = Date.now();
  const clock: Clock = {
    now: () => begun + (Date.now() - begun) * FASTER,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / FASTER, signal),
  };
  const folder = await mkdtemp(join(tmpdir(), 'hawser-controlled-'));
  const repository = await createGitRepository();
  const local = await openLocalCluster({ folder: join(folder, 'cluster'), clock, random: Math.random });
  const cluster = createKubeCluster(local.handle, { userAgent: 'argocd-controller' });
  await install(cluster, 'argocd');
  const environment = { ...process.env, HOME: folder };
  const options = {
    folder,
    environment,
    clock,
    random: Math.random,
    version: '1.2.3',
    log: () => undefined,
    namespaces,
  };
  const components = createComponents(cluster, 'argocd', options);
  const controller = createController(components.controllerPorts);
  components.clusters.subscribe(controller.changed);
  const others = new Map<string, Cluster>();
  const locals = [local];
  for (const [server, name] of Object.entries(clusters)) {
    const other = await openLocalCluster({ clock, random: Math.random });
    locals.push(other);
    others.set(server, createKubeCluster(other.handle, { userAgent: 'argocd-controller' }));
    components.clusters.registry.register({ server, name, namespaces: [], cluster: createKubeCluster(other.handle) });
  }
  for (const one of locals) one.start();
  await controller.start();
  const nothing = (): Promise<void> => Promise.resolve();
  const api = createApi({
    routes: components.routes({
      run: nothing,
      touch: () => undefined,
      catchUp: nothing,
      failureOf: controller.failureOf,
    }),
    authenticate: async () => ({ username: 'admin', issuer: 'argocd', groups: [] }),
    authorizer: authorizerOver({
      enforcer,
      home: cluster,
      namespace: 'argocd',
    }),
  });
  const dispatch = createDispatcher(api);

  const ask: Controlled['ask'] = async (method, url, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await dispatch({ method, url, headers, ...(body === undefined ? {} : { body }) });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return jsonOf(answer);
  };
  const app = async (): Promise<Application> =>
    parse(application, await ask('GET', '/api/v1/applications/web'), 'application');
  const until: Controlled['until'] = async (what, holds) => {
    const end = Date.now() + 20_000;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
      await systemClock.sleep(10);
    }
  };

  return {
    cluster,
    others,
    repository,
    clock,
    ask,
    app,
    until,
    create: async (spec = {}) => {
      await ask('POST', '/api/v1/applications', {
        metadata: { name: 'web' },
        spec: {
          project: 'default',
          source: { repoURL: repository.url, path: '.', targetRevision: 'main' },
          destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
          ...spec,
        },
      });
      await controller.settled('argocd/web');
    },
    sync: async (request = {}) => {
      await ask('POST', '/api/v1/applications/web/sync', request);
      let state: OperationState | undefined;
      await until('the end of the sync', async () => {
        const seen = await app();
        state = seen.status?.operationState;
        return seen.operation === undefined && state?.finishedAt !== undefined;
      });
      if (!state) throw new Error('no operation');
      return state;
    },
    commit: async (files) => {
      await repository.commit(files);
      await ask('GET', '/api/v1/applications/web?refresh=normal');
    },
    find: async (kind, name, namespace = 'default') => {
      const type = (await cluster.types()).find((known) => known.kind === kind);
      return type && cluster.get({ ...type, name, ...(type.namespaced ? { namespace } : {}) });
    },
    put: (object) => cluster.create(object, { fieldManager: 'kubectl' }),
    settled: (key = 'argocd/web') => controller.settled(key),
    unregister: (server) => components.clusters.registry.unregister(server),
    close: async () => {
      await controller.stop();
      components.clusters.registry.close();
      for (const one of locals) await one.close();
      await Promise.all([rm(folder, { recursive: true, force: true }), repository.remove()]);
    },
  };
}

/** A hook Job as YAML. */
export function hookJob(name: string, hook: string, more = ''): string {
  return `---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: {argocd.argoproj.io/hook: ${hook}${more}}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}}
`;
}

/** A ConfigMap as YAML. */
export function configMap(name: string, options = '', data = ''): string {
  const annotations = options === '' ? '' : `, annotations: {argocd.argoproj.io/sync-options: '${options}'}`;
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${annotations}}\n${data === '' ? '' : `data: {${data}}\n`}`;
}
