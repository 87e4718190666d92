import type { Command } from 'commander';
import { createApplication, listApplications } from '../../../api/applications.ts';
import { asHawserError, EXIT_CODES, HawserError } from '../../../core/errors.ts';
import { type Application, qualifiedName } from '../../../model/application.ts';
import type { Context } from '../../context.ts';
import { checkFields } from '../../input/check-fields.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { manifestFiles } from '../../input/manifest-files.ts';
import { readSource } from '../../input/read-source.ts';
import { NAMESPACE_FLAG } from '../../input/target.ts';
import { readTyped } from '../../input/typed-document.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { isAlready, isSame } from './shared/same-application.ts';
import { validationOf } from './shared/validation.ts';
import { applicationsFromText } from './spec/application-file.ts';

const APPLY_FLAGS = [
  NAMESPACE_FLAG,
  {
    name: 'file',
    short: 'f',
    type: 'stringArray',
    own: true,
    value: 'file',
    summary: 'a file, a folder, a URL, or - (stdin); repeatable',
  },
  { name: 'recursive', short: 'R', type: 'bool', own: true, summary: 'also read subfolders' },
  { name: 'dry-run', type: 'bool', own: true, summary: 'print what would change, without changing it' },
  { name: 'validate', type: 'bool', default: true, own: true, summary: 'validate repository and cluster' },
  { ...outputFlag('name, json or yaml'), own: true },
] as const satisfies readonly Flag[];

export type ApplyOptions = OptionsOf<typeof APPLY_FLAGS>;

export function applyCommand(context: Context, run = runApply): Command {
  return defineCommand(
    {
      name: 'apply',
      description:
        'Creates or updates applications from files. All documents are read before the first is applied. Nothing is deleted.',
      flags: APPLY_FLAGS,
      examples: [
        { about: 'Create or update the applications of a folder', line: 'hawser app apply -f apps/' },
        { about: 'Show what would change', line: 'hawser app apply -f apps/ -R --dry-run' },
        { about: 'Read a document from stdin', line: 'cat shop.yaml | hawser app apply -f -' },
      ],
    },
    (options) => run(options, context),
  );
}

type ApplyResult = 'created' | 'configured' | 'unchanged';

interface Applied {
  readonly name: string;
  readonly namespace?: string;
  readonly result: ApplyResult | 'failed';
  readonly error?: HawserError;
}

async function runApply(options: ApplyOptions, context: Context): Promise<void> {
  if (options.output !== undefined) checkFormat(options.output, ['name', 'json', 'yaml']);
  const targets = await gather(options, context);
  const existing = await readExisting(targets, context);
  const results: Applied[] = [];
  for (const app of targets) {
    const applied = await applyOne(app, { existing, options, context });
    results.push(applied);
    tell(applied, options, context);
  }
  const failed = results.filter(({ error }) => error !== undefined);
  if (failed.length > 0) throw failure(failed, results);
  const answer = results.map(({ name, namespace, result }) => ({ name, namespace, result }));
  await writeDocument({ applications: answer }, options.output ?? '', context);
}

async function gather(
  { file, appNamespace, recursive = false }: ApplyOptions,
  context: Context,
): Promise<Application[]> {
  if (!file?.length) {
    throw new HawserError('usage', 'hawser app apply needs -f', {
      hint: 'hawser app apply -f FILE (or a folder, a URL, -)',
    });
  }
  const files = (await Promise.all(file.map((path) => manifestFiles(path, recursive)))).flat();
  const applications: Application[] = [];
  for (const filePath of files) {
    const text = await readSource(filePath, context);
    const name = filePath === '-' ? 'stdin' : filePath;
    await checkFields({ text, source: name, kind: 'Application' }, context);
    for (const app of readTyped(() => applicationsFromText(text, name), context)) {
      const placed = appNamespace ? { ...app, metadata: { ...app.metadata, namespace: appNamespace } } : app;
      if (applications.some((other) => isSameName(other, placed))) {
        throw new HawserError('usage', `${filePath}: application '${placed.metadata.name}' is there twice`);
      }
      applications.push(placed);
    }
  }
  return applications;
}

const isSameName = (a: Application, b: Application): boolean =>
  a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;

async function readExisting(targets: readonly Application[], context: Context): Promise<readonly Application[]> {
  const { client } = await context.connect();
  const namespaces = new Set(targets.map(({ metadata }) => metadata.namespace));
  const lists = await Promise.all(
    [...namespaces].map((appNamespace) => client.call(listApplications, { appNamespace })),
  );
  return lists.flatMap(({ items }) => items ?? []);
}

interface Setting {
  readonly existing: readonly Application[];
  readonly options: ApplyOptions;
  readonly context: Context;
}

async function applyOne(app: Application, { existing, options, context }: Setting): Promise<Applied> {
  const { name, namespace } = app.metadata;
  const before = existing.find(
    ({ metadata }) => metadata.name === name && (namespace === undefined || metadata.namespace === namespace),
  );
  if (before && isAlready(before, app)) return { name, namespace, result: 'unchanged' };
  if (options.dryRun) return { name, namespace, result: before ? 'configured' : 'created' };
  try {
    const { client } = await context.connect();
    const request = { application: app, upsert: true, ...validationOf(options, context) };
    const after = await client.call(createApplication, request);
    const result = before === undefined ? 'created' : isSame(before, after) ? 'unchanged' : 'configured';
    return { name, namespace, result };
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    return { name, namespace, result: 'failed', error: asHawserError(thrown) };
  }
}

function tell({ name, namespace, result, error }: Applied, { output, dryRun }: ApplyOptions, context: Context): void {
  if (error) context.say(`application '${name}' failed: ${error.message}`);
  else if (output === 'name')
    context.io.out.write(`${qualifiedName({ metadata: { name, namespace }, spec: NOTHING })}\n`);
  else if (output === undefined) context.io.out.write(`application '${name}' ${result}${dryRun ? ' (dry run)' : ''}\n`);
}

const NOTHING = { destination: {}, project: '' };

/** One that failed hides nothing of the others; the worst reason gives the code. */
function failure(failed: readonly Applied[], results: readonly Applied[]): HawserError {
  const errors = failed.flatMap(({ error }) => (error ? [error] : []));
  const [worst] = errors.sort((a, b) => EXIT_CODES[b.code] - EXIT_CODES[a.code]);
  const names = failed.map(({ name }) => `'${name}'`).join(', ');
  const message = `${failed.length} of ${results.length} applications were not applied: ${names}`;
  const applications = results.map(({ error, ...rest }) => (error ? { ...rest, error: error.message } : rest));
  return new HawserError(worst?.code ?? 'internal', message, { hint: worst?.hint, details: { applications } });
}
