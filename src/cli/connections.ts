// The servers that one command line reaches: each is opened when it is asked for, and closed at the end.

import { existsSync, promises as fs } from 'node:fs';
import { HawserError, messageOf, systemCode } from '../core/errors.ts';
import { dataFolder } from './config/data-folder.ts';
import { asCore, asLocal, type Globals, withoutServer } from './config/globals.ts';
import type { ConnectSettings } from './connect.ts';
import type { Connection, Context, CoreChoice, Leaving, LocalSystem } from './context.ts';

type Connections = Pick<Context, 'connect' | 'connectTo' | 'local' | 'core'> & {
  close(options: Leaving): Promise<void>;
};

/** What does not change from one server to the next. */
export type ConnectionsSettings = Omit<
  ConnectSettings,
  'globals' | 'config' | 'isFirstUse' | 'readFile' | 'opened' | 'core'
> & {
  globals(): Globals;
  readonly config: Context['config'];
};

export function createConnections({ globals, config, ...common }: ConnectionsSettings): Connections {
  let connection: Promise<Connection> | undefined;
  const opened: Pick<LocalSystem, 'close'>[] = [];
  const settings = async (globals: Globals, core?: CoreChoice): Promise<ConnectSettings> => ({
    ...common,
    ...(core ? { core } : {}),
    globals: globals,
    config: await config(),
    isFirstUse: !existsSync(dataFolder(globals.dataDir, common.env)),
    readFile: readText,
    opened: (system) => opened.push(system),
  });
  const open = async (globals: Globals, core?: CoreChoice): Promise<Connection> => {
    const { connect } = await import('./connect.ts');
    return connect(await settings(globals, core));
  };
  return {
    connect: () => {
      connection ??= open(globals());
      return connection;
    },
    connectTo: async (login) => {
      const { connectRemote } = await import('./connect.ts');
      return connectRemote(await settings(withoutServer(globals())), login);
    },
    local: () => open(asLocal(globals())),
    core: (choice = {}) => open(asCore(globals(), choice.kubeContext), choice),
    close: async (options) => {
      for (const system of opened) await system.close(options);
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (thrown) {
    const why = systemCode(thrown) === 'ENOENT' ? 'no such file or directory' : messageOf(thrown);
    const reason = { kind: 'unreadable-file', path, why } as const;
    throw new HawserError('usage', `cannot read ${path}: ${why}`, { reason, cause: thrown });
  }
}
