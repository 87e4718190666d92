// Types one command line of a transcript in this process, as the reference's program or as ours.

import { readFileSync } from 'node:fs';
import { createContext } from '../../../src/cli/process-context.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { openKubeconfig } from '../../../src/cli/system.ts';
import type { Clock } from '../../../src/core/time.ts';
import { inputOf } from '../hawser.ts';

export interface Typed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TypedLine {
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly tty?: boolean;
  readonly program: string;
  readonly home: string;
  readonly clock: Clock;
}

const refuse = (what: string) => () => Promise.reject(new Error(what));

/** The folder of the process is `home` from then on. */
export async function typeLine({ argv, env, stdin, tty, program, home, clock }: TypedLine): Promise<Typed> {
  let out = '';
  let err = '';
  const columns = (): number => 400;
  const rows = (): number => 24;
  process.chdir(home);
  const live = createContext({
    io: {
      out: {
        write: (text) => {
          out += text;
        },
        terminal: tty ?? false,
        columns,
        rows,
      },
      err: {
        write: (text) => {
          err += text;
        },
        terminal: false,
        columns,
        rows,
      },
      input: inputOf(stdin ?? ''),
    },
    env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', ...env },
    clock,
    program,
    signal: new AbortController().signal,
    version: () => '1.2.3',
    openLocal: refuse('a server is named'),
    openCore: async (choice) => {
      const { openCoreSystem } = await import('../../../src/cli/system.ts');
      const surroundings = { env: { HOME: home, ...env }, clock, version: '1.2.3', say: () => undefined };
      return openCoreSystem({ ...surroundings, dataDir: `${home}/core`, signal: new AbortController().signal }, choice);
    },
    openForward: refuse('no cluster is forwarded here'),
    ownSystem: refuse('a server is named'),
    resetSystem: refuse('a server is named'),
    renderFolders: refuse('nothing is rendered here'),
    openJq: refuse('no expression was expected'),
    inspect: refuse('nothing is looked at'),
    openKubeconfig: (options) => openKubeconfig({ env: { HOME: home, ...env }, clock }, options),
    openOffline: refuse('nothing is rendered without a server'),
    planSync: refuse('nothing is planned'),
    settingsTools: async () =>
      (await import('../../../src/cli/system.ts')).openSettingsTools({ env: { HOME: home, ...env }, clock }),
  });
  const code = await runProgram([...argv], live);
  return { code, out, err };
}

export const readShared = (path: string): string =>
  readFileSync(new URL(`../../../../shared/${path}`, import.meta.url), 'utf8');
