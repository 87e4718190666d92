import type { Command } from 'commander';
import { deleteGpgKey } from '../../../api/gpg-keys.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { removeEach } from '../../input/remove-each.ts';
import { RESULT_FLAG } from '../../output/result.ts';
import { missingKey } from './shared/key.ts';

export function gpgRemoveCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'rm',
      description: 'Removes a public key. What was signed with it counts as unsigned from now on.',
      arguments: ['[keyid]'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Remove a key', line: 'hawser gpg rm 4AEE18F83AFDEB23' },
        { about: 'Show which are there', line: 'hawser gpg list' },
      ],
    },
    async ({ output }, keyID) => {
      if (keyID === undefined) throw missingKey();
      const { client } = await context.connect();
      const removal = {
        names: [keyID],
        key: 'keyID',
        message: (id: string) => `Remove the key '${id}'?`,
        line: LINE_QUESTIONS.removeGpgKey,
        remove: (id: string) => client.call(deleteGpgKey, { keyID: id }),
        removed: (id: string) => `Deleted key with key ID ${id}`,
        cancelled: (id: string) => `The command to delete key with key ID '${id}' was cancelled.`,
      };
      await removeEach(removal, output, context);
    },
  );
}
