import type { Command } from 'commander';
import { createProject } from '../../../api/projects.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Project } from '../../../model/project.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { readProjects } from '../../input/project-file.ts';
import { PROJECT_FLAGS, withProjectFlags } from '../../input/project-flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';

const CREATE_FLAGS = [
  ...PROJECT_FLAGS,
  {
    name: 'file',
    short: 'f',
    type: 'string',
    value: 'file',
    summary: 'read projects from a file, a URL, or - (stdin)',
  },
  { name: 'upsert', type: 'bool', summary: 'change the project if it exists' },
  { name: 'dry-run', type: 'bool', own: true, summary: 'print the manifest without creating the project' },
  { ...outputFlag('print the result as json or yaml'), own: true },
  { name: 'yes', short: 'y', type: 'bool', own: true, summary: 'ask nothing' },
] as const satisfies readonly Flag[];

type CreateOptions = OptionsOf<typeof CREATE_FLAGS> & { readonly name: string | undefined };

export function createProjectCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'create',
      description: 'Creates a project from flags or from a file. In a terminal it asks for what is missing.',
      arguments: ['[project]'],
      flags: CREATE_FLAGS,
      examples: [
        { about: 'Answer questions', line: 'hawser proj create' },
        {
          about: 'Allow one repository and one namespace',
          line: 'hawser proj create shop -s https://git.example.com/shop/deploy.git -d https://kubernetes.default.svc,shop',
        },
        {
          about: 'Create the projects of a file, or change them',
          line: 'hawser proj create -f projects.yaml --upsert',
        },
        {
          about: 'Write the manifest to a file, for Git',
          line: "hawser proj create shop -s '*' --dry-run -o yaml > shop.yaml",
        },
      ],
    },
    (options, name) => runCreate({ ...options, name }, context),
  );
}

async function runCreate(options: CreateOptions, context: Context): Promise<void> {
  const { output, dryRun, upsert = false } = options;
  if (output !== undefined) checkFormat(output, ['json', 'yaml']);
  const projects = await gather(options, context);
  if (dryRun) return writeManifests(projects, output, context);
  const { client } = await context.connect();
  const results: Project[] = [];
  for (const project of projects) {
    const created = await client.call(createProject, { project, upsert }).catch((thrown: unknown) => {
      throw withUpsertHint(thrown, project);
    });
    results.push(created);
    const own = `project '${created.metadata.name}' ${upsert ? 'created or updated' : 'created'}`;
    if (output === undefined) context.policy.wording.tellChange({ own, reference: '' }, context);
  }
  if (output !== undefined) await writeDocument(results.length === 1 ? results[0] : results, output, context);
}

function withUpsertHint(thrown: unknown, { metadata }: Project): unknown {
  if (!(thrown instanceof HawserError) || thrown.code !== 'already-exists') return thrown;
  return thrown.with({ hint: `add --upsert to change it, or look at it: hawser proj get ${metadata.name}` });
}

/** What would be sent, as documents that can be kept in Git and applied. */
async function writeManifests(
  projects: readonly Project[],
  output: string | undefined,
  context: Context,
): Promise<void> {
  const documents = projects.map((project) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    ...project,
  }));
  if (output === 'json') {
    await writeDocument(documents.length === 1 ? documents[0] : documents, output, context);
    return;
  }
  const { formatYaml } = await import('../../../core/yaml.ts');
  context.io.out.write(documents.map((document) => formatYaml(document, { sortKeys: true })).join('---\n'));
}

async function gather(options: CreateOptions, context: Context): Promise<readonly Project[]> {
  const { name, file } = options;
  const { policy, prompt } = context;
  if (file !== undefined) {
    const projects = await readProjects(file, context);
    for (const { metadata } of projects)
      if (name !== undefined && metadata.name !== name) throw otherName(name, metadata);
    return projects.map(({ metadata, spec }) => ({ metadata, spec: withProjectFlags(spec, options, policy) }));
  }
  const isWhole = name !== undefined && options.src !== undefined && options.dest !== undefined;
  if (prompt.interactive && !options.yes && !isWhole) {
    const { askForProject } = await import('./shared/questions.ts');
    return [await askForProject(name, options, context)];
  }
  if (name === undefined) throw noName();
  return [{ metadata: { name }, spec: withProjectFlags({}, options, policy) }];
}

const otherName = (name: string, metadata: Project['metadata']): HawserError => {
  const message = `project name '${name}' does not match project spec metadata.name '${metadata.name}'`;
  return new HawserError('usage', message, {
    hint: 'leave the name out: the file says it',
    reason: { kind: 'invalid-argument', message },
  });
};

const noName = (): HawserError =>
  new HawserError('usage', 'hawser proj create needs PROJECT or -f FILE', {
    hint: 'hawser proj create NAME -s URL -d https://kubernetes.default.svc,NAMESPACE',
    reason: { kind: 'incomplete-command' },
  });
