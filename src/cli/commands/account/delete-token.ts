import type { Command } from 'commander';
import { deleteToken } from '../../../api/sessions.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { confirmIfAsked, endDeclined } from '../../input/confirm.ts';
import type { Flag } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { ACCOUNT } from './shared/account-flag.ts';
import { ownName } from './shared/own-name.ts';

const DELETE_TOKEN_FLAGS = [ACCOUNT, RESULT_FLAG] as const satisfies readonly Flag[];

export function deleteTokenCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'delete-token',
      description: 'Revokes a token of an account.',
      arguments: ['<id>'],
      flags: DELETE_TOKEN_FLAGS,
      examples: [
        { about: 'Revoke a token of an account', line: 'hawser account delete-token 0f1d2c3b --account ci' },
        { about: 'Revoke a token of your own', line: 'hawser account delete-token 0f1d2c3b' },
        { about: 'Show the IDs of the tokens', line: 'hawser account get --account ci' },
      ],
    },
    async (options, id) => {
      const { client } = await context.connect();
      const { output } = options;
      const name = options.account ?? (await ownName(context));
      const message = `Make the token '${id}' of '${name}' invalid?`;
      if (!(await confirmIfAsked({ message, line: LINE_QUESTIONS.deleteToken(id) }, context))) {
        const text = (): void => context.io.out.write(`The command to delete '${id}' was cancelled.\n`);
        await writeResult({ account: name, id, result: 'cancelled' }, { output, text }, context);
        return endDeclined(context);
      }
      await client.call(deleteToken, { name, id });
      await writeResult({ account: name, id, result: 'deleted' }, { output, text: () => undefined }, context);
    },
  );
}
