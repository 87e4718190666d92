// Files held against the rules of lint, and the sources that their Applications point at.

import { relative, resolve, sep } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { type Application, sourcesOf } from '../../model/application.ts';
import type { Finding, LintedDocument } from '../../model/lint.ts';
import type { LintReport } from '../../render/findings.ts';
import { isBelow, manifestPaths } from './discovery.ts';
import { locate } from './location.ts';
import type { LintedRendering, LocalRepository } from './offline.ts';
import {
  isOwnSource,
  type RenderingContext,
  type RepositoryState,
  renderApplication,
  workingState,
} from './rendering.ts';

export interface LintChoice {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly renders: boolean;
  /** Sources of other repositories are fetched. */
  readonly fetches: boolean;
}

export async function lintPaths(choice: LintChoice, context: RenderingContext): Promise<LintReport> {
  const { offline } = context;
  const { repository, chosen } = await chosenPaths(choice.paths, context);
  const state = await workingState(repository, offline);
  const files = await offline.files(state.commit);
  const paths = manifestPaths(files.paths).filter((path) => isBelow(path, chosen));
  const texts = [...(await files.read(paths))].map(([path, text]) => ({ path, text }));
  const { documents, findings } = offline.lintDocuments(texts);
  const renderings = choice.renders ? await renderAll(documents, state, { ...context, fetches: choice.fetches }) : [];
  const all = [...findings, ...offline.lintRenderings(renderings, documents), ...skipped(renderings)];
  return {
    root: repository.root,
    files: texts.length,
    objects: documents.map(({ kind, file, document }) => ({ file, object: nameOf(kind, document) })),
    findings: all.sort(byPlace),
  };
}

const nameOf = (kind: string, document: LintedDocument['document']): string => {
  const [namespace, name] = [textAt(document, 'metadata', 'namespace'), textAt(document, 'metadata', 'name')];
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
};

const byPlace = (a: Finding, b: Finding): number =>
  a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;

/** The repository that all paths are in, and the paths from its root. */
async function chosenPaths(
  paths: readonly string[],
  { offline }: RenderingContext,
): Promise<{ readonly repository: LocalRepository; readonly chosen: readonly string[] }> {
  const chosen: string[] = [];
  let repository: LocalRepository | undefined;
  for (const path of paths) {
    const location = await locate(path);
    if (location.kind === 'repository' || path === '-' || location.folder === undefined) {
      throw new HawserError('usage', `${path} is neither a file nor a folder`, {
        hint: 'clone the repository, and lint the folder',
      });
    }
    const own = await offline.workingCopy(location.folder);
    repository ??= own;
    if (own.root !== repository.root) {
      throw new HawserError('usage', `${path} is not in ${repository.root}`, { hint: 'lint one repository at a time' });
    }
    chosen.push(relative(own.root, resolve(path)).split(sep).join('/'));
  }
  return { repository: repository ?? (await offline.workingCopy(resolve('.'))), chosen };
}

interface Rendering extends RenderingContext {
  readonly fetches: boolean;
}

const NOT_FETCHED = 'a source is in another repository, and --no-remote was given';

function renderAll(
  documents: readonly LintedDocument[],
  state: RepositoryState,
  context: Rendering,
): Promise<readonly (LintedRendering & { readonly skipped?: string })[]> {
  return Promise.all(
    documents.map(async (linted) => {
      const { application } = linted;
      if (!application || isWithoutSource(application)) return { linted };
      const isAway = sourcesOf(application.spec).some((source) => !isOwnSource(source, state.repository));
      if (isAway && !context.fetches) return { linted, skipped: NOT_FETCHED };
      try {
        return { linted, objects: await renderApplication(application, state, context) };
      } catch (failure) {
        return { linted, failure };
      }
    }),
  );
}

/** Which is said already. */
const isWithoutSource = ({ spec }: Application): boolean => sourcesOf(spec).length === 0 && !spec.sourceHydrator;

const skipped = (renderings: readonly { readonly linted: LintedDocument; readonly skipped?: string }[]): Finding[] =>
  renderings.flatMap(({ linted, skipped: why }) =>
    why === undefined
      ? []
      : [linted.finding({ rule: 'not-rendered', path: ['spec'], message: `not rendered: ${why}` })],
  );
