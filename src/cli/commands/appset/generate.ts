import type { Command } from 'commander';
import { generateApplications } from '../../../api/application-sets.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import { applicationTable } from '../../../render/applications.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { NAMESPACE } from './shared/flags.ts';
import { readSets } from './shared/read-sets.ts';

const FLAGS = [NAMESPACE, { ...outputFlag('wide, json or yaml'), default: 'wide' }] as const satisfies readonly Flag[];

export function appsetGenerateCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'generate',
      description: 'Shows the applications that the ApplicationSet of a file would make. Nothing is stored.',
      arguments: ['<file>'],
      argumentSummaries: { file: 'file or URL; - is stdin' },
      flags: FLAGS,
      examples: [
        { about: 'List the applications', line: 'hawser appset generate shops.yaml' },
        { about: 'Print them as YAML', line: 'hawser appset generate shops.yaml -o yaml' },
        { about: 'Read the set from stdin', line: 'hawser appset generate - -o json' },
      ],
    },
    (options, file) => runGenerate(options, file, context),
  );
}

async function runGenerate({ output, appsetNamespace }: OptionsOf<typeof FLAGS>, file: string, context: Context) {
  checkFormat(output, ['wide', 'json', 'yaml']);
  const sets = await readSets(file, appsetNamespace, context);
  const [applicationSet] = sets;
  if (!applicationSet || sets.length > 1) throw notOne(sets.length);
  const { client } = await context.connect();
  const { applications = [] } = await client.call(generateApplications, { applicationSet });
  const documents = applications.map(asManifest);
  if (await writeDocument(documents.length === 1 ? documents[0] : documents, output, context)) return;
  const { style, table } = await context.view();
  const columns = context.policy.own.add(() => 'brief' as const, 'wide' as const);
  context.io.out.write(table(applicationTable(applications, columns, context.clock.now()), style));
}

function notOne(count: number): HawserError {
  return new HawserError('usage', `the file has ${count} ApplicationSets, not one`, {
    reason: { kind: 'wrong-count-of-sets', says: 'Input file must contain one ApplicationSet' },
  });
}

/** As it would be kept in Git. */
function asManifest({ metadata, status: _status, ...rest }: Application): object {
  const { creationTimestamp: _created, namespace: _namespace, ...named } = metadata;
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: named, ...rest };
}
