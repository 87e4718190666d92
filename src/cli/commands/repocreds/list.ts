import type { Command } from 'commander';
import { listCredentials } from '../../../api/repository-credentials.ts';
import type { RepositoryCredentials } from '../../../model/repository.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { checkFormat, outputFlag } from '../../output/document.ts';
import { writeItems } from '../../output/items.ts';

const REPOCREDS_LIST_FLAGS = [
  { ...outputFlag('wide, url, json or yaml'), default: 'wide', typedOnly: true },
] as const satisfies readonly Flag[];

const HEAD = ['URL PATTERN', 'USERNAME', 'SSH_CREDS', 'TLS_CREDS'] as const;

export function repocredsListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists credentials by the URLs that they are for. What they hold is never shown.',
      flags: REPOCREDS_LIST_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'List the credentials', line: 'hawser repocreds list' },
        { about: 'Print their URLs', line: 'hawser repocreds list -o url' },
      ],
    },
    async ({ output }) => {
      if (output !== undefined) checkFormat(output, ['wide', 'url', 'json', 'yaml', '']);
      const { client } = await context.connect();
      const items = (await client.call(listCredentials, {})).items ?? [];
      await writeItems(
        {
          items,
          output,
          name: { format: 'url', of: ({ url }) => url },
          // A server tells of no key, so the last two say nothing.
          table: (columns) => tableOf(items, columns === 'wide' ? HEAD : HEAD.slice(0, 2)),
          empty: 'no credentials yet: hawser repocreds add',
        },
        context,
      );
    },
  );
}

function tableOf(items: readonly RepositoryCredentials[], head: readonly string[]) {
  const rows = items.map(({ url, username, sshPrivateKey, tlsClientCertData }) =>
    [url, username || '-', String(Boolean(sshPrivateKey)), String(Boolean(tlsClientCertData))].slice(0, head.length),
  );
  return { head, rows };
}
