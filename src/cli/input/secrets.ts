// Secrets of a command line: by stdin, by a file, by the environment. One in argv is seen by every process of the machine.

import { HawserError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import type { Flag } from './flags.ts';
import { readSource } from './read-source.ts';

/** '--NAME-stdin' and '--NAME-file' beside '--NAME'. */
export const secretFlags = <const Name extends string>(name: Name, what: string) =>
  [
    { name: `${name}-stdin`, type: 'bool', own: true, summary: `read the ${what} from stdin` },
    { name: `${name}-file`, type: 'string', own: true, value: 'file', summary: `read the ${what} from a file` },
  ] as const satisfies readonly Flag[];

export interface SecretSources {
  /** '--password' */
  readonly flag: string;
  readonly typed: string | undefined;
  readonly stdin: boolean | undefined;
  readonly file: string | undefined;
  /** The variable that holds it where no flag says it. */
  readonly variable: string;
}

/** The secret; undefined where nothing names one. The line end after it is no part of it. */
export async function readSecret(sources: SecretSources, context: Context): Promise<string | undefined> {
  const { flag, typed, stdin, file, variable } = sources;
  if ([typed !== undefined, stdin === true, file !== undefined].filter(Boolean).length > 1)
    throw new HawserError('usage', `give one of ${flag}, ${flag}-stdin and ${flag}-file`);
  if (typed !== undefined) {
    warnOfArgv(flag, context);
    return typed;
  }
  if (!stdin && file === undefined) return context.policy.own.add(() => context.env[variable] || undefined, undefined);
  const text = (await readSource(file ?? '-', context)).replace(/\r?\n$/, '');
  if (text !== '') return text;
  throw new HawserError(
    'usage',
    `there is nothing ${file === undefined ? 'on stdin' : `in ${file}`} for ${flag}-${file === undefined ? 'stdin' : 'file'}`,
  );
}

/** Our own mode alone says it. */
export const warnOfArgv = (flag: string, context: Context, instead = `${flag}-stdin or ${flag}-file`): void =>
  context.policy.wording.advise(
    `warning: ${flag} is visible to every process of this machine; use ${instead}`,
    context,
  );
