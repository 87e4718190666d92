import type { Command } from 'commander';
import { getApplication } from '../../../api/applications.ts';
import { isHawser } from '../../../api/differences.ts';
import { getVersion } from '../../../api/sessions.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import type { SentFiles } from '../../../model/sent-files.ts';
import type { Context } from '../../context.ts';
import { applicationPicker } from '../../input/application-picker.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { LOCAL_ROOT_FLAG } from '../../input/local-flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { checkFormat, outputFlag } from '../../output/document.ts';
import { findDifferences } from './shared/differences.ts';
import { showDifferences } from './shared/show-differences.ts';
import { chosenSources, REVISIONS_FLAGS, refuseNamesAndPositions } from './spec/source-choice.ts';

const MANIFESTS = ['*.yaml', '*.yml', '*.json'];

const DIFF_FLAGS = [
  NAMESPACE_FLAG,
  { name: 'refresh', type: 'bool', summary: 'refresh first' },
  { name: 'hard-refresh', type: 'bool', summary: 'refresh first, without cached manifests' },
  { name: 'revision', type: 'string', value: 'revision', summary: 'compare with this revision' },
  ...REVISIONS_FLAGS,
  { name: 'exit-code', type: 'bool', default: true, summary: 'exit with a non-zero code if there is a difference' },
  { name: 'diff-exit-code', type: 'int', default: 1, summary: 'exit code for a difference' },
  {
    name: 'local',
    type: 'string',
    repeats: true,
    value: 'folder',
    summary: 'compare with a local folder (NAME=FOLDER for each of several sources)',
  },
  { ...outputFlag('unified, side-by-side, names, summary, json or yaml'), own: true },
  {
    name: 'local-include',
    type: 'stringArray',
    default: MANIFESTS,
    typedOnly: true,
    summary: 'files to send with --server-side-generate',
  },
  LOCAL_ROOT_FLAG,
  { name: 'server-side-generate', type: 'bool', summary: 'render --local on the server' },
  { name: 'server-side-diff', type: 'bool', summary: 'compute the difference by a server-side dry run' },
  {
    name: 'server-side-diff-concurrency',
    type: 'int',
    default: -1,
    hidden: true,
    summary: 'number of concurrent requests',
  },
  {
    name: 'server-side-diff-max-batch-kb',
    type: 'int',
    default: 250,
    hidden: true,
    summary: 'maximum size of one request, in KB',
  },
  {
    name: 'ignore-normalizer-jq-execution-timeout',
    type: 'duration',
    default: '1s',
    hidden: true,
    summary: 'timeout of one jq expression',
  },
] as const satisfies readonly Flag[];

export type DiffOptions = OptionsOf<typeof DIFF_FLAGS> & { readonly name: string };

export function diffCommand(context: Context, run = runDiff): Command {
  return defineCommand(
    {
      name: 'diff',
      description: 'Shows what a sync would change. Exits with 1 if there is a difference, 0 if there is none.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: DIFF_FLAGS,
      examples: [
        { about: 'Show what a sync would change', line: 'hawser app diff shop' },
        { about: 'Show both sides beside each other', line: 'hawser app diff shop -o side-by-side' },
        { about: 'Compare the cluster with files that are not committed yet', line: 'hawser app diff shop --local .' },
        { about: 'Compare the cluster with a branch', line: 'hawser app diff shop --revision my-branch' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

const FORMATS = ['unified', 'side-by-side', 'names', 'summary', 'json', 'yaml'] as const;

async function runDiff(options: DiffOptions, context: Context): Promise<void> {
  if (options.output !== undefined) checkFormat(options.output, FORMATS);
  refuseExclusive(options);
  refuseNamesAndPositions(options);
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const refresh = options.hardRefresh ? 'hard' : options.refresh ? 'normal' : undefined;
  const application = await client.call(getApplication, { ...target, refresh });
  const sourcePositions = chosenSources(application.spec, options);
  const { revision, revisions, localRepoRoot: root } = options;
  const byServer = await serversPart(application, options, context);
  if (options.local && !byServer) context.policy.wording.caution(LOCAL_DEPRECATED, context);
  const local = options.local && !byServer ? { application, local: options.local, root } : undefined;
  const comparison = { target, revision, revisions, sourcePositions, local, byServer };
  const differences = await findDifferences(comparison, context);
  await showDifferences(differences, options.output, context);
  if (differences.length === 0 || !options.exitCode) return;
  throw new HawserError('differs', 'there are differences', {
    reason: { kind: 'chosen-exit', exit: options.diffExitCode },
  });
}

function refuseExclusive({ local, revision, revisions, serverSideDiffConcurrency }: DiffOptions): void {
  if (serverSideDiffConcurrency === 0) {
    const message =
      'invalid value for --server-side-diff-concurrency: 0 is not allowed (use -1 for unlimited, or a positive number to limit concurrency)';
    throw new HawserError('usage', message, { hint: 'leave it out', reason: { kind: 'invalid-argument' } });
  }
  if (local !== undefined && (revision !== undefined || revisions?.length)) {
    throw new HawserError('usage', '--local and --revision exclude each other', {
      hint: 'a folder has no revision: leave one of them out',
    });
  }
}

/**
 * What a server of ours is to find out, if anything; another one has no form of it over REST. An application may ask for
 * dry runs by its annotation: then what another server has found will do.
 */
async function serversPart(
  application: Application,
  options: DiffOptions,
  context: Context,
): Promise<{ dryRun: boolean; files?: SentFiles } | undefined> {
  const {
    local,
    localInclude: include = MANIFESTS,
    localRepoRoot: root,
    serverSideDiff,
    serverSideGenerate = false,
  } = options;
  const isAnnotated = splitList(application.metadata.annotations?.[COMPARE_OPTIONS]).includes('ServerSideDiff=true');
  const dryRun = serverSideDiff ?? (isAnnotated && (!local || serverSideGenerate));
  if (serverSideDiff && !isAnnotated) context.policy.wording.caution(NOT_ANNOTATED, context);
  if (serverSideDiff && local && !serverSideGenerate) {
    throw new HawserError('usage', '--server-side-diff with --local requires --server-side-generate.', {
      hint: 'add it, or leave --server-side-diff out',
    });
  }
  if (!dryRun && !serverSideGenerate) return undefined;
  const { client } = await context.connect();
  const { Version: version } = await client.call(getVersion, {});
  if (!isHawser(version)) {
    if (serverSideDiff || serverSideGenerate) {
      throw foreign(serverSideDiff ? '--server-side-diff' : '--server-side-generate', version);
    }
    return undefined;
  }
  if (!serverSideGenerate) return { dryRun };
  if (!local) {
    throw new HawserError('usage', '--server-side-generate needs --local FOLDER', { hint: 'name the folder' });
  }
  const { gatherFiles } = await import('../../input/sent-files.ts');
  return { dryRun, files: await gatherFiles(application, { local, root, include }) };
}

const COMPARE_OPTIONS = 'argocd.argoproj.io/compare-options';
const NOT_ANNOTATED = 'Warning: Application does not have ServerSideDiff=true annotation.\n';

// The reference forgets the end of the line.
const LOCAL_DEPRECATED =
  'Warning: local diff without --server-side-generate is deprecated and does not work with plugins. Server-side generation will be the default in v2.7.';

const splitList = (text = ''): readonly string[] => text.split(',').map((word) => word.trim());

const foreign = (flag: string, version: string): HawserError =>
  new HawserError('usage', `${flag} has no form in the REST interface of Argo CD ${version}`, {
    hint: 'leave it out: the difference is then the one that the controller found; servers of Hawser have it',
  });
