import type { Command } from 'commander';
import { createGpgKeys } from '../../../api/gpg-keys.ts';
import type { Context } from '../../context.ts';
import { refusedOption } from '../../input/access-flags.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { readSource } from '../../input/read-source.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const GPG_ADD_FLAGS = [
  {
    name: 'from',
    short: 'f',
    type: 'string',
    value: 'file',
    summary: 'the armoured keys: a file, a URL, or - (stdin)',
  },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export function gpgAddCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'add',
      description: 'Adds the public keys of an armoured file. A key that is there already is skipped.',
      flags: GPG_ADD_FLAGS,
      examples: [
        { about: 'Add the keys of a file', line: 'hawser gpg add --from keys.asc' },
        { about: 'Add a key of your own', line: 'gpg --armor --export ada@example.com | hawser gpg add --from -' },
      ],
    },
    async ({ from, output }) => {
      if (from === undefined || from === '')
        throw refusedOption('--from is mandatory', 'hawser gpg add --from keys.asc');
      const keyData = await readSource(from, context);
      const { client } = await context.connect();
      const { created, skipped = [] } = await client.call(createGpgKeys, { publickey: { keyData } });
      const keys = created?.items ?? [];
      const rest = skipped.length > 0 ? `, and ${skipped.length} key(s) were skipped because they exist already` : '';
      const text = (): void => context.io.out.write(`Created ${keys.length} key(s) from input file${rest}.\n`);
      const ids = keys.map(({ keyID = '' }) => keyID);
      await writeResult({ created: ids, skipped, result: 'added' }, { output, text }, context);
    },
  );
}
