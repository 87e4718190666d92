import type { Command } from 'commander';
import { listDeliveries, type WebhookDelivery } from '../../../api/webhooks.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';

const FLAGS = [{ ...outputFlag('wide, name, json or yaml'), default: 'wide' }] as const satisfies readonly Flag[];

export function webhookListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description:
        'Lists the last 100 deliveries of Git hosts to /api/webhook since the server started, the newest first, with what became of each.',
      flags: FLAGS,
      examples: [
        { about: 'List the last deliveries', line: 'hawser webhook list' },
        { about: 'Print them as JSON', line: 'hawser webhook list -o json' },
        {
          about: 'Print those that were refused',
          line: "hawser webhook list -o json --jq '.[] | select(.status != 200)'",
        },
      ],
    },
    ({ output }) => runList(output, context),
  );
}

async function runList(format: string, context: Context): Promise<void> {
  checkFormat(format, ['wide', 'name', 'json', 'yaml']);
  const { client } = await context.connect();
  const { items } = await client.call(listDeliveries, {});
  const deliveries = items ?? [];
  if (await writeDocument(deliveries, format, context)) return;
  if (format === 'name') return context.io.out.write(deliveries.map(({ number }) => `${number}\n`).join(''));
  if (deliveries.length === 0)
    return context.say('no deliveries yet: point the Git host to /api/webhook of the server');
  const { style, table } = await context.view();
  const head = ['NUMBER', 'TIME', 'PROVIDER', 'EVENT', 'REVISION', 'REPOSITORY', 'RESULT'];
  context.io.out.write(table({ head, rows: deliveries.map(rowOf) }, style));
}

function rowOf(delivery: WebhookDelivery): string[] {
  const { number, time, provider, event, repositories, revisions } = delivery;
  return [
    String(number),
    time,
    provider || '-',
    event || '-',
    revisions.join(','),
    repositories.join(','),
    resultOf(delivery),
  ];
}

function resultOf({ status, cause, refreshed }: WebhookDelivery): string {
  if (status !== 200) return `refused (${status}): ${cause ?? ''}`;
  if (cause !== undefined) return cause;
  return refreshed === undefined ? 'waiting' : `${refreshed} refreshed`;
}
