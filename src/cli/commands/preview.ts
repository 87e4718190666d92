import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { HawserError } from '../../core/errors.ts';
import type { RepositoryDifference } from '../../render/application-differences.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { CLUSTER_FLAGS, clusterFacts } from '../offline/cluster-flags.ts';
import type { Offline } from '../offline/offline.ts';
import { compareStates, type RenderedState, renderState } from '../offline/preview.ts';
import { type Comparison, openRevisions } from '../offline/revisions.ts';
import { checkFormat, outputFlag, writeDocument } from '../output/document.ts';

/** GitHub and GitLab refuse comments that are a little longer. */
const COMMENT_LENGTH = 60_000;

const FLAGS = [
  {
    name: 'base',
    type: 'string',
    value: 'revision',
    summary: 'revision to compare with (default: the default branch)',
  },
  {
    name: 'head',
    type: 'string',
    value: 'revision',
    default: '.',
    summary: 'revision to look at; . is the files as they are here',
  },
  { name: 'merge-base', type: 'bool', summary: 'compare with the commit where head left base' },
  ...CLUSTER_FLAGS,
  { name: 'exit-code', type: 'bool', default: true, summary: 'exit with 1 if there is a difference' },
  {
    name: 'max-length',
    type: 'int',
    min: 1000,
    default: COMMENT_LENGTH,
    summary: 'maximum length of -o markdown, in characters',
  },
  outputFlag('summary, markdown, json or yaml'),
] as const satisfies readonly Flag[];

export type PreviewOptions = OptionsOf<typeof FLAGS> & { readonly folders: readonly string[] };

export function previewCommand(context: Context, run = runPreview): Command {
  return defineCommand(
    {
      name: 'preview',
      description:
        'Shows what a change of this repository does to its applications: every Application in it, and those that they deploy, is rendered at both revisions, without a server. Exits with 1 if there is a difference, 20 if one cannot be rendered.',
      arguments: ['[folders...]'],
      argumentSummaries: { folders: 'only Applications in files below these folders' },
      flags: FLAGS,
      examples: [
        { about: 'Compare the files here with the default branch', line: 'hawser preview' },
        {
          about: 'Write a comment for a pull request',
          line: 'hawser preview --base origin/main -o markdown > comment.md',
        },
        {
          about: 'Compare two releases, one folder alone',
          line: 'hawser preview --base v1.4.0 --head v1.5.0 -o summary apps/prod',
        },
      ],
    },
    (options, folders) => run({ folders, ...options }, context),
  );
}

async function runPreview(options: PreviewOptions, context: Context): Promise<void> {
  if (options.output !== undefined) checkFormat(options.output, ['summary', 'markdown', 'json', 'yaml']);
  const result = await context.offline((offline) => compare(options, { offline, context }));
  await write(result, options, context);
  const failed = result.applications.filter(({ change }) => change === 'failed').length;
  if (failed > 0) {
    throw new HawserError('invalid', `${failed} of ${result.applications.length} applications cannot be rendered`, {
      reason: { kind: 'in-answer' },
    });
  }
  const differs = result.applications.some(({ change }) => change !== 'unchanged');
  if (differs && options.exitCode) throw new HawserError('differs', 'there are differences');
}

async function compare(
  options: PreviewOptions,
  { offline, context }: { readonly offline: Offline; readonly context: Context },
): Promise<RepositoryDifference> {
  const repository = await offline.workingCopy(resolve('.'));
  const folders = options.folders.map((folder) => relative(repository.root, resolve(folder)));
  const revisions = await openRevisions(repository, { ...options, mergeBase: options.mergeBase ?? false }, offline);
  const rendering = { offline, cluster: clusterFacts(options) };
  // One after the other: what is the same in both is rendered once.
  const base = await renderState(revisions.base.state, folders, rendering);
  const head = await renderState(revisions.head.state, folders, rendering);
  const notes = notesOf(revisions, [base, head]);
  for (const note of notes) context.say(note);
  const applications = compareStates(base, head);
  if (applications.length === 0 && notes.length === 0) {
    throw new HawserError('not-found', `there is no Application in ${folders.join(', ') || repository.root}`, {
      hint: 'an Application is a YAML file with kind: Application; hawser app create --dry-run -o yaml writes one',
    });
  }
  const {
    base: { name: baseName, commit: baseCommit },
    head: { name, commit },
  } = revisions;
  return { base: { name: baseName, commit: baseCommit }, head: { name, commit }, applications, notes };
}

/** What the answer does not hold. */
function notesOf({ base, forkedAt }: Comparison, states: readonly RenderedState[]): readonly string[] {
  const sets = new Set(states.flatMap(({ discovery }) => discovery.applicationSets));
  const newer = `${base.name} has commits that head lacks: they look reverted here (--merge-base leaves them out)`;
  return [
    ...(forkedAt === undefined ? [] : [newer]),
    ...[...sets].map((name) => `ApplicationSet '${name}' is not expanded: what it generates is not compared`),
  ];
}

async function write(result: RepositoryDifference, options: PreviewOptions, context: Context): Promise<void> {
  const views = await import('../../render/application-differences.ts');
  const { output = '' } = options;
  if (await writeDocument(views.repositoryDocument(result), output, context)) return;
  if (output === 'markdown') {
    const { renderMarkdown } = await import('../../render/markdown-differences.ts');
    context.io.out.write(await renderMarkdown(result, options.maxLength));
    return;
  }
  const view = await context.view();
  const text =
    output === 'summary'
      ? views.renderApplicationSummary(result, view)
      : await views.renderApplicationDifferences(result, view);
  context.io.out.write(text);
}
