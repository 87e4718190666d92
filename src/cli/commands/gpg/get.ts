import type { Command } from 'commander';
import { getGpgKey } from '../../../api/gpg-keys.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { checkFormat, writeDocument } from '../../output/document.ts';
import { FORMATS, missingKey, OUTPUT } from './shared/key.ts';

export function gpgGetCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'get',
      description: 'Shows a public key: whose it is, and the key itself.',
      arguments: ['[keyid]'],
      flags: [OUTPUT],
      examples: [
        { about: 'Show a key', line: 'hawser gpg get 4AEE18F83AFDEB23' },
        { about: 'Print it as JSON', line: 'hawser gpg get 4AEE18F83AFDEB23 -o json' },
      ],
    },
    async ({ output }, keyID) => {
      if (keyID === undefined) throw missingKey();
      if (output !== undefined) checkFormat(output, FORMATS);
      const { client } = await context.connect();
      const key = await client.call(getGpgKey, { keyID });
      if (output !== undefined && (await writeDocument(key, output, context))) return;
      const lines = [
        `Key ID:          ${key.keyID ?? ''}`,
        `Key fingerprint: ${key.fingerprint ?? ''}`,
        `Key subtype:     ${(key.subType ?? '').toUpperCase()}`,
        `Key owner:       ${key.owner ?? ''}`,
        'Key data follows until EOF:',
        key.keyData ?? '',
      ];
      context.io.out.write(`${lines.join('\n')}\n`);
    },
  );
}
