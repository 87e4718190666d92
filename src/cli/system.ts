// The door to the embedded system, the only file of the command line that imports it. Nothing of it is loaded before a
// command speaks to the local context.

import type { Clock } from '../core/time.ts';
import type { SystemOptions } from '../server/compose/components.ts';
import { openSystem } from '../server/compose/local-system.ts';
import { createDoor, ownForever } from '../server/door/door.ts';
import type { DoorOptions } from '../server/door/own.ts';
import type { Port } from '../server/http/port.ts';
import type { Inspector } from './checks/inspector.ts';
import { dataFolder } from './config/data-folder.ts';
import type {
  CoreChoice,
  Forward,
  ForwardOptions,
  Jq,
  Kubeconfig,
  KubeconfigOptions,
  LocalSystem,
  OwnedSystem,
  Owning,
  Reset,
} from './context.ts';
import type { Environment } from './io/colour.ts';
import type { LocalRendering, Offline, RenderedObject } from './offline/offline.ts';
import type { PlanSync } from './offline/planner.ts';
import type { SettingsTools } from './offline/settings-tools.ts';

export interface SystemContext {
  readonly dataDir?: string;
  readonly env: Environment;
  readonly clock: Clock;
  readonly version: string;
  readonly say: (line: string) => void;
  /** Fires when the process is asked to end. */
  readonly signal: AbortSignal;
}

/** How long running requests have when the server is asked to end. */
const DRAIN_MS = 5000;

const NEVER = new AbortController().signal;

/** Connects to the owner of the data folder, or becomes it, when the first request is made. */
export async function openLocalSystem(context: SystemContext): Promise<LocalSystem> {
  const door = createDoor(doorOptions(context));
  return {
    transport: { dispatch: (request) => door.dispatch(request) },
    warnings: [],
    close: (options) => door.close(options),
  };
}

/** Works on the objects of a cluster whose controllers are its own. */
export async function openCoreSystem(context: SystemContext, choice: CoreChoice): Promise<LocalSystem> {
  const { openCore } = await import('../server/compose/core.ts');
  const core = await openCore(systemOptions(context), choice);
  return { transport: { dispatch: core.dispatch }, warnings: [], close: async () => core.close() };
}

/** A port of this machine behind which a server in the cluster of the kubeconfig is. */
export async function openForward(context: SystemContext, options: ForwardOptions): Promise<Forward> {
  const { forwardServer } = await import('../server/compose/forward.ts');
  return forwardServer(systemOptions(context), options);
}

/** Owns the data folder until it is closed: what `hawser server` does. */
export async function ownSystem(context: SystemContext & Owning): Promise<OwnedSystem> {
  const owned = await ownForever(doorOptions(context));
  const { system } = owned;
  let working: Promise<void> | undefined;
  const ports: Port[] = [];
  return {
    listen: async (address, options) => {
      const { loadServerFiles } = await import('../server/compose/server-files.ts');
      await loadServerFiles();
      const { serveSystem } = await import('../server/http/serve-system.ts');
      const port = await serveSystem(system, { address, ...options, log: context.say });
      ports.push(port);
      const host = address.host.includes(':') ? `[${address.host}]` : address.host;
      system.listensOn(`${options.insecure ? 'http' : 'https'}://${host}:${port.port}`);
      return { port: port.port };
    },
    listenKubernetes: (address) => system.kubernetes.listen(address),
    work: () => {
      working ??= system.run();
      return working;
    },
    close: async () => {
      await working?.catch(() => undefined);
      await Promise.all(ports.map((port) => port.close(DRAIN_MS)));
      await owned.close({ settle: false, signal: NEVER });
    },
  };
}

/** Empties the data folder. */
export async function resetSystem(context: SystemContext): Promise<Reset> {
  const { dataDir, env, clock, signal } = context;
  const folder = dataFolder(dataDir, env);
  const { resetFolder } = await import('../server/compose/reset.ts');
  return { folder, left: await resetFolder({ folder, clock, signal }) };
}

/** Renders folders here by the repo server of this program; no cluster and no server is asked. */
export async function renderFolders(
  context: SystemContext,
  rendering: LocalRendering,
): Promise<readonly RenderedObject[]> {
  const offline = await openOfflineSystem(context);
  try {
    return await offline.render(rendering);
  } finally {
    await offline.close();
  }
}

/** The repo server of this program, without a cluster, a server or the lock of the data folder. */
export async function openOfflineSystem({
  dataDir,
  env,
  clock,
}: Omit<SystemContext, 'version' | 'say' | 'signal'>): Promise<Offline> {
  const { openOffline } = await import('../server/compose/offline.ts');
  return openOffline({ folder: dataFolder(dataDir, env), environment: { ...env }, clock });
}

/** jq, for what a command prints. */
export async function openJq(): Promise<Jq> {
  const { createFilter } = await import('../server/compose/jq-filter.ts');
  return createFilter();
}

/** The clusters of the kubeconfig that kubectl would read. */
export async function openKubeconfig(
  { env, clock }: Pick<SystemContext, 'env' | 'clock'>,
  options: KubeconfigOptions,
): Promise<Kubeconfig> {
  const { openKubeconfig: open } = await import('../server/compose/target-clusters.ts');
  return open({ environment: { ...env }, clock, ...options });
}

/** Looks at the data folder and the programs of this machine, and opens nothing. */
export async function inspectSystem({ dataDir, env, clock }: SystemContext): Promise<Inspector> {
  const { createInspector } = await import('../server/compose/inspector.ts');
  return createInspector(dataFolder(dataDir, env), { ...env }, clock);
}
/** What a sync would do, from what a server tells. */
export const planSync: PlanSync = async (planning) => {
  const { planFor } = await import('../server/compose/planner.ts');
  return planFor(planning);
};

/** Judges settings from files, or in the cluster of a kubeconfig. */
export async function openSettingsTools({ env, clock }: Pick<SystemContext, 'env' | 'clock'>): Promise<SettingsTools> {
  const { createSettingsJudge } = await import('../server/compose/settings-tools.ts');
  return createSettingsJudge({ environment: { ...env }, clock });
}

function doorOptions({ reach, ...context }: SystemContext & Owning): DoorOptions {
  const system = { ...systemOptions(context), ...(reach ? { reach } : {}) };
  const { folder, clock } = system;
  const { say, signal } = context;
  return { folder, clock, say, signal, open: () => openSystem(system) };
}

function systemOptions({ dataDir, env, clock, version, say }: SystemContext): SystemOptions {
  const folder = dataFolder(dataDir, env);
  return { folder, environment: { ...env }, clock, random: Math.random, version, log: say };
}
