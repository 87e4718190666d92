// Answers that the build has worked out, so that the most asked questions of scripts are answered before anything is loaded.

import { fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of the process: what an answer depends on. */
export interface Asking {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions: { readonly node: string };
  readonly platform: string;
  readonly arch: string;
}

/** The whole answer to a command line, undefined where it must be worked out: in a terminal, as wide as it is, always. */
export function keptAnswer(asking: Asking): string | undefined {
  const [, program = '', ...words] = asking.argv;
  const line = words.join(' ');
  if (line !== '--help' && line !== 'version --client') return undefined;
  if (asking.env['HAWSER_COMPAT'] || asking.env['COLUMNS'] || !/(^|[\\/])hawser(\.js)?$/.test(program))
    return undefined;
  if (mayBeTerminal()) return undefined;
  const answers: unknown = JSON.parse(readFileSync(join(__dirname, 'kept-answers.json'), 'utf8'));
  const answer =
    typeof answers === 'object' && answers !== null
      ? Object.entries(answers).find(([key]) => key === line)?.[1]
      : undefined;
  if (typeof answer !== 'string') return undefined;
  return answer.replace('{node}', asking.versions.node).replace('{platform}', `${asking.platform}/${asking.arch}`);
}

/** Node's own question loads its network streams. The null device is a character device, too (major number 1 on Linux). */
function mayBeTerminal(): boolean {
  const out = fstatSync(1);
  return out.isCharacterDevice() && out.rdev >> 8 !== 1;
}
