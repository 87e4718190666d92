import type { Command } from 'commander';
import { getUserInfo } from '../../../api/sessions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';

const USER_INFO_FLAGS = [outputFlag('json or yaml')] as const satisfies readonly Flag[];

export function userInfoCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'get-user-info',
      description: 'Shows the current user.',
      flags: USER_INFO_FLAGS,
      examples: [
        { about: 'Show who is logged in', line: 'hawser account get-user-info' },
        { about: 'The same, shorter', line: 'hawser account whoami' },
        { about: 'Print it as JSON', line: 'hawser account get-user-info -o json' },
      ],
    },
    (options) => runUserInfo(options.output ?? '', context),
  );
}

async function runUserInfo(output: string, context: Context): Promise<void> {
  checkFormat(output, ['', 'json', 'yaml'], 'account get-user-info');
  const { client } = await context.connect();
  const user = await client.call(getUserInfo, {});
  if (await writeDocument(user, output, context)) {
    if (output === 'yaml') context.io.out.write(context.policy.layout.yamlTail);
    return;
  }
  const lines = [`Logged In: ${user.loggedIn ?? false}`];
  if (user.loggedIn) {
    lines.push(
      `Username: ${user.username ?? ''}`,
      `Issuer: ${user.iss ?? ''}`,
      `Groups: ${(user.groups ?? []).join(',')}`,
    );
  }
  context.io.out.write(`${lines.join('\n')}\n`);
}
