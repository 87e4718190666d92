import type { Command } from 'commander';
import { createApplication, listApplications } from '../../../../api/applications.ts';
import { HawserError } from '../../../../core/errors.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { type Application, isAutomated } from '../../../../model/application.ts';
import { renderSpecDifference } from '../../../../render/spec-difference.ts';
import type { Context } from '../../../context.ts';
import { checkFields } from '../../../input/check-fields.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { withReadableRepository } from '../../../input/git-folder.ts';
import { readSource, readSourceValue } from '../../../input/read-source.ts';
import { NAMESPACE_FLAG } from '../../../input/target.ts';
import { readTyped } from '../../../input/typed-document.ts';
import { checkFormat, outputFlag, writeDocument } from '../../../output/document.ts';
import { isSame } from '../shared/same-application.ts';
import { validationOf } from '../shared/validation.ts';
import { applicationFromFlags, applicationsFromText, overlay } from '../spec/application-file.ts';
import { APPLICATION_FLAGS, SPEC_FLAGS } from '../spec/flags.ts';

const CREATE_FLAGS = [
  ...SPEC_FLAGS,
  ...APPLICATION_FLAGS,
  NAMESPACE_FLAG,
  {
    name: 'file',
    short: 'f',
    type: 'string',
    value: 'file',
    summary: 'read applications from a file, a URL, or - (stdin)',
  },
  { name: 'name', type: 'string', summary: 'name of the application (same as APPNAME)' },
  { name: 'upsert', type: 'bool', summary: 'update the application if it exists' },
  { name: 'validate', type: 'bool', default: true, summary: 'validate repository and cluster' },
  { name: 'dry-run', type: 'bool', own: true, summary: 'print the manifest without creating the application' },
  { ...outputFlag('print the result as json or yaml'), own: true },
  { name: 'yes', short: 'y', type: 'bool', own: true, summary: 'skip confirmation' },
] as const satisfies readonly Flag[];

export type CreateOptions = OptionsOf<typeof CREATE_FLAGS> & { readonly appname?: string };

export function createCommand(context: Context, run = runCreate): Command {
  return defineCommand(
    {
      name: 'create',
      description:
        'Creates an application from flags or from a file. In a terminal it prompts for what is missing and asks for confirmation.',
      arguments: ['[appname]'],
      flags: CREATE_FLAGS,
      examples: [
        { about: 'Answer questions, and confirm', line: 'hawser app create' },
        {
          about: 'Deploy a folder of a repository, now and after each commit',
          line: 'hawser app create shop --repo https://git.example.com/shop/deploy.git --path overlays/prod --dest-server https://kubernetes.default.svc --dest-namespace shop --sync-option CreateNamespace=true --sync-policy automated --self-heal',
        },
        {
          about: 'Deploy a Helm chart',
          line: 'hawser app create redis --repo https://charts.example.com --helm-chart redis --revision 19.6.0 --dest-server https://kubernetes.default.svc --dest-namespace redis --sync-option CreateNamespace=true',
        },
        {
          about: 'Write the manifest to a file, for Git',
          line: 'hawser app create shop --repo https://git.example.com/shop/deploy.git --path prod --dest-name in-cluster --dest-namespace shop --dry-run -o yaml > shop.yaml',
        },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

async function runCreate(options: CreateOptions, context: Context): Promise<void> {
  if (options.output !== undefined) checkFormat(options.output, ['json', 'yaml']);
  const applications = await gather(options, context);
  if (options.dryRun) return writeManifests(applications, options.output, context);
  const results: Application[] = [];
  for (const app of applications) results.push(await createOne(app, options, context));
  if (options.output) await writeDocument(results.length === 1 ? results[0] : results, options.output, context);
}

/** What would be sent, as documents that can be kept in Git and applied. */
async function writeManifests(
  applications: readonly Application[],
  output: string | undefined,
  context: Context,
): Promise<void> {
  const documents = applications.map((app) => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', ...app }));
  if (output === 'json') {
    await writeDocument(documents.length === 1 ? documents[0] : documents, output, context);
    return;
  }
  const { formatYaml } = await import('../../../../core/yaml.ts');
  context.io.out.write(documents.map((document) => formatYaml(document, { sortKeys: true })).join('---\n'));
}

async function gather(flags: CreateOptions, context: Context): Promise<Application[]> {
  const options = await withReadableRepository(flags, context);
  const values = options.valuesLiteralFile && (await readSourceValue(options.valuesLiteralFile, context));
  const name = nameOf(options);
  if (options.file !== undefined) {
    const text = await readSource(options.file, context);
    const source = options.file === '-' ? 'stdin' : options.file;
    await checkFields({ text, source, kind: 'Application' }, context);
    const applications = readTyped(() => applicationsFromText(text, source, name), context);
    const overlaid = (): Application[] =>
      applications.map((app) => overlay(app, { ...options, appname: name }, values));
    return options.file === '-' ? context.policy.own.add(overlaid, applications) : overlaid();
  }
  // The reference leaves it to the server to find what is missing beside the name.
  const missing = context.policy.own.add(() => missingOf(name, options), []);
  if (name !== undefined && missing.length === 0) return [applicationFromFlags(name, options, values)];
  if (!context.prompt.interactive || options.yes) throw nothingNamed(missing);
  const { askForApplication } = await import('./questions.ts');
  const { application } = await askForApplication({ ...omitUndefined({ name }), flags: options }, context);
  return [application];
}

function nameOf({ appname, name }: CreateOptions): string | undefined {
  if (appname !== undefined && name !== undefined && appname !== name) {
    throw new HawserError('usage', `--name argument '${name}' does not match app name ${appname}`, {
      hint: 'leave --name out: the argument says it',
      reason: { kind: 'invalid-argument' },
    });
  }
  return appname ?? name;
}

/** What an application cannot be without. */
function missingOf(name: string | undefined, flags: CreateOptions): string[] {
  const hydrated = flags.drySourceRepo !== undefined;
  return [
    name ? '' : 'APPNAME',
    flags.repo || hydrated ? '' : '--repo',
    flags.path || flags.helmChart || flags.ref || hydrated ? '' : '--path (or --helm-chart)',
    flags.destServer || flags.destName ? '' : '--dest-server (or --dest-name)',
  ].filter((what) => what !== '');
}

function nothingNamed(missing: readonly string[]): HawserError {
  return new HawserError('usage', `hawser app create needs ${missing.join(', ')}`, {
    hint: 'hawser app create NAME --repo URL --path FOLDER --dest-server https://kubernetes.default.svc --dest-namespace default',
    details: { missing },
    reason: { kind: 'incomplete-command' },
  });
}

async function createOne(app: Application, options: CreateOptions, context: Context): Promise<Application> {
  const { client } = await context.connect();
  const { name, namespace } = app.metadata;
  const existingList = await client.call(listApplications, { name, appNamespace: namespace });
  const existing = (existingList.items ?? []).find((item) => item.metadata.name === name);
  const request = { application: app, upsert: options.upsert ?? false, ...validationOf(options, context) };
  let created: Application;
  try {
    created = await client.call(createApplication, request);
  } catch (thrown) {
    throw existing && isConflict(thrown) ? await differenceError(existing, app, thrown) : thrown;
  }
  const says =
    existing === undefined ? 'created' : options.upsert && !isSame(existing, created) ? 'updated' : 'unchanged';
  if (!options.output) context.io.out.write(`application '${name}' ${says}\n`);
  if (context.prompt.interactive && !options.output) context.policy.wording.advise(nextStep(created), context);
  return created;
}

/** What to type next. */
const nextStep = ({ metadata: { name }, spec }: Application): string =>
  isAutomated(spec) ? `next: hawser app wait ${name}` : `next: hawser app sync ${name}`;

const isConflict = (thrown: unknown): thrown is HawserError =>
  thrown instanceof HawserError && thrown.code === 'already-exists';

async function differenceError(existing: Application, desired: Application, cause: HawserError): Promise<HawserError> {
  const difference = await renderSpecDifference(existing, desired);
  return cause.with({
    message: `application '${desired.metadata.name}' exists with another spec${difference === '' ? '' : `:\n${difference.trimEnd()}`}`,
    hint: 'add --upsert to change it',
    details: { difference },
    reason: { kind: 'different-spec', message: cause.message },
  });
}
