import { existsSync, promises as fs } from 'node:fs';
import { join } from 'node:path';
import { HawserError, messageOf, systemCode } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import { policyFor } from './compat/policy.ts';
import { dataFolder } from './config/data-folder.ts';
import { type Globals, withEnvironment } from './config/globals.ts';
import type { ConnectSettings } from './connect.ts';
import type {
  Connection,
  Context,
  LocalSystem,
  OpenCore,
  OpenForward,
  OpenLocalSystem,
  OwnSystem,
  RenderFolders,
  ResetSystem,
} from './context.ts';
import type { Environment } from './io/colour.ts';
import { type Io, styleFor, tableWriterFor } from './io/io.ts';
import type { Prompt } from './io/prompt.ts';
import { guarded } from './io/visible.ts';

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
  readonly prompt?: Prompt;
}

export interface LiveContext {
  readonly context: Context;
  readonly late: AbortSignal | undefined;
  /** Takes the global flags once they are parsed. */
  setGlobals(globals: Globals): void;
  /** Waits for what was opened. */
  close(settle: boolean): Promise<void>;
}

/** What a call may take by which a command reports that its time is up. */
const LAST_CALL_MS = 5000;

/** The context of one command line: everything in it is made once, and only when it is asked for. */
export function createContext(parts: ProcessParts): LiveContext {
  const { env, clock } = parts;
  const io = guarded(parts.io);
  const policy = policyFor(parts.program, env);
  let globals: Globals = {};
  let connection: Promise<Connection> | undefined;
  const opened: Pick<LocalSystem, 'close'>[] = [];
  let leaves = false;
  const say = (text: string): void => io.err.write(`${text}\n`);

  let deadline: AbortSignal | undefined;
  let end = Number.POSITIVE_INFINITY;
  const ending = (): AbortSignal => {
    if (!deadline) return parts.signal;
    return AbortSignal.any([parts.signal, deadline.aborted ? AbortSignal.timeout(LAST_CALL_MS) : deadline]);
  };
  const config: Context['config'] = async () => {
    const { configFile } = await import('./config/file.ts');
    const { configFolder } = await import('./config/paths.ts');
    const path = globals.config ?? join(configFolder(env, existsSync), 'config');
    return configFile(path, process.platform);
  };
  const settings = async (globals: Globals): Promise<ConnectSettings> => ({
    globals: globals,
    config: await config(),
    policy,
    clock,
    ending,
    env,
    isFirstUse: !existsSync(dataFolder(globals.dataDir, env)),
    openLocal: parts.openLocal,
    openCore: parts.openCore,
    openForward: parts.openForward,
    readFile: readText,
    say,
    opened: (something) => opened.push(something),
  });
  const open = async (globals: Globals): Promise<Connection> => {
    const { connect } = await import('./connect.ts');
    return connect(await settings(globals));
  };
  const context: Context = {
    io,
    env,
    clock,
    policy,
    program: parts.program,
    signal: parts.signal,
    prompt: parts.prompt ?? policy.prompts.create(io, env),
    version: parts.version,
    globals: () => globals,
    config,
    connect: () => {
      connection ??= open(globals);
      return connection;
    },
    connectTo: async (login) => {
      const { connectRemote } = await import('./connect.ts');
      const { server: _server, argocdContext: _context, authToken: _token, ...rest } = globals;
      return connectRemote(await settings(rest), login);
    },
    local: () => {
      const { server: _server, ...rest } = globals;
      return open({ ...rest, argocdContext: 'local' });
    },
    limit: (signal, milliseconds) => {
      deadline = signal;
      end = clock.now() + milliseconds;
    },
    own: () => parts.ownSystem(globals.dataDir === undefined ? {} : { dataDir: globals.dataDir }),
    reset: () => parts.resetSystem(globals.dataDir === undefined ? {} : { dataDir: globals.dataDir }),
    renderFolders: (rendering) =>
      parts.renderFolders(globals.dataDir === undefined ? {} : { dataDir: globals.dataDir }, rendering),
    view: async () => ({
      style: await styleFor(io.out, globals.color, env),
      table: await tableWriterFor(io.out, policy.layout.ruledTables),
      now: clock.now(),
    }),
    say,
    leaveAtOnce: () => {
      leaves = true;
    },
  };
  return {
    context,
    late: parts.late,
    setGlobals: (typed) => {
      globals = withEnvironment(typed, env);
    },
    close: async (settle) => {
      // The deadline of a command that has its answer does not fire any more, but what it caused is to end by then too.
      const left = Math.max(end - clock.now(), 0);
      const rest = Number.isFinite(left) ? AbortSignal.timeout(left) : undefined;
      for (const something of opened)
        await something.close({ settle: settle && !leaves, signal: parts.signal, deadline: rest });
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (thrown) {
    const missing = systemCode(thrown) === 'ENOENT' ? 'no such file or directory' : messageOf(thrown);
    throw new HawserError('usage', `cannot read ${path}: ${missing}`, {
      reason: { kind: 'unreadable-file', path, why: missing },
      cause: thrown,
    });
  }
}
