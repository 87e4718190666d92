import type { Command } from 'commander';
import { type ImportEvent, type ImportInstallation, importInstallation, pruneName } from '../../../api/installation.ts';
import { asHawserError, HawserError } from '../../../core/errors.ts';
import { isObject, listAt, textAt } from '../../../core/json.ts';
import { formatDuration, timestamp } from '../../../core/time.ts';
import type { Connection, Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { confirmIfAsked, confirmOrRefuse, endDeclined } from '../../input/confirm.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { readSource } from '../../input/read-source.ts';
import { readTyped } from '../../input/typed-document.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { fromHawser, INSTALLATION_FLAGS, openInstallation, SCOPE_FLAGS, scopeOf } from './shared/installation.ts';

const FLAGS = [
  ...INSTALLATION_FLAGS,
  ...SCOPE_FLAGS,
  { name: 'dry-run', type: 'bool', summary: 'check everything and write nothing' },
  {
    name: 'ignore-tracking',
    type: 'bool',
    summary: 'keep the tracking label and annotation of objects that have one',
  },
  {
    name: 'override-on-conflict',
    type: 'bool',
    summary: 'write an object even if it changes meanwhile',
  },
  {
    name: 'prompts-enabled',
    type: 'bool',
    hidden: true,
    summary: 'ask before each object is pruned',
  },
  { name: 'prune', type: 'bool', summary: 'delete what is not among the documents; what applications deployed stays' },
  {
    name: 'skip-resources-with-label',
    type: 'string',
    value: 'key=value',
    summary: 'skip objects with this label',
  },
  { name: 'stop-operation', type: 'bool', summary: 'leave out operations that were running' },
  { name: 'verbose', type: 'bool', summary: 'list objects that are unchanged' },
  { name: 'yes', short: 'y', type: 'bool', own: true, summary: 'skip confirmation' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type ImportOptions = OptionsOf<typeof FLAGS>;

export function importCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'import',
      description:
        'Brings what `admin export` printed into the local system, the server in use, or with --context or --namespace into a cluster. All documents are checked, by the cluster too, before the first is written.',
      arguments: ['<source>'],
      argumentSummaries: { '<source>': 'a file, a URL, or - for stdin' },
      flags: FLAGS,
      examples: [
        { about: 'See what would change', line: 'hawser admin import backup.yaml --dry-run' },
        { about: 'Make the installation what the file says', line: 'hawser admin import backup.yaml --prune' },
        {
          about: 'Move the local system to a real Argo CD',
          line: 'hawser admin export --secrets | hawser admin import - --context prod --namespace argocd',
        },
      ],
    },
    (options, source) => runImport(source, options, context),
  );
}

async function runImport(source: string, options: ImportOptions, context: Context): Promise<void> {
  const { clock, policy } = context;
  const began = clock.now();
  const named = options.namespace ?? 'argocd';
  policy.wording.narrate(`import process started ${named}\n`, context);
  const documents = await documentsOf(source, context);
  const connection = await openInstallation(options, context);
  const input = inputOf(documents, options, context);
  const prune = await pruned(connection, { input, options }, context);
  if (prune === undefined) return endDeclined(context);
  const events = await imported(connection, { input: { ...input, prune }, options }, context);
  const text = (): void => summarize(events, options, context);
  await writeResult({ dryRun: options.dryRun ?? false, objects: events }, { output: options.output, text }, context);
  const took = goDuration(clock.now() - began);
  policy.wording.narrate(
    `Import process completed successfully in namespace ${named} at ${timestamp(clock.now())}, duration: ${took}\n`,
    context,
  );
}

const goDuration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds}ms` : formatDuration(milliseconds);

async function documentsOf(source: string, context: Context): Promise<readonly unknown[]> {
  const { parseYamlDocuments } = await import('../../../core/yaml.ts');
  const text = await readSource(source, context);
  const documents = readTyped(() => parseYamlDocuments(text, source), context)
    .filter((document) => document !== null && document !== undefined)
    // As `kubectl get -o yaml` prints several.
    .flatMap((document): readonly unknown[] => (isListOfObjects(document) ? listAt(document, 'items') : [document]));
  if (documents.length > 0) return documents;
  const nothing = new HawserError('usage', `there are no documents in ${source}`, {
    hint: 'hawser admin export -o FILE',
  });
  context.policy.own.refuse(nothing);
  return documents;
}

const isListOfObjects = (document: unknown): boolean =>
  isObject(document) && textAt(document, 'kind') === 'List' && textAt(document, 'apiVersion') === 'v1';

function inputOf(objects: readonly unknown[], options: ImportOptions, context: Context): ImportInstallation {
  const { dryRun, ignoreTracking, overrideOnConflict, stopOperation, skipResourcesWithLabel: skipLabel } = options;
  return {
    ...scopeOf(options, context),
    objects,
    ...(dryRun ? { dryRun } : {}),
    ...(ignoreTracking ? { ignoreTracking } : {}),
    ...(overrideOnConflict ? { overrideOnConflict } : {}),
    ...(stopOperation ? { stopOperation } : {}),
    ...(skipLabel ? { skipLabel } : {}),
  };
}

interface Importing {
  readonly input: ImportInstallation;
  readonly options: ImportOptions;
}

/** The names of what goes; undefined when a person said no to all of it. */
async function pruned(
  { client }: Connection,
  { input, options }: Importing,
  context: Context,
): Promise<readonly string[] | undefined> {
  if (!options.prune) return [];
  const extra: ImportEvent[] = [];
  await fromHawser(async () => {
    for await (const event of client.stream(importInstallation, { ...input, dryRun: true }))
      if (event.action === 'extra') extra.push(event);
  });
  const names = extra.map(pruneName);
  if (options.dryRun || extra.length === 0) return names;
  return context.policy.own.add(() => agreedTogether, agreedEach)(extra, options, context);
}

async function agreedTogether(
  extra: readonly ImportEvent[],
  { yes = false }: ImportOptions,
  context: Context,
): Promise<readonly string[] | undefined> {
  const names = extra.map(pruneName);
  const message = `Delete ${names.join(', ')} from the installation?`;
  const agreed = yes || (await confirmOrRefuse({ message, line: `${message} [y/n] `, flag: '--yes' }, context));
  return agreed ? names : undefined;
}

async function agreedEach(
  extra: readonly ImportEvent[],
  { promptsEnabled }: ImportOptions,
  context: Context,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const event of extra) {
    const { group, kind, name } = event;
    const message = `Are you sure you want to prune ${group}/${kind} ${name}?`;
    const question = { message, line: `${message} [y/n] ` };
    const isAsked = promptsEnabled && context.prompt.possible;
    const agreed = isAsked ? context.prompt.confirm({ ...question, preset: false }) : confirmIfAsked(question, context);
    if (await agreed) names.push(pruneName(event));
    else context.io.out.write(`The command to prune ${group}/${kind} ${name} was cancelled.\n`);
  }
  return names;
}

const WRITTEN: readonly string[] = ['created', 'updated', 'pruned'];

/** Tells each object as it is written; where the cluster fails half way, what was written is told. */
async function imported(
  { client }: Connection,
  { input, options }: Importing,
  context: Context,
): Promise<readonly ImportEvent[]> {
  const events: ImportEvent[] = [];
  try {
    await fromHawser(async () => {
      for await (const event of client.stream(importInstallation, input)) {
        events.push(event);
        if (options.output === undefined) tell(event, options, context);
      }
    });
  } catch (thrown) {
    const written = events.filter(({ action }) => WRITTEN.includes(action));
    if (written.length === 0 || options.dryRun) throw thrown;
    const error = asHawserError(thrown);
    throw error.with({
      message: `${error.message}; ${count(written.length, 'object')} had been written before`,
      details: { written },
      hint: error.hint ?? 'import the same file again: what is written already stays as it is',
    });
  }
  return events;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function tell(event: ImportEvent, { dryRun, prune, verbose }: ImportOptions, context: Context): void {
  const { action, group, kind, namespace, name } = event;
  const dry = dryRun ? ' (dry run)' : '';
  const place = `${group}/${kind} ${name}`;
  const said: Readonly<Record<ImportEvent['action'], { readonly own: string; readonly reference: string }>> = {
    created: { own: 'created', reference: `${place} in namespace ${namespace} created${dry}\n` },
    updated: { own: 'updated', reference: `${place} in namespace ${namespace} updated${dry}\n` },
    unchanged: { own: verbose ? 'unchanged' : '', reference: verbose ? `${place} unchanged${dry}\n` : '' },
    skipped: { own: verbose ? 'skipped' : '', reference: '' },
    pruned: { own: 'pruned', reference: `${place} pruned${dry}\n` },
    extra: { own: verbose ? 'not among the documents' : '', reference: prune ? '' : `${place} needs pruning\n` },
  };
  const { own, reference } = said[action];
  const { wording } = context.policy;
  if (own !== '') wording.tellChange({ own: `${kind} ${namespace}/${name} ${own}${dry}`, reference }, context);
  else if (reference !== '') wording.narrate(reference, context);
}

function summarize(events: readonly ImportEvent[], { dryRun, prune }: ImportOptions, context: Context): void {
  const { wording } = context.policy;
  const counts = (['created', 'updated', 'pruned', 'unchanged', 'skipped'] as const)
    .map((action) => ({ action, many: events.filter((event) => event.action === action).length }))
    .filter(({ many }) => many > 0);
  const told = counts.map(({ action, many }) => `${many} ${action}`).join(', ') || 'nothing to import';
  wording.advise(`${told}${dryRun ? ' (dry run: nothing was written)' : ''}`, context);
  const extra = events.filter(({ action }) => action === 'extra').length;
  if (extra > 0 && !prune)
    wording.advise(`${count(extra, 'object')} not among the documents stayed (--prune deletes)`, context);
}
