// A real terminal: a pseudo-terminal that the program runs in, and a screen that reads what it writes.

import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { PROGRAM, until, type Workplace } from './workplace.ts';

export interface Terminal {
  /** The lines of the screen, without what is empty at their end. */
  screen(): string;
  /** Everything that was ever written, escape codes included. */
  raw(): string;
  type(text: string): void;
  /** Waits until the screen shows something. */
  shows(text: string | RegExp): Promise<void>;
  /** Sends a signal to the program. */
  signal(name: NodeJS.Signals): void;
  resize(columns: number, rows: number): void;
  readonly ended: Promise<number>;
}

const LAST_WORDS_MS = 100;

export function openTerminal(
  place: Workplace,
  line: string,
  env: NodeJS.ProcessEnv = {},
  cwd = place.folder,
): Terminal {
  const screen = new xterm.Terminal({ cols: 140, rows: 50, allowProposedApi: true });
  const settings = Object.entries({ ...place.env, TERM: 'xterm-256color', ...env });
  const child = spawn(process.execPath, [PROGRAM, ...line.split(' ')], {
    cols: 140,
    rows: 50,
    cwd,
    env: Object.fromEntries(settings.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  });
  let raw = '';
  child.onData((text) => {
    raw += text;
    screen.write(text);
  });
  const ended = new Promise<number>((resolve) =>
    child.onExit(({ exitCode }) => {
      // The last that was written may come behind the end, and the screen takes its time to read it.
      setTimeout(() => screen.write('', () => resolve(exitCode)), LAST_WORDS_MS);
    }),
  );
  const lines = (): string => {
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  };
  return {
    screen: lines,
    raw: () => raw,
    type: (text) => child.write(text),
    signal: (name) => process.kill(child.pid, name),
    resize: (columns, rows) => {
      screen.resize(columns, rows);
      child.resize(columns, rows);
    },
    shows: (text) =>
      until(`the screen to show ${text}; it shows:\n${lines()}`, () =>
        typeof text === 'string' ? lines().includes(text) : text.test(lines()),
      ),
    ended,
  };
}
