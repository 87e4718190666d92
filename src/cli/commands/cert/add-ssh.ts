import type { Command } from 'commander';
import { createCertificates } from '../../../api/certificates.ts';
import { HawserError } from '../../../core/errors.ts';
import { parseKnownHosts } from '../../../model/certificate.ts';
import type { Context } from '../../context.ts';
import { refusedOption } from '../../input/access-flags.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { FROM, readFrom, UPSERT } from './shared/from.ts';

const CERT_ADD_SSH_FLAGS = [
  { name: 'batch', type: 'bool', summary: 'read lines of a known_hosts file; needed' },
  FROM,
  UPSERT,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type AddOptions = OptionsOf<typeof CERT_ADD_SSH_FLAGS>;

export function certAddSshCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'add-ssh',
      description: 'Adds the host keys that servers of repositories are known by, as lines of a known_hosts file.',
      flags: CERT_ADD_SSH_FLAGS,
      examples: [
        {
          about: 'Trust the keys that a server shows now',
          line: 'ssh-keyscan git.example.com | hawser cert add-ssh --batch',
        },
        { about: 'Add the keys of a file', line: 'hawser cert add-ssh --batch --from known_hosts' },
      ],
    },
    (options) => runAdd(options, context),
  );
}

async function runAdd({ batch, from, upsert = false, output }: AddOptions, context: Context): Promise<void> {
  if (!batch)
    throw refusedOption('you need to specify --batch or specify --help for usage instructions', 'add --batch');
  const text = await readFrom(
    from,
    {
      file: 'Reading SSH known hosts entries from file',
      stdin: 'Enter SSH known hosts entries, one per line. Press CTRL-D when finished.',
    },
    context,
  );
  const hosts = parseKnownHosts(text);
  if (hosts.length === 0)
    throw new HawserError('usage', 'No valid SSH known hosts data found.', {
      hint: 'give lines like: git.example.com ssh-ed25519 AAAA…; hashed names are fine, markers are not',
      reason: { kind: 'invalid-argument' },
    });
  const { client } = await context.connect();
  const items = hosts.map(({ host, keyType, key }) => ({
    serverName: host,
    certType: 'ssh',
    certSubType: keyType,
    certData: Buffer.from(key).toString('base64'),
  }));
  const created = (await client.call(createCertificates, { certificates: { items }, upsert })).items ?? [];
  const told = `Successfully created ${created.length} SSH known host entries\n`;
  const document = { created: created.length, unchanged: items.length - created.length, result: 'added' };
  await writeResult(document, { output, text: () => context.io.out.write(told) }, context);
}
