import type { Command } from 'commander';
import { createSession, getUserInfo, updatePassword } from '../../../api/sessions.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { askPassword } from './shared/ask-password.ts';

const PASSWORD_FLAGS = '--current-password and --new-password';

const UPDATE_PASSWORD_FLAGS = [
  { name: 'account', type: 'string', value: 'name', summary: 'name of the account (default: your own)' },
  { name: 'current-password', type: 'string', value: 'password', summary: 'your current password' },
  { name: 'new-password', type: 'string', value: 'password', summary: 'the new password' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type UpdateOptions = OptionsOf<typeof UPDATE_PASSWORD_FLAGS>;

export function updatePasswordCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'update-password',
      description: 'Updates the password of an account (default: your own).',
      flags: UPDATE_PASSWORD_FLAGS,
      examples: [
        { about: 'Update your password; it asks for the old and the new one', line: 'hawser account update-password' },
        { about: 'Update the password of another account', line: 'hawser account update-password --account ci' },
        {
          about: 'Read the current password from a variable',
          line: 'hawser account update-password --account ci --current-password "$ADMIN" --new-password "$NEW"',
        },
      ],
    },
    (options) => runUpdate(options, context),
  );
}

async function runUpdate(options: UpdateOptions, context: Context): Promise<void> {
  const { client, context: contextName } = await context.connect();
  const user = await client.call(getUserInfo, {});
  if (!user.loggedIn) throw new HawserError('not-logged-in', 'not logged in', { hint: 'hawser login SERVER' });
  const own = user.username ?? '';
  const name = options.account ?? own;
  const isLocal = user.iss === 'argocd';
  const currentPassword =
    options.currentPassword ?? (isLocal ? await askPassword(`Password of '${own}'`, PASSWORD_FLAGS, context) : '');
  const newPassword = options.newPassword ?? (await askTwice(name, context));
  await client.call(updatePassword, { name, currentPassword, newPassword });
  const isCurrent = name === own && contextName !== undefined && contextName !== 'local';
  const text = (): void =>
    context.io.out.write(`Password updated\n${isCurrent ? `Context '${contextName}' updated\n` : ''}`);
  if (isCurrent) await renewLogin({ username: own, password: newPassword }, contextName, context);
  await writeResult({ account: name, result: 'updated' }, { output: options.output, text }, context);
}

/** The token of the old password is no longer good. */
async function renewLogin(
  credentials: { readonly username: string; readonly password: string },
  contextName: string,
  context: Context,
): Promise<void> {
  const { client } = await context.connect();
  const { token } = await client.call(createSession, credentials);
  const file = await context.config();
  await file.change((config) => ({
    ...config,
    users: config.users?.map((saved) =>
      saved.name === contextName ? { name: saved.name, 'auth-token': token } : saved,
    ),
  }));
}

async function askTwice(name: string, context: Context): Promise<string> {
  for (;;) {
    const first = await askPassword(`New password for '${name}'`, PASSWORD_FLAGS, context);
    const again = await askPassword('The same again', PASSWORD_FLAGS, context);
    if (first === again) return first;
    context.say('the two are not the same');
  }
}
