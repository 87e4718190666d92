import { Command } from 'commander';
import { listApplications } from '../../../api/applications.ts';
import { matchesGlob } from '../../../core/glob.ts';
import { type Application, qualifiedName, sourcesOf } from '../../../model/application.ts';
import { applicationTable } from '../../../render/applications.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../flags.ts';
import { checkFormat, writeDocument } from '../../output.ts';
import { NAMESPACE_FLAG } from './target.ts';

export interface ListOptions {
  readonly names: readonly string[];
  readonly appNamespace?: string;
  readonly cluster?: string;
  readonly output: string;
  readonly path?: string;
  readonly project?: readonly string[];
  readonly repo?: string;
  readonly selector?: string;
  readonly health?: readonly string[];
  readonly sync?: readonly string[];
  readonly headers: boolean;
}

const FORMATS = ['wide', 'name', 'json', 'yaml', ''] as const;

// What the table shows, and no more: a server with thousands of applications sends a tenth of them this way.
const FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'spec',
  'status.sync.status',
  'status.health',
  'status.operationState.phase',
  'status.conditions',
] as const;

export function listCommand(context: Context, run = runList): Command {
  const command = new Command('list')
    .description('Lists the applications you may see. NAMES are globs: only what fits one of them is shown.')
    .argument('[names...]')
    .action((names: readonly string[], flags: Omit<ListOptions, 'names'>) => run({ ...flags, names }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    { name: 'cluster', short: 'c', type: 'string', summary: 'only those for this cluster (address or name)' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'wide',
      value: 'format',
      summary: 'wide, name, json or yaml',
    },
    { name: 'path', short: 'P', type: 'string', summary: 'only those of this path' },
    {
      name: 'project',
      short: 'p',
      type: 'stringArray',
      value: 'name',
      summary: 'only those of this project (repeatable)',
    },
    { name: 'repo', short: 'r', type: 'string', value: 'url', summary: 'only those of this repository' },
    { name: 'selector', short: 'l', type: 'string', value: 'labels', summary: 'only those with these labels' },
    { name: 'health', type: 'strings', value: 'status', own: true, summary: 'only those of this health' },
    { name: 'sync', type: 'strings', value: 'status', own: true, summary: 'only those of this sync status' },
    { name: 'no-headers', type: 'bool', own: true, summary: 'leave the heading out' },
  ]);
}

async function runList(options: ListOptions, context: Context): Promise<void> {
  checkFormat(options.output, FORMATS);
  const { client } = await context.connect();
  const isDocument = options.output === 'json' || options.output === 'yaml';
  const answer = await client.call(listApplications, {
    selector: options.selector,
    appNamespace: options.appNamespace,
    ...(isDocument ? {} : { fields: FIELDS.map((field) => `items.${field}`).join(',') }),
  });
  const applications = (answer.items ?? []).filter((app) => fits(app, options));
  if (await writeDocument(applications, options.output, context)) return;
  if (options.output === 'name') {
    context.io.out.write(applications.map((app) => `${qualifiedName(app)}\n`).join(''));
    return;
  }
  const view = await context.view();
  const table = applicationTable(applications, options.output === 'wide');
  context.io.out.write(view.table(options.headers ? table : { ...table, head: [] }, view.style));
}

function fits(app: Application, options: ListOptions): boolean {
  const source = sourcesOf(app.spec)[0];
  const { server, name } = app.spec.destination;
  const tests = [
    !options.project?.length || options.project.includes(app.spec.project),
    !options.repo || source?.repoURL === options.repo,
    !options.path || source?.path === options.path,
    !options.cluster || server === options.cluster || name === options.cluster,
    !options.health?.length || options.health.includes(app.status?.health?.status ?? ''),
    !options.sync?.length || options.sync.includes(app.status?.sync?.status ?? ''),
    options.names.length === 0 || options.names.some((glob) => matchesGlob(glob, app.metadata.name)),
  ];
  return tests.every(Boolean);
}
