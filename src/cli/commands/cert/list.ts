import type { Command } from 'commander';
import { listCertificates } from '../../../api/certificates.ts';
import { HawserError } from '../../../core/errors.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import type { Certificate } from '../../../model/certificate.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, outputFlag } from '../../output/document.ts';
import { writeItems } from '../../output/items.ts';

const CERT_LIST_FLAGS = [
  { ...outputFlag('wide, json or yaml'), default: 'wide', typedOnly: true },
  { name: 'sort', type: 'string', value: 'column', summary: 'sort by hostname or type (default: hostname)' },
  { name: 'cert-type', type: 'string', value: 'type', summary: 'only of this type: ssh or https' },
  { name: 'hostname-pattern', type: 'string', value: 'glob', summary: 'only of servers that match' },
] as const satisfies readonly Flag[];

type ListOptions = OptionsOf<typeof CERT_LIST_FLAGS>;

export function certListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists what servers of repositories are known by: certificates for TLS, host keys for ssh.',
      flags: CERT_LIST_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'List all of them', line: 'hawser cert list' },
        { about: 'List the certificates', line: 'hawser cert list --cert-type https' },
        { about: 'List what is known of some servers', line: "hawser cert list --hostname-pattern '*.example.com'" },
      ],
    },
    (options) => runList(options, context),
  );
}

async function runList(options: ListOptions, context: Context): Promise<void> {
  const { output, certType, hostnamePattern: hostNamePattern, sort } = options;
  checkCertType(certType);
  if (output !== undefined) checkFormat(output, ['wide', 'json', 'yaml', '']);
  const { client } = await context.connect();
  const answer = await client.call(listCertificates, omitUndefined({ certType, hostNamePattern }));
  const items = sorted(answer.items ?? [], sort ?? '');
  const rows = items.map(({ serverName = '', certType: type = '', certSubType = '', certInfo = '' }) => [
    serverName,
    type,
    certSubType,
    certInfo,
  ]);
  await writeItems(
    {
      items,
      output,
      table: () => ({ head: ['HOSTNAME', 'TYPE', 'SUBTYPE', 'INFO'], rows }),
      empty: 'none: hawser cert add-tls, hawser cert add-ssh',
    },
    context,
  );
}

function checkCertType(type: string | undefined): void {
  if (type === undefined || type === '' || type === 'ssh' || type === 'https') return;
  throw new HawserError('usage', `invalid value '${type}' for --cert-type`, {
    hint: 'valid values: ssh, https',
    reason: { kind: 'unknown-certificate-type' },
  });
}

/** By hostname where nothing else is said; as the server has them where the word is none. */
function sorted(items: readonly Certificate[], sort: string): readonly Certificate[] {
  const key = { '': 'serverName', hostname: 'serverName', type: 'certType' }[sort];
  if (key === undefined) return items;
  const textIn = (item: Certificate): string => (key === 'certType' ? item.certType : item.serverName) ?? '';
  return [...items].sort((a, b) => (textIn(a) < textIn(b) ? -1 : textIn(a) > textIn(b) ? 1 : 0));
}
