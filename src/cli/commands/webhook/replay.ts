import type { Command } from 'commander';
import { replayDelivery } from '../../../api/webhooks.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { readNumber } from './shared/number.ts';

export function webhookReplayCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'replay',
      description: 'Works off a delivery of hawser webhook list once more, as if it had come again.',
      arguments: ['<number>'],
      argumentSummaries: { number: 'delivery of hawser webhook list' },
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Work off a delivery again', line: 'hawser webhook replay 3' },
        { about: 'Print the new delivery as JSON', line: 'hawser webhook replay 3 -o json' },
        { about: 'See what became of it', line: 'hawser webhook list' },
      ],
    },
    async ({ output }, delivery) => {
      const number = readNumber(delivery);
      const { client } = await context.connect();
      const replayed = await client.call(replayDelivery, { number });
      const text = (): void => context.io.out.write(`delivery ${number} replayed as ${replayed.number}\n`);
      await writeResult(replayed, { output, text }, context);
    },
  );
}
