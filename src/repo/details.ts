// What a source is made of: asked for by prompts and by the pages that edit an application.

import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { HawserError } from '../core/errors.ts';
import { isList, isObject, listAt, textAt } from '../core/json.ts';
import { parseYaml } from '../core/yaml.ts';
import { imagesIn } from '../model/manifest.ts';
import type { HelmParameter } from '../model/source.ts';
import type { Charts } from './charts/charts.ts';
import type { Tree } from './git/tree.ts';
import { overridden } from './override.ts';
import type { Render } from './render/manifest-cache.ts';
import type { RenderContext } from './render/render.ts';
import { temporaryFolders } from './render/temporary-folders.ts';
import { decodeText } from './render/text.ts';
import type { ChartDescription, HelmDetails, RenderRequest, SourceDetails } from './request.ts';
import { folderOf, sourceTypeOf } from './source-type.ts';

export async function gitDetails(
  context: RenderContext & { readonly render: Render },
  request: RenderRequest,
): Promise<SourceDetails> {
  const { source, revision, credentials, application } = request;
  const tree = await context.trees.open({ url: source.repoURL, credentials }, revision);
  const folder = await folderOf(tree, source);
  const effective = await overridden(tree, folder, { source, name: application.name });
  const type = sourceTypeOf(tree, folder, effective);
  if (type === 'Helm') return { type, helm: helmDetails(await yamlFiles(tree, folder), effective.helm?.valueFiles) };
  if (type === 'Kustomize') {
    const { manifests } = await context.render(request);
    return { type, kustomize: { images: imagesIn(manifests) } };
  }
  if (type === 'Directory') refuseEmpty(tree, folder);
  return { type };
}

interface ChartFilesContext {
  readonly home: string;
  readonly charts: Charts;
}

export type ChartVersionRequest = Pick<RenderRequest, 'source' | 'revision' | 'credentials'>;

export async function chartDetails(context: ChartFilesContext, request: ChartVersionRequest): Promise<SourceDetails> {
  const files = await chartFiles(context, request);
  return { type: 'Helm', helm: helmDetails(files, request.source.helm?.valueFiles) };
}

/** What a chart says of itself. */
export async function describeChart(
  context: ChartFilesContext,
  request: ChartVersionRequest,
): Promise<ChartDescription> {
  const files = await chartFiles(context, request);
  const chart = parseYaml(files.get('Chart.yaml') ?? '', 'Chart.yaml');
  const maintainers = listAt(chart, 'maintainers').map((one) => {
    const [name, email] = [textAt(one, 'name'), textAt(one, 'email')];
    return email === '' ? name : `${name} <${email}>`.trim();
  });
  return { description: textAt(chart, 'description'), home: textAt(chart, 'home'), maintainers };
}

/** The YAML files beside a chart's templates, by name. */
async function chartFiles(
  { home, charts }: ChartFilesContext,
  { source, revision, credentials }: ChartVersionRequest,
): Promise<Map<string, string>> {
  const folders = temporaryFolders(home);
  try {
    const root = await folders.filled('chart', (path) =>
      charts.unpack({ source, credentials, version: revision }, path),
    );
    const files = new Map<string, string>();
    for (const name of await readdir(root)) {
      if (isYaml(name)) files.set(name, await readFile(join(root, name), 'utf8'));
    }
    return files;
  } finally {
    await folders.remove();
  }
}

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);

/** The YAML files of a folder itself, by name. */
async function yamlFiles(tree: Tree, folder: string): Promise<Map<string, string>> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const paths = [...tree.entries.keys()].filter(
    (path) => path.startsWith(prefix) && isYaml(path) && !path.slice(prefix.length).includes('/'),
  );
  const contents = await tree.read(paths);
  return new Map([...contents].map(([path, content]) => [posix.basename(path), decodeText(content)]));
}

function helmDetails(files: ReadonlyMap<string, string>, valueFileNames: readonly string[] = []): HelmDetails {
  const valueFiles = [...files.keys()].filter((name) => name.includes('values') && name !== 'values.yaml').sort();
  const parameters = new Map<string, string>();
  for (const name of ['values.yaml', ...valueFileNames]) {
    const text = files.get(name);
    if (text !== undefined) flatten(parseYaml(text, name), '', parameters);
  }
  return {
    name: textAt(parseYaml(files.get('Chart.yaml') ?? '', 'Chart.yaml'), 'name'),
    valueFiles,
    parameters: [...parameters].map(([name, value]): HelmParameter => ({ name, value })),
    values: files.get('values.yaml') ?? '',
  };
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (isList(value)) {
    for (const [index, item] of value.entries()) flatten(item, `${path}[${index}]`, into);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) flatten(item, path === '' ? key : `${path}.${key}`, into);
  } else if (path !== '') into.set(path, value === null ? '' : String(value));
}

/** A folder without a single manifest is hardly meant when an application is made of it. */
function refuseEmpty(tree: Tree, folder: string): void {
  const prefix = folder === '' ? '' : `${folder}/`;
  for (const path of tree.entries.keys()) {
    if (path.startsWith(prefix) && /\.(ya?ml|json|jsonnet)$/.test(path)) return;
  }
  throw new HawserError('invalid', `${folder || '.'}: app path holds no manifests`, {
    hint: 'name a folder with YAML, JSON or Jsonnet files, a chart or a kustomization',
  });
}
