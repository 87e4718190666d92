import type { Command } from 'commander';
import { HawserError } from '../../../../core/errors.ts';
import type { Project } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { writeManifests } from '../../../input/manifest-output.ts';
import { readProjects } from '../../../input/project-file.ts';
import { PROJECT_FLAGS, withProjectFlags } from '../../../input/project-flags.ts';
import { outputFlag } from '../../../output/document.ts';

const GENERATE_FLAGS = [
  ...PROJECT_FLAGS,
  { name: 'file', short: 'f', type: 'string', value: 'file', summary: 'begin with the project of a file or URL' },
  { name: 'inline', short: 'i', type: 'bool', summary: 'write the result to the file that --file names' },
  { ...outputFlag('yaml or json'), default: 'yaml' },
] as const satisfies readonly Flag[];

type GenerateOptions = OptionsOf<typeof GENERATE_FLAGS> & { readonly name: string | undefined };

export function generateProjectCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'generate-spec',
      description: 'Prints the manifest of a project. No server is asked.',
      arguments: ['[project]'],
      flags: GENERATE_FLAGS,
      examples: [
        {
          about: 'Print a project for Git',
          line: 'hawser admin proj generate-spec shop -s https://git.example.com/shop/deploy.git -d https://kubernetes.default.svc,shop',
        },
        { about: 'Print it as JSON', line: 'hawser admin proj generate-spec shop -o json' },
      ],
    },
    (options, name) => runGenerate({ ...options, name }, context),
  );
}

async function runGenerate(options: GenerateOptions, context: Context): Promise<void> {
  const { file, inline, output } = options;
  const projects = await gather(options, context);
  const documents = projects.map(({ metadata, spec }) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata,
    spec: withProjectFlags(spec, options, context.policy),
  }));
  await writeManifests(documents, { format: output, to: inline && file ? file : '-' }, context);
}

async function gather({ name, file, inline }: GenerateOptions, context: Context): Promise<readonly Project[]> {
  if (file === undefined) {
    if (inline) throw needs('--file', '--inline writes to the file that --file names');
    if (name === undefined) throw needs('PROJECT or --file', 'hawser admin proj generate-spec NAME');
    return [{ metadata: { name }, spec: {} }];
  }
  const projects = await readProjects(file, context);
  const other = projects.find(({ metadata }) => name !== undefined && metadata.name !== name);
  if (!other) return projects;
  const message = `project name '${name}' does not match project spec metadata.name '${other.metadata.name}'`;
  throw new HawserError('usage', message, {
    hint: 'leave the name out: the file says it',
    reason: { kind: 'invalid-argument', message },
  });
}

const needs = (what: string, hint: string): HawserError =>
  new HawserError('usage', `generate-spec needs ${what}`, { hint, reason: { kind: 'incomplete-command' } });
