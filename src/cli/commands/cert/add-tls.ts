import type { Command } from 'commander';
import { createCertificates } from '../../../api/certificates.ts';
import { HawserError } from '../../../core/errors.ts';
import { parsePemCertificates } from '../../../model/certificate.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { FROM, readFrom, UPSERT } from './shared/from.ts';

const CERT_ADD_TLS_FLAGS = [FROM, UPSERT, RESULT_FLAG] as const satisfies readonly Flag[];

type AddOptions = OptionsOf<typeof CERT_ADD_TLS_FLAGS>;

export function certAddTlsCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'add-tls',
      description:
        'Adds the certificates that are trusted for a server of repositories: its own, or those of its authority. No other is trusted for it then.',
      arguments: ['<servername>'],
      flags: CERT_ADD_TLS_FLAGS,
      examples: [
        { about: 'Trust an authority for a server', line: 'hawser cert add-tls git.example.com --from ca.pem' },
        { about: 'Replace what is there', line: 'hawser cert add-tls git.example.com --from ca.pem --upsert' },
      ],
    },
    (options, server) => runAdd(server, options, context),
  );
}

async function runAdd(
  serverName: string,
  { from, upsert = false, output }: AddOptions,
  context: Context,
): Promise<void> {
  const text = await readFrom(
    from,
    {
      file: 'Reading TLS certificate data in PEM format from',
      stdin: 'Enter TLS certificate data in PEM format. Press CTRL-D when finished.',
    },
    context,
  );
  const certificates = parsePemCertificates(text);
  if (certificates.length === 0) {
    context.policy.own.refuse(
      new HawserError('usage', `there is no certificate in ${from ?? 'stdin'}`, {
        hint: 'give PEM: -----BEGIN CERTIFICATE-----',
      }),
    );
    context.io.out.write('No valid certificates have been detected in the stream.\n');
    return;
  }
  const { client } = await context.connect();
  const certData = Buffer.from(certificates.join('\n')).toString('base64');
  await client.call(createCertificates, {
    certificates: { items: [{ serverName, certType: 'https', certData }] },
    upsert,
  });
  const count = certificates.length;
  const told = `Created/updated TLS certificate entry for repository server ${serverName} with ${count} unique PEM certificates\n`;
  const document = { server: serverName, certificates: count, result: 'added' };
  await writeResult(document, { output, text: () => context.io.out.write(told) }, context);
}
