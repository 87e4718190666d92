import type { Command } from 'commander';
import { listAccounts } from '../../../api/sessions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, writeDocument } from '../../output/document.ts';
import { FORMATS, OUTPUT } from './shared/formats.ts';

const ACCOUNT_LIST_FLAGS = [OUTPUT] as const satisfies readonly Flag[];

type OutputOption = OptionsOf<typeof ACCOUNT_LIST_FLAGS>;

export function accountListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the local accounts of the server.',
      flags: ACCOUNT_LIST_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'List the accounts', line: 'hawser account list' },
        { about: 'Print their names', line: 'hawser account list -o name' },
        { about: 'Print them as JSON', line: 'hawser account list -o json' },
      ],
    },
    (options) => runList(options, context),
  );
}

async function runList({ output }: OutputOption, context: Context): Promise<void> {
  checkFormat(output, FORMATS);
  const { client } = await context.connect();
  const accounts = (await client.call(listAccounts, {})).items ?? [];
  if (await writeDocument(accounts, output, context)) return;
  if (output === 'name') {
    context.io.out.write(accounts.map(({ name = '' }) => `${name}\n`).join(''));
    return;
  }
  const { style, table } = await context.view();
  const rows = accounts.map((account) => [
    account.name ?? '',
    { text: String(account.enabled ?? false), as: account.enabled ? ('good' as const) : ('faint' as const) },
    (account.capabilities ?? []).join(', '),
  ]);
  context.io.out.write(table({ head: ['NAME', 'ENABLED', 'CAPABILITIES'], rows }, style));
}
