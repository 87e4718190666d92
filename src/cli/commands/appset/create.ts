import type { Command } from 'commander';
import { createApplicationSet, getApplicationSet } from '../../../api/application-sets.ts';
import { HawserError } from '../../../core/errors.ts';
import { sameJson, toJson } from '../../../core/json.ts';
import type { ApplicationSet } from '../../../model/application-set.ts';
import { applicationSetText } from '../../../render/application-set.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { NAMESPACE, setTarget } from './shared/flags.ts';
import { readSets } from './shared/read-sets.ts';
import { untilUpToDate } from './shared/wait.ts';

const FLAGS = [
  NAMESPACE,
  { name: 'dry-run', type: 'bool', summary: 'show what would be created' },
  { ...outputFlag('wide, json or yaml'), default: 'wide' },
  { name: 'upsert', type: 'bool', summary: 'change the set if it exists' },
  { name: 'wait', type: 'bool', summary: 'wait until its applications are up to date' },
] as const satisfies readonly Flag[];

type CreateOptions = OptionsOf<typeof FLAGS>;

export function appsetCreateCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'create',
      description: 'Creates the ApplicationSets of files or URLs, or changes them with --upsert.',
      arguments: ['<file...>'],
      argumentSummaries: { file: 'files or URLs; - is stdin' },
      flags: FLAGS,
      examples: [
        { about: 'Create the sets of a file', line: 'hawser appset create shops.yaml' },
        { about: 'See the applications first', line: 'hawser appset create shops.yaml --dry-run -o yaml' },
        { about: 'Change them, and wait', line: 'hawser appset create shops.yaml --upsert --wait' },
      ],
    },
    (options, files) => runCreate(options, files, context),
  );
}

async function runCreate(options: CreateOptions, files: readonly string[], context: Context): Promise<void> {
  checkFormat(options.output, ['wide', 'json', 'yaml']);
  // The reference reads the first alone.
  const read = context.policy.own.add(() => files, files.slice(0, 1));
  const sets: ApplicationSet[] = [];
  for (const file of read) sets.push(...(await readSets(file, options.appsetNamespace, context)));
  if (sets.length === 0) throw noSets(files);
  for (const set of sets) await createOne(set, options, context);
}

function noSets(files: readonly string[]): HawserError {
  return new HawserError('usage', `there is no ApplicationSet in ${files.join(', ')}`, {
    reason: { kind: 'wrong-count-of-sets', says: 'No ApplicationSets found while parsing the input file' },
  });
}

async function createOne(set: ApplicationSet, options: CreateOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const { upsert = false, dryRun = false, output } = options;
  const target = setTarget(set.metadata.name, set.metadata.namespace);
  const existing = await client.call(getApplicationSet, target).catch((thrown: unknown) => {
    if (thrown instanceof HawserError && thrown.code === 'not-found') return undefined;
    throw thrown;
  });
  const created = await client.call(createApplicationSet, { applicationset: set, upsert, dryRun });
  const result = !existing ? 'created' : isSame(existing, created) ? 'unchanged' : 'updated';
  context.say(`ApplicationSet '${set.metadata.name}' ${result}${dryRun ? ' (dry-run)' : ''}`);
  if (options.wait && !dryRun) {
    await untilUpToDate(target, context);
    context.say(`ApplicationSet '${set.metadata.name}' resources are up to date`);
  }
  if (await writeDocument(created, output, context)) return;
  const tail = (created.status?.conditions ?? []).length > 0 ? context.policy.layout.yamlTail : '';
  context.io.out.write(`${applicationSetText(created, await context.view())}${tail}`);
}

const isSame = (before: ApplicationSet, after: ApplicationSet): boolean =>
  before.metadata.resourceVersion === after.metadata.resourceVersion ||
  sameJson(toJson(before.spec), toJson(after.spec));
