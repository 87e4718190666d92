import type { Command } from 'commander';
import { deleteCertificates } from '../../../api/certificates.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import type { Certificate } from '../../../model/certificate.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { refusedOption } from '../../input/access-flags.ts';
import { defineCommand } from '../../input/command.ts';
import { confirmIfAsked, endDeclined } from '../../input/confirm.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const CERT_REMOVE_FLAGS = [
  { name: 'cert-type', type: 'string', value: 'type', summary: 'only of this type: ssh or https' },
  { name: 'cert-sub-type', type: 'string', value: 'type', summary: 'only host keys of this type, like ssh-ed25519' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type RemoveOptions = OptionsOf<typeof CERT_REMOVE_FLAGS>;

export function certRemoveCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'rm',
      description: 'Removes the certificates and host keys of the servers that match a glob.',
      arguments: ['<reposerver>'],
      flags: CERT_REMOVE_FLAGS,
      examples: [
        { about: 'Forget a server', line: 'hawser cert rm git.example.com' },
        {
          about: 'Forget one host key',
          line: 'hawser cert rm git.example.com --cert-type ssh --cert-sub-type ssh-rsa',
        },
      ],
    },
    (options, server) => runRemove(server, options, context),
  );
}

async function runRemove(hostNamePattern: string, options: RemoveOptions, context: Context): Promise<void> {
  const { certType, certSubType, output } = options;
  if (hostNamePattern === '*')
    throw refusedOption('A single wildcard is not allowed as REPOSERVER name.', "name servers: '*.example.com'");
  const message = `Remove all certificates and host keys for '${hostNamePattern}'?`;
  if (!(await confirmIfAsked({ message, line: LINE_QUESTIONS.removeCertificates(hostNamePattern) }, context))) {
    const text = (): void =>
      context.io.out.write(`The command to remove all certificates for '${hostNamePattern}' was cancelled.\n`);
    await writeResult({ pattern: hostNamePattern, result: 'cancelled' }, { output, text }, context);
    return endDeclined(context);
  }
  const { client } = await context.connect();
  const answer = await client.call(deleteCertificates, {
    hostNamePattern,
    ...omitUndefined({ certType, certSubType }),
  });
  const removed = answer.items ?? [];
  const text = (): void => context.io.out.write(removed.length === 0 ? NONE : removed.map(lineOf).join(''));
  await writeResult({ pattern: hostNamePattern, removed }, { output, text }, context);
}

const NONE = 'No certificates were removed (none matched the given pattern)\n';

const lineOf = ({ serverName = '', certType = '', certSubType = '' }: Certificate): string =>
  `Removed cert for '${serverName}' of type '${certType}' (subtype '${certSubType}')\n`;
