import type { Command } from 'commander';
import { listGpgKeys } from '../../../api/gpg-keys.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { checkFormat } from '../../output/document.ts';
import { writeItems } from '../../output/items.ts';
import { FORMATS, OUTPUT } from './shared/key.ts';

export function gpgListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the public keys that commits may be signed with.',
      flags: [OUTPUT],
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'List the keys', line: 'hawser gpg list' },
        { about: 'Print them as JSON', line: 'hawser gpg list -o json' },
      ],
    },
    async ({ output }) => {
      if (output !== undefined) checkFormat(output, FORMATS);
      const { client } = await context.connect();
      const items = (await client.call(listGpgKeys, {})).items ?? [];
      const rows = items.map(({ keyID = '', subType = '', owner = '' }) => [keyID, subType.toUpperCase(), owner]);
      const table = () => ({ head: ['KEYID', 'TYPE', 'IDENTITY'], rows });
      await writeItems({ items, output, table, empty: 'no keys yet: hawser gpg add --from FILE' }, context);
    },
  );
}
