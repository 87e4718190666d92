import type { Command } from 'commander';
import { type ExportInstallation, exportInstallation } from '../../../api/installation.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Connection, Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { fromHawser, INSTALLATION_FLAGS, openInstallation, SCOPE_FLAGS, scopeOf } from './shared/installation.ts';

const FLAGS = [
  ...INSTALLATION_FLAGS,
  ...SCOPE_FLAGS,
  { name: 'out', short: 'o', type: 'string', default: '-', value: 'file', summary: 'file to write; - is stdout' },
  {
    name: 'secrets',
    type: 'bool',
    own: true,
    summary: 'export Secrets too: passwords, tokens and keys, as they are',
  },
] as const satisfies readonly Flag[];

type ExportOptions = OptionsOf<typeof FLAGS>;

export function exportCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'export',
      description:
        'Prints everything that an installation consists of, as YAML: settings, projects, applications with their history, ApplicationSets, and with --secrets the Secrets. Of the local system or the server in use; with --context or --namespace of the installation in a cluster, which may be a real Argo CD. `hawser admin import` takes it.',
      flags: FLAGS,
      examples: [
        { about: 'Keep a copy of the local system', line: 'hawser admin export --secrets -o backup.yaml' },
        {
          about: 'Move a real Argo CD to the local system',
          line: 'hawser admin export --context prod --namespace argocd --secrets | hawser admin import -',
        },
        { about: 'See what would be exported, but no Secrets', line: 'hawser admin export' },
      ],
    },
    (options) => runExport(options, context),
  );
}

/** There may be Secrets in it. */
const FILE_MODE = 0o600;

async function runExport(options: ExportOptions, context: Context): Promise<void> {
  const { out } = options;
  const { openReportFile } = await import('../../io/report-file.ts');
  const file = out === '-' ? undefined : await openReportFile(out, FILE_MODE);
  try {
    const connection = await openInstallation(options, context);
    const secrets = context.policy.own.add(() => options.secrets ?? false, true);
    const { text, secretsLeftOut } = await exportedBy(connection, { ...scopeOf(options, context), secrets });
    if (file) await file.write(text);
    else context.io.out.write(text);
    if (secretsLeftOut > 0)
      context.policy.wording.advise(
        `${secretsLeftOut} Secret${secretsLeftOut === 1 ? ' was' : 's were'} left out (--secrets exports them too)`,
        context,
      );
  } catch (thrown) {
    await file?.discard();
    throw thrown;
  }
}

/** All of it, before anything is written: half an export is none. */
async function exportedBy(
  { client }: Connection,
  input: ExportInstallation,
): Promise<{ readonly text: string; readonly secretsLeftOut: number }> {
  const { formatYaml } = await import('../../../core/yaml.ts');
  const parts: string[] = [];
  let left: number | undefined;
  await fromHawser(async () => {
    for await (const { object, secretsLeftOut } of client.stream(exportInstallation, input)) {
      if (object !== undefined) parts.push(`${formatYaml(object, { sortKeys: true })}---\n`);
      left = secretsLeftOut ?? left;
    }
  });
  if (left === undefined)
    throw new HawserError('bad-answer', 'the export ended before its end', { hint: 'run it again' });
  return { text: parts.join(''), secretsLeftOut: left };
}
