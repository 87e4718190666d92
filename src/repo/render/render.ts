// One rendering from start to end: open the commit, find the tool, run it, clean up.

import { HawserError } from '../../core/errors.ts';
import type { ApplicationSource, SourceType } from '../../model/source.ts';
import { openFolder } from '../git/folder-tree.ts';
import type { Git } from '../git/git.ts';
import type { Repositories } from '../git/repositories.ts';
import type { Tree } from '../git/tree.ts';
import type { Trees } from '../git/trees.ts';
import { overridden } from '../override.ts';
import { type LocalFiles, type Rendered, type RenderRequest, repositoryOf } from '../request.ts';
import { folderOf, sourceTypeOf } from '../source-type.ts';
import type { Tools } from '../tools.ts';
import { renderDirectory } from './plain.ts';
import type { Renderer, Rendering } from './renderer.ts';
import { type TemporaryFolders, temporaryFolders } from './temporary-folders.ts';

export interface RenderContext {
  readonly git: Git;
  readonly repositories: Repositories;
  readonly trees: Trees;
  readonly tools: Tools;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  /** The files of a commit on disk, for all that only read them; without it each rendering has its own. */
  readonly sharedCheckout?: (tree: Tree) => Promise<string>;
}

const RENDERERS: Readonly<Record<SourceType, () => Promise<Renderer>>> = {
  Directory: async () => renderDirectory,
  Helm: async () => (await import('./helm.ts')).renderHelm,
  Kustomize: async () => (await import('./kustomize.ts')).renderKustomize,
  Plugin: async () => refusePlugin,
};

async function refusePlugin({ source }: Rendering): Promise<never> {
  const name = source.plugin?.name;
  throw new HawserError('not-implemented', `plugin ${name ? `'${name}'` : 'sources'} cannot be rendered yet`, {
    hint: 'use Helm, Kustomize, Jsonnet or plain YAML',
  });
}

/** Renders a source of a Git repository. */
export async function renderGit(context: RenderContext, request: RenderRequest): Promise<Rendered> {
  const { revision } = request;
  const tree = await context.trees.open(repositoryOf(request), revision);
  return renderTree(context, request, { tree, other: (name) => referencedTree(context, request, name) });
}

/** Renders a source where files here stand for its own, or for those that it refers to. */
export async function renderFolder(
  context: RenderContext,
  request: RenderRequest,
  { root, folders }: LocalFiles,
): Promise<Rendered> {
  const other = (name: string): Promise<Tree> => {
    const folder = folders[name];
    return folder === undefined ? referencedTree(context, request, name) : openFolder(folder);
  };
  const { revision } = request;
  const tree = root === undefined ? await context.trees.open(repositoryOf(request), revision) : await openFolder(root);
  return renderTree(context, request, { tree, other });
}

interface Opened {
  readonly tree: Tree;
  readonly other: (name: string) => Promise<Tree>;
}

async function renderTree(context: RenderContext, request: RenderRequest, opened: Opened): Promise<Rendered> {
  const { tools, environment, home } = context;
  const { source, revision } = request;
  const { tree } = opened;
  const folder = await folderOf(tree, source);
  const effective = await overridden(tree, folder, { source, name: request.application.name });
  const sourceType = sourceTypeOf(tree, folder, effective);
  const folders = temporaryFolders(home);
  const ownCheckout = (): Promise<string> => folders.filled('checkout', (path) => tree.writeTo(path));
  const { sharedCheckout } = context;
  const referenced = async (name: string): Promise<string> => {
    const other = await opened.other(name);
    return sharedCheckout ? sharedCheckout(other) : folders.filled(`ref ${name}`, (path) => other.writeTo(path));
  };
  try {
    const render = await RENDERERS[sourceType]();
    const { manifests, commands, isOwn } = await render({
      request,
      source: effective,
      tree,
      folder,
      tools,
      environment,
      home,
      checkout: sharedCheckout ? () => sharedCheckout(tree) : ownCheckout,
      ownCheckout,
      referenced,
      remote: remoteFolders(context, request, folders),
      scratch: () => folders.filled('scratch'),
    });
    return { manifests, revision, sourceType, commands, isOwn: isOwn && !namesRevision(effective) };
  } finally {
    await folders.remove();
  }
}

/** The files of repositories that a source names beside its own, each in a folder of this rendering. */
export const remoteFolders =
  (
    { repositories, trees }: Pick<RenderContext, 'repositories' | 'trees'>,
    request: RenderRequest,
    folders: TemporaryFolders,
  ): Rendering['remote'] =>
  async (url, name) => {
    const repository = { url, credentials: await request.credentialsOf?.(url) };
    const tree = await trees.open(repository, await repositories.resolve(repository, { name }));
    return folders.filled(`remote ${url} ${name}`, (path) => tree.writeTo(path));
  };

/** Whether the commit itself may stand in what is rendered. */
const namesRevision = (source: ApplicationSource): boolean => JSON.stringify(source).includes('ARGOCD_APP_REVISION');

/** The files of a source that `$name` refers to. */
export async function referencedTree(
  context: RenderContext,
  { refSources = {} }: RenderRequest,
  name: string,
): Promise<Tree> {
  const reference = refSources[name];
  if (!reference) {
    const names = Object.keys(refSources).map((key) => `$${key}`);
    const hint = names.length === 0 ? `give one of the sources 'ref: ${name}'` : `there is ${names.join(', ')}`;
    throw new HawserError('invalid', `value files refer to source '$${name}', which no source has as its ref`, {
      hint,
    });
  }
  if (reference.source.chart) {
    throw new HawserError('invalid', `source '$${name}' is a chart: only Git repositories can be referred to`);
  }
  return context.trees.open(repositoryOf(reference), reference.revision);
}
