import { createSession } from '../../../../api/sessions.ts';
import type { Client } from '../../../../client/client.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { readSource } from '../../../input/read-source.ts';

/** A password on the command line is seen by every process of the machine. */
export const PASSWORD_FLAGS = [
  { name: 'password-stdin', type: 'bool', own: true, summary: 'read the password from stdin' },
  { name: 'password-file', type: 'string', own: true, value: 'file', summary: 'read the password from a file' },
] as const satisfies readonly Flag[];

type PasswordFlags = OptionsOf<typeof PASSWORD_FLAGS> & { readonly username?: string; readonly password?: string };

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What the flags or the environment say, what a person answers, or what stands on stdin: a line for each that is missing. */
export async function askCredentials(flags: PasswordFlags, context: Context): Promise<Credentials> {
  const username = flags.username ?? fromEnvironment('HAWSER_USERNAME', context);
  const password = (await passwordOf(flags, context)) ?? fromEnvironment('HAWSER_PASSWORD', context);
  if (username !== undefined && password !== undefined) return { username, password };
  if (context.prompt.possible) {
    return {
      username: username ?? (await context.prompt.text({ message: 'Username', preset: 'admin' })),
      password: password ?? (await context.prompt.secret('Password')),
    };
  }
  // Stdin holds the password and nothing else.
  const lines = flags.passwordStdin ? [] : (await context.io.input.read()).split(/\r?\n/);
  const next = (what: string): string => {
    const line = lines.shift() ?? '';
    if (line !== '') return line;
    throw new HawserError('usage', `${what} is missing`, {
      hint: `give --${what}, or write it to stdin`,
      reason: { kind: 'no-answer' },
    });
  };
  return { username: username ?? next('username'), password: password ?? next('password') };
}

/** A token for credentials; a server that refuses them has nothing to say about a session. */
export async function openSession(client: Client, credentials: Credentials): Promise<string> {
  try {
    return (await client.call(createSession, credentials)).token;
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.code !== 'not-logged-in') throw thrown;
    throw thrown.with({ hint: `check the username ('${credentials.username}') and the password` });
  }
}

const fromEnvironment = (name: string, { env, policy }: Context): string | undefined =>
  policy.own.add(() => env[name] || undefined, undefined);

/** The password that one of the flags names; its last line end is not part of it. */
async function passwordOf(flags: PasswordFlags, context: Context): Promise<string | undefined> {
  const { password, passwordStdin, passwordFile } = flags;
  const sources = [password !== undefined, passwordStdin === true, passwordFile !== undefined].filter(Boolean);
  if (sources.length > 1) {
    throw new HawserError('usage', 'give one of --password, --password-stdin and --password-file');
  }
  if (!passwordStdin && passwordFile === undefined) return password;
  const text = (await readSource(passwordFile ?? '-', context)).replace(/\r?\n$/, '');
  if (text !== '') return text;
  throw new HawserError(
    'usage',
    `there is no password ${passwordFile === undefined ? 'on stdin' : `in ${passwordFile}`}`,
  );
}
