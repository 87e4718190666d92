import type { Command } from 'commander';
import { type Account, getAccount } from '../../../api/sessions.ts';
import { zonedTime } from '../../../render/times.ts';
import type { View } from '../../../render/view.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, writeDocument } from '../../output/document.ts';
import { FORMATS, OUTPUT } from './shared/formats.ts';
import { ownName } from './shared/own-name.ts';

const ACCOUNT_GET_FLAGS = [
  OUTPUT,
  { name: 'account', short: 'a', type: 'string', value: 'name', summary: 'name of the account (default: your own)' },
] as const satisfies readonly Flag[];

type GetOptions = OptionsOf<typeof ACCOUNT_GET_FLAGS>;

export function accountGetCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'get',
      description: 'Shows an account and its tokens (default: your own).',
      flags: ACCOUNT_GET_FLAGS,
      examples: [
        { about: 'Show your account', line: 'hawser account get' },
        { about: 'Show another account and its tokens', line: 'hawser account get --account ci' },
        { about: 'Print it as JSON', line: 'hawser account get --account ci -o json' },
      ],
    },
    (options) => runGet(options, context),
  );
}

async function runGet(options: GetOptions, context: Context): Promise<void> {
  checkFormat(options.output, FORMATS);
  const { client } = await context.connect();
  const name = options.account ?? (await ownName(context));
  const account = await client.call(getAccount, { name });
  if (await writeDocument(account, options.output, context)) return;
  const view = await context.view();
  context.io.out.write(options.output === 'name' ? `${account.name ?? ''}\n` : accountText(account, view));
}

function accountText(account: Account, view: View): string {
  const head = [
    `Name:               ${account.name ?? ''}`,
    `Enabled:            ${account.enabled ?? false}`,
    `Capabilities:       ${(account.capabilities ?? []).join(', ')}`,
    '',
    'Tokens:',
  ].join('\n');
  const tokens = account.tokens ?? [];
  if (tokens.length === 0) return `${head}\nNONE\n`;
  const rows = tokens.map(({ id = '', issuedAt = 0, expiresAt = 0 }) => [
    id,
    zonedTime(issuedAt * 1000),
    expiresAt === 0 ? 'never' : `${zonedTime(expiresAt * 1000)}${expiresAt * 1000 < view.now ? ' (expired)' : ''}`,
  ]);
  return `${head}\n${view.table({ head: ['ID', 'ISSUED AT', 'EXPIRING AT'], rows }, view.style)}`;
}
