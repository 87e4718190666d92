import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unlessAborted } from '../core/abort.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Clock } from '../core/time.ts';
import type { Inspect } from './checks/inspector.ts';
import { policyFor } from './compat/policy.ts';
import type { ConfigFile } from './config/file.ts';
import { type Globals, withEnvironment } from './config/globals.ts';
import { createConnections } from './connections.ts';
import type {
  Context,
  OpenCore,
  OpenForward,
  OpenJq,
  OpenKubeconfig,
  OpenLocalSystem,
  OpenOffline,
  OwnSystem,
  ResetSystem,
} from './context.ts';
import type { Environment } from './io/colour.ts';
import type { Io } from './io/io.ts';
import type { Prompt } from './io/prompt.ts';
import { viewOf } from './io/style.ts';
import { guarded, withWrite } from './io/visible.ts';
import type { RenderFolders } from './offline/offline.ts';
import type { PlanSync } from './offline/planner.ts';
import type { OpenSettingsTools } from './offline/settings-tools.ts';
import { createReshaping, type Reshape, type Reshaping } from './output/reshaping.ts';
import { createTimeLimit } from './time-limit.ts';

export interface ProcessParts {
  readonly io: Io;
  readonly env: Environment;
  readonly clock: Clock;
  readonly program: string;
  readonly signal: AbortSignal;
  /** Fires when the process was asked to end and its time for it is over. */
  readonly late?: AbortSignal;
  readonly version: () => string;
  readonly openLocal: OpenLocalSystem;
  readonly openCore: OpenCore;
  readonly openForward: OpenForward;
  readonly ownSystem: OwnSystem;
  readonly resetSystem: ResetSystem;
  readonly renderFolders: RenderFolders;
  readonly openOffline: OpenOffline;
  readonly openJq: OpenJq;
  readonly openKubeconfig: OpenKubeconfig;
  readonly inspect: Inspect;
  readonly planSync: PlanSync;
  readonly settingsTools: OpenSettingsTools;
  readonly prompt?: Prompt;
}

export interface LiveContext {
  readonly context: Context;
  readonly late: AbortSignal | undefined;
  /** Takes the global flags once they are parsed. */
  setGlobals(globals: Globals): void;
  /** What is written to stdout from now on is documents, of which something else is printed. */
  reshape(reshape: Reshape): void;
  /** All that was written is printed. */
  written(): Promise<void>;
  /** Waits for what was opened. */
  close(settle: boolean): Promise<void>;
}

/** The context of one command line: everything in it is made once, and only when it is asked for. */
export function createContext(parts: ProcessParts): LiveContext {
  const { env, clock, signal } = parts;
  let reshaping: Reshaping | undefined;
  const plain = guarded(parts.io);
  const write = (text: string): void => (reshaping ? reshaping.take(text) : plain.out.write(text));
  const io: Io = { ...plain, out: withWrite(plain.out, write) };
  const policy = policyFor(parts.program, env);
  const time = createTimeLimit(signal, clock);
  let globals: Globals = {};
  let leaves = false;
  const say = (text: string): void => io.err.write(`${text}\n`);
  const config = (): Promise<ConfigFile> => findConfig(globals, env);
  const { openLocal, openCore, openForward } = parts;
  const open = { openLocal, openCore, openForward };
  const common = { ...open, policy, clock, env, say, config, ending: time.ending, globals: () => globals };
  const { close, ...connections } = createConnections(common);
  const folder = (): { readonly dataDir?: string } => omitUndefined({ dataDir: globals.dataDir });
  const context: Context = {
    io,
    env,
    clock,
    policy,
    program: parts.program,
    signal,
    prompt: parts.prompt ?? policy.prompts.create(io, env, signal),
    version: parts.version,
    globals: () => globals,
    config,
    ...connections,
    limit: time.limit,
    own: (options) => parts.ownSystem({ ...options, ...folder() }),
    reset: () => parts.resetSystem(folder()),
    renderFolders: (rendering) => parts.renderFolders(folder(), rendering),
    offline: async (work) => {
      const offline = await parts.openOffline(folder());
      try {
        return await unlessAborted(work(offline), signal);
      } finally {
        await offline.close();
      }
    },
    jq: parts.openJq,
    kubeconfig: (options = {}) => parts.openKubeconfig(options),
    inspect: () => parts.inspect(folder()),
    planSync: parts.planSync,
    settingsTools: parts.settingsTools,
    view: async () => viewOf({ output: io.out, layout: policy.layout, color: globals.color, env }, clock.now()),
    say,
    leaveAtOnce: () => {
      leaves = true;
    },
  };
  return {
    context,
    late: parts.late,
    setGlobals: (flags) => {
      globals = withEnvironment(flags, env);
    },
    reshape: (reshape) => {
      reshaping = createReshaping(reshape, plain.out.write);
    },
    written: async () => reshaping?.end(),
    // The deadline of a command that has its answer does not fire any more, but what it caused is to end by then too.
    close: (settle) => close({ settle: settle && !leaves, signal, deadline: time.rest() }),
  };
}

async function findConfig(globals: Globals, env: Environment): Promise<ConfigFile> {
  const { configFile } = await import('./config/file.ts');
  const { configFolder } = await import('./config/paths.ts');
  return configFile(globals.config ?? join(configFolder(env, existsSync), 'config'), process.platform);
}
