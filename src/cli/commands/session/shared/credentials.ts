import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What was typed, what a person answers, or what stands on stdin: a line for each that is missing. */
export async function askCredentials(
  flags: { readonly username?: string; readonly password?: string },
  context: Context,
): Promise<Credentials> {
  if (flags.username !== undefined && flags.password !== undefined) {
    return { username: flags.username, password: flags.password };
  }
  if (context.prompt.possible) {
    const username = flags.username ?? (await context.prompt.text({ message: 'Username', preset: 'admin' }));
    return { username, password: flags.password ?? (await context.prompt.secret('Password')) };
  }
  const lines = (await context.io.input.read()).split(/\r?\n/);
  const next = (what: string): string => {
    const line = lines.shift() ?? '';
    if (line !== '') return line;
    throw new HawserError('usage', `${what} is missing`, {
      hint: `give --${what}, or write it to stdin`,
      reason: { kind: 'no-answer' },
    });
  };
  return { username: flags.username ?? next('username'), password: flags.password ?? next('password') };
}
