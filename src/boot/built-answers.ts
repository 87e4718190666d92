// Answers worked out at build time: what scripts ask most often is printed before anything is loaded.

import { fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an answer depends on, of the process. */
export interface Invocation {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions: { readonly node: string };
  readonly platform: string;
  readonly arch: string;
}

/** What is typed, and the line whose answer the build has worked out. */
const LINES: Readonly<Record<string, string>> = {
  '': '--help',
  help: '--help',
  '-h': '--help',
  '--help': '--help',
  '-v': 'version --client',
  '--version': 'version --client',
  'version --client': 'version --client',
};

/** What an answer would be another with. */
const SETTINGS = ['HAWSER_COMPAT', 'COLUMNS', 'FORCE_COLOR', 'CLICOLOR_FORCE'];

/** The whole answer to a command line; undefined where the program must run. A terminal always runs it: help is as wide as that. */
export function builtAnswer(invocation: Invocation): string | undefined {
  const [, program = '', ...words] = invocation.argv;
  const line = LINES[words.join(' ')];
  if (line === undefined || SETTINGS.some((name) => invocation.env[name])) return undefined;
  if (!/(^|[\\/])hawser(\.js)?$/.test(program)) return undefined;
  if (mayBeTerminal()) return undefined;
  const answers: unknown = JSON.parse(readFileSync(join(__dirname, 'answers.json'), 'utf8'));
  const answer =
    typeof answers === 'object' && answers !== null
      ? Object.entries(answers).find(([key]) => key === line)?.[1]
      : undefined;
  if (typeof answer !== 'string') return undefined;
  return answer
    .replace('{node}', invocation.versions.node)
    .replace('{platform}', `${invocation.platform}/${invocation.arch}`);
}

/** `isTTY` would load Node's network streams. The null device is a character device too (major number 1 on Linux). */
function mayBeTerminal(): boolean {
  const out = fstatSync(1);
  return out.isCharacterDevice() && out.rdev >> 8 !== 1;
}
