// The transcripts of the reference's client, as they lie beside the project.

import { readFileSync } from 'node:fs';
import { anything, flag, list, object, optional, parse, record, type Shape, text } from '../../../src/core/shape.ts';

export interface Transcript {
  /** The file's name and the place in it: 'app-get 4'. */
  readonly id: string;
  readonly about: string;
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Undefined: empty and closed. */
  readonly stdin: string | undefined;
  /** Stdout was a terminal. */
  readonly tty: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
  /** The output was shortened. */
  readonly cut: boolean;
}

interface Line {
  readonly about?: string;
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly tty?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: unknown;
  readonly note?: string;
}

const line: Shape<Line> = object({
  about: optional(text),
  argv: optional(list(text)),
  env: optional(record(text)),
  stdin: optional(text),
  tty: optional(flag),
  stdout: optional(text),
  stderr: optional(text),
  exit: anything,
  note: optional(text),
});
const shape = object({ transcripts: list(line) });

const FOLDER = new URL('../../../../shared/reference/cli-transcripts/', import.meta.url);

/** The command lines of one file, in the order in which they ran. What was interrupted has no exit code, and is not here. */
export function transcriptsOf(name: string): Transcript[] {
  const { transcripts } = parse(shape, JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')), name);
  return transcripts.flatMap((entry, index) => {
    const { argv, exit, about = '', env = {}, stdin, tty = false, stdout = '', stderr = '', note = '' } = entry;
    if (!argv || typeof exit !== 'number') return [];
    const cut = note.startsWith('cut') || stdout.trimEnd().endsWith('\n…');
    return [{ id: `${name} ${index}`, about, argv: argv.slice(1), env, stdin, tty, stdout, stderr, exit, cut }];
  });
}
