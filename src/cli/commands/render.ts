import { join } from 'node:path';
import type { Command } from 'commander';
import { asHawserError, HawserError, messageOf } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { sourcesOf } from '../../model/application.ts';
import type { Context } from '../context.ts';
import { applicationNameOf } from '../input/application-name.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { placeOf } from '../input/local-manifests.ts';
import { readSource, readSourceValue } from '../input/read-source.ts';
import { CLUSTER_FLAGS, clusterFacts } from '../offline/cluster-flags.ts';
import { type Location, locate } from '../offline/location.ts';
import type { Offline, RenderedObject } from '../offline/offline.ts';
import { followsState, isOwnSource, renderApplication, workingState } from '../offline/rendering.ts';
import { checkFormat, outputFlag, writeDocument } from '../output/document.ts';
import { RENDER_FLAGS } from './app/spec/flags.ts';
import { applySourceFlags } from './app/spec/source.ts';

const FLAGS = [
  { name: 'revision', type: 'string', value: 'revision', summary: 'branch, tag, commit, or chart version' },
  { name: 'path', type: 'string', value: 'path', summary: 'folder in the repository of a URL' },
  { name: 'helm-chart', type: 'string', value: 'name', summary: 'name of the chart in the Helm repository of a URL' },
  { name: 'name', type: 'string', summary: 'name of the application (default: the name of the folder)' },
  { name: 'dest-namespace', type: 'string', value: 'namespace', summary: 'namespace to render for' },
  { name: 'project', type: 'string', value: 'name', summary: 'project of the application' },
  ...RENDER_FLAGS,
  ...CLUSTER_FLAGS,
  { ...outputFlag('yaml, json or name'), default: 'yaml' },
] as const satisfies readonly Flag[];

export type RenderOptions = OptionsOf<typeof FLAGS> & { readonly from: string };

export function renderCommand(context: Context, run = runRender): Command {
  return defineCommand(
    {
      name: 'render',
      description:
        'Prints the manifests of an application without a server: of a file with Applications, of a folder, or of a folder of a repository. A source that means the repository of the file is read from the files here, committed or not.',
      arguments: ['<from>'],
      argumentSummaries: { from: 'a file, a folder, the URL of a repository, or - (stdin)' },
      flags: FLAGS,
      examples: [
        { about: 'Render the applications of a file', line: 'hawser render apps/guestbook.yaml' },
        {
          about: 'Render a chart with a value of your own',
          line: 'hawser render charts/web --helm-set replicas=3 --dest-namespace shop',
        },
        {
          about: 'Render a folder of a repository',
          line: 'hawser render https://github.com/argoproj/argocd-example-apps --path guestbook --revision HEAD',
        },
      ],
    },
    (options, from) => run({ from, ...options }, context),
  );
}

async function runRender(options: RenderOptions, context: Context): Promise<void> {
  checkFormat(options.output, ['yaml', 'json', 'name']);
  const location = await locate(options.from);
  const rendered = await context.offline((offline) => renderLocation(location, options, { offline, context }));
  const objects = rendered.map(({ object }) => object);
  if (options.output === 'name') {
    context.io.out.write(objects.map((object) => `${nameOf(object)}\n`).join(''));
  } else if (options.output === 'json') {
    await writeDocument(objects, 'json', context);
  } else {
    const { formatYaml } = await import('../../core/yaml.ts');
    context.io.out.write(objects.map((object) => `---\n${formatYaml(object, { sortKeys: true })}`).join(''));
  }
}

/** 'deployment.apps/web', as kubectl names objects. */
function nameOf(object: RenderedObject['object']): string {
  const [group = '', version] = textAt(object, 'apiVersion').split('/');
  const kind = textAt(object, 'kind').toLowerCase();
  return `${version === undefined ? kind : `${kind}.${group}`}/${textAt(object, 'metadata', 'name')}`;
}

interface Setting {
  readonly offline: Offline;
  readonly context: Context;
}

async function renderLocation(
  location: Location,
  options: RenderOptions,
  setting: Setting,
): Promise<readonly RenderedObject[]> {
  switch (location.kind) {
    case 'document':
      return renderDocument(location, options, setting);
    case 'folder':
      refuseChart(options);
      return renderFolder(join(location.folder, options.path ?? '.'), options, setting);
    case 'repository':
      return renderRepository(location.url, options, setting);
  }
}

/** Every Application of a file, one after the other as they stand there. */
async function renderDocument(
  { from, folder }: Extract<Location, { kind: 'document' }>,
  options: RenderOptions,
  { offline, context }: Setting,
): Promise<readonly RenderedObject[]> {
  const { applicationsFromText, overlay } = await import('./app/spec/application-file.ts');
  const values = await literalValues(options, context);
  const applications = applicationsFromText(
    await readSource(from, context),
    from === '-' ? 'stdin' : from,
    options.name,
  );
  const overlaid = applications.map((app) => overlay(app, { ...options, appname: options.name }, values));
  const state = await workingState(await offline.workingCopy(folder), offline);
  const local = overlaid
    .flatMap(({ spec }) => sourcesOf(spec))
    .find((source) => isOwnSource(source, state.repository) && followsState(source, state));
  if (local) context.say(`${local.repoURL} is rendered from the files in ${state.repository.root}`);
  const cluster = clusterFacts(options);
  const rendered = overlaid.map((app) =>
    renderApplication(app, state, { offline, cluster }).catch((thrown: unknown) => {
      throw asHawserError(thrown).with({ message: `application '${app.metadata.name}': ${messageOf(thrown)}` });
    }),
  );
  return (await Promise.all(rendered)).flat();
}

/** The files as they lie here, or those of a revision. */
async function renderFolder(
  folder: string,
  options: RenderOptions,
  { offline, context }: Setting,
): Promise<readonly RenderedObject[]> {
  const localFolder = await placeOf(folder, undefined);
  const repository = await offline.workingCopy(folder);
  const { urls, root } = repository;
  const named = {
    repoURL: urls[0] ?? root,
    path: localFolder.path,
    ...(options.revision ? { targetRevision: options.revision } : {}),
  };
  const source = applySourceFlags(named, { ...options, path: undefined }, await literalValues(options, context));
  const rendering = renderingOf(options, folder);
  if (options.revision === undefined)
    return offline.render({ ...rendering, sources: [{ source, folder: localFolder }] });
  const commit = await offline.commit(repository, options.revision);
  return offline.render({ ...rendering, sources: [{ source, commit }] });
}

async function renderRepository(
  url: string,
  options: RenderOptions,
  { offline, context }: Setting,
): Promise<readonly RenderedObject[]> {
  const { helmChart: chart } = options;
  const folder = chart === undefined && !url.startsWith('oci://') ? { path: options.path ?? '.' } : {};
  const source = applySourceFlags({ repoURL: url, ...folder }, options, await literalValues(options, context));
  return offline.render({ ...renderingOf(options, chart ?? options.path ?? url), sources: [{ source }] });
}

function refuseChart({ helmChart }: RenderOptions): void {
  if (helmChart === undefined) return;
  throw new HawserError('usage', '--helm-chart names a chart of a Helm repository, and this is a folder', {
    hint: 'name the folder of the chart: hawser render charts/web',
  });
}

const literalValues = async ({ valuesLiteralFile }: RenderOptions, context: Context): Promise<unknown> =>
  valuesLiteralFile === undefined ? undefined : readSourceValue(valuesLiteralFile, context);

function renderingOf(options: RenderOptions, location: string) {
  const {
    name = applicationNameOf(location) || 'app',
    project = 'default',
    destNamespace: destinationNamespace = '',
  } = options;
  return { application: { name, namespace: 'argocd', project }, destinationNamespace, ...clusterFacts(options) };
}
