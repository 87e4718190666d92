import { HawserError } from '../../../../core/errors.ts';
import { canonicalJson, objectAt, parseJson, toJson } from '../../../../core/json.ts';
import type { Application } from '../../../../model/application.ts';
import type { CommandFactory } from '../../../command-tree.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { withReadableRepository } from '../../../input/git-folder.ts';
import { writeManifests } from '../../../input/manifest-output.ts';
import { readSource, readSourceValue } from '../../../input/read-source.ts';
import { readTyped } from '../../../input/typed-document.ts';
import { outputFlag } from '../../../output/document.ts';

const OWN_FLAGS = [
  { name: 'file', short: 'f', type: 'string', value: 'file', summary: 'begin with the application of a file or URL' },
  { name: 'inline', short: 'i', type: 'bool', summary: 'write the result to the file that --file names' },
  { name: 'name', type: 'string', summary: 'name of the application (same as APPNAME)' },
  {
    name: 'validate',
    type: 'bool',
    default: true,
    hidden: true,
    summary: 'accepted, and without effect: no server is asked',
  },
  { ...outputFlag('yaml or json'), default: 'yaml' },
] as const satisfies readonly Flag[];

const specs = () => Promise.all([import('../../app/spec/flags.ts'), import('../../app/spec/application-file.ts')]);

type Spec = Awaited<ReturnType<typeof specs>>;
type GenerateOptions = OptionsOf<Spec[0]['SPEC_FLAGS']> &
  OptionsOf<Spec[0]['APPLICATION_FLAGS']> &
  OptionsOf<typeof OWN_FLAGS> & { readonly appname?: string };

/** With the flags of `app create`, which are not of this noun. */
export async function loadGenerateSpec(): Promise<CommandFactory> {
  const [{ SPEC_FLAGS, APPLICATION_FLAGS }, { applicationFromFlags, applicationsFromText, overlay }] = await specs();

  async function gather(typed: GenerateOptions, context: Context): Promise<readonly Application[]> {
    const options = await withReadableRepository(typed, context);
    const { file, valuesLiteralFile, inline } = options;
    const values = valuesLiteralFile && (await readSourceValue(valuesLiteralFile, context));
    const name = options.appname ?? options.name;
    if (file !== undefined) {
      const text = await readSource(file, context);
      const applications = readTyped(() => applicationsFromText(text, file === '-' ? 'stdin' : file, name), context);
      return applications.map((app) => overlay(app, { ...options, appname: name }, values));
    }
    if (inline) throw needs('--file', '--inline writes to the file that --file names');
    if (name === undefined) throw needs('APPNAME or --file', 'hawser admin app generate-spec NAME --repo URL');
    const app = applicationFromFlags(name, options, values);
    // The reference names no project.
    const project = context.policy.own.add(() => app.spec.project, options.project ?? '');
    return [{ ...app, spec: { ...app.spec, project } }];
  }

  async function runGenerate(options: GenerateOptions, context: Context): Promise<void> {
    const { file, inline, output } = options;
    const documents = (await gather(options, context)).map(
      ({ metadata: { namespace: _namespace, ...metadata }, spec }) => ({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata,
        spec,
      }),
    );
    const sorted = documents.map((document) => objectAt(parseJson(canonicalJson(toJson(document)))));
    await writeManifests(sorted, { format: output, to: inline && file ? file : '-' }, context);
  }

  return (context) =>
    defineCommand(
      {
        name: 'generate-spec',
        description: 'Prints the manifest of an application, from the flags of `app create`. No server is asked.',
        arguments: ['[appname]'],
        flags: [...SPEC_FLAGS, ...APPLICATION_FLAGS, ...OWN_FLAGS],
        examples: [
          {
            about: 'Print an application for Git',
            line: 'hawser admin app generate-spec shop --repo https://git.example.com/shop/deploy.git --path prod --dest-name in-cluster --dest-namespace shop',
          },
          {
            about: 'Change the revision in a file',
            line: 'hawser admin app generate-spec --file shop.yaml --revision v2 --inline',
          },
        ],
      },
      (options, appname) => runGenerate({ ...options, appname }, context),
    );
}

const needs = (what: string, hint: string): HawserError =>
  new HawserError('usage', `generate-spec needs ${what}`, { hint, reason: { kind: 'incomplete-command' } });
