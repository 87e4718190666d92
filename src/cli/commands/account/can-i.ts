import type { Command } from 'commander';
import { canI } from '../../../api/sessions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

export function canICommand(context: Context): Command {
  return defineCommand(
    {
      name: 'can-i',
      description:
        'Checks whether you may do something: yes or no. For example: hawser account can-i sync applications "*/*"',
      arguments: ['<action>', '<resource>', '<subresource>'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'May I sync any application?', line: "hawser account can-i sync applications '*'" },
        { about: 'May I delete this application?', line: 'hawser account can-i delete applications default/shop' },
        { about: 'May I create clusters?', line: "hawser account can-i create clusters '*'" },
      ],
    },
    async ({ output }, action, resource, subresource) => {
      const { client } = await context.connect();
      const { value } = await client.call(canI, { action, resource, subresource });
      const text = (): void => context.io.out.write(`${value}\n`);
      await writeResult({ action, resource, subresource, allowed: value === 'yes' }, { output, text }, context);
    },
  );
}
