import type { Command } from 'commander';
import { type Account, canI, getAccount, getUserInfo, listAccounts } from '../../../api/sessions.ts';
import { zonedTime } from '../../../render/times.ts';
import type { View } from '../../../render/view.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, writeDocument } from '../../output/document.ts';
import { ownName } from './shared/own-name.ts';

const OUTPUT = {
  name: 'output',
  short: 'o',
  type: 'string',
  default: 'wide',
  value: 'format',
  summary: 'wide, name, json or yaml',
} as const satisfies Flag;

const FORMATS = ['wide', 'name', 'json', 'yaml', ''] as const;

const ACCOUNT_LIST_FLAGS = [OUTPUT] as const satisfies readonly Flag[];

type OutputOption = OptionsOf<typeof ACCOUNT_LIST_FLAGS>;

export function accountListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the local accounts of the server.',
      flags: ACCOUNT_LIST_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
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

const USER_INFO_FLAGS = [
  { name: 'output', short: 'o', type: 'string', value: 'format', summary: 'json or yaml' },
] as const satisfies readonly Flag[];

export function userInfoCommand(context: Context): Command {
  return defineCommand(
    { name: 'get-user-info', description: 'Shows the current user.', flags: USER_INFO_FLAGS },
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

export function canICommand(context: Context): Command {
  return defineCommand(
    {
      name: 'can-i',
      description:
        'Checks whether you may do something: yes or no. For example: hawser account can-i sync applications "*/*"',
      arguments: ['<action>', '<resource>', '<subresource>'],
    },
    async (_options, action, resource, subresource) => {
      const { client } = await context.connect();
      const { value } = await client.call(canI, { action, resource, subresource });
      context.io.out.write(`${value}\n`);
    },
  );
}
