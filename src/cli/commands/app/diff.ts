import { Command } from 'commander';
import { getApplication } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { sourcesOf } from '../../../model/application.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../flags.ts';
import { checkFormat } from '../../output.ts';
import { findDifferences } from './differences.ts';
import { showDifferences } from './show-differences.ts';
import { NAMESPACE_FLAG, targetOf } from './target.ts';

export interface DiffOptions {
  readonly name: string;
  readonly appNamespace?: string;
  readonly diffExitCode: number;
  readonly exitCode: boolean;
  readonly hardRefresh?: boolean;
  readonly local?: readonly string[];
  readonly localRepoRoot?: string;
  readonly output?: string;
  readonly refresh?: boolean;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly serverSideDiff?: boolean;
  readonly serverSideGenerate?: boolean;
  readonly sourceNames?: readonly string[];
  readonly sourcePositions?: readonly number[];
}

export function diffCommand(context: Context, run = runDiff): Command {
  const command = new Command('diff')
    .description('Shows what a sync would change. Exits with 1 when there is a difference, 0 when there is none.')
    .argument('<appname>')
    .action((name: string, flags: Omit<DiffOptions, 'name'>) => run({ name, ...flags }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    { name: 'refresh', type: 'bool', summary: 'compare with Git first' },
    { name: 'hard-refresh', type: 'bool', summary: 'compare with Git first, rendering anew' },
    { name: 'revision', type: 'string', value: 'revision', summary: 'compare with this revision' },
    { name: 'revisions', type: 'stringArray', value: 'revision', summary: 'revisions of several sources' },
    {
      name: 'source-positions',
      type: 'int64Slice',
      default: [],
      typedOnly: true,
      summary: 'the sources that --revisions means, from 1',
    },
    { name: 'source-names', type: 'stringArray', value: 'name', summary: 'the sources that --revisions means' },
    { name: 'exit-code', type: 'bool', default: true, summary: 'tell a difference by the exit code' },
    { name: 'diff-exit-code', type: 'int', default: 1, summary: 'the exit code that tells a difference' },
    {
      name: 'local',
      type: 'string',
      repeats: true,
      value: 'folder',
      summary: 'compare with a folder here (NAME=FOLDER for each of several sources)',
    },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      own: true,
      value: 'format',
      summary: 'unified, side-by-side, names, summary, json or yaml',
    },
    {
      name: 'local-include',
      type: 'stringArray',
      default: ['*.yaml', '*.yml', '*.json'],
      typedOnly: true,
      summary: 'files that --server-side-generate sends',
    },
    {
      name: 'local-repo-root',
      type: 'string',
      default: '/',
      typedOnly: true,
      summary: 'root of the repository around --local',
    },
    { name: 'server-side-generate', type: 'bool', summary: 'let the server render what --local names' },
    { name: 'server-side-diff', type: 'bool', summary: 'let the cluster say what would change' },
    { name: 'server-side-diff-concurrency', type: 'int', default: -1, hidden: true, summary: 'requests at once' },
    { name: 'server-side-diff-max-batch-kb', type: 'int', default: 250, hidden: true, summary: 'size of one request' },
    {
      name: 'ignore-normalizer-jq-execution-timeout',
      type: 'duration',
      default: '1s',
      hidden: true,
      summary: 'time for one jq expression',
    },
  ]);
}

const FORMATS = ['unified', 'side-by-side', 'names', 'summary', 'json', 'yaml'] as const;

async function runDiff(options: DiffOptions, context: Context): Promise<void> {
  if (options.output !== undefined) checkFormat(options.output, FORMATS);
  refuseUnsupported(options);
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const refresh = options.hardRefresh ? 'hard' : options.refresh ? 'normal' : undefined;
  const application = await client.call(getApplication, { ...target, refresh });
  const named = (options.sourceNames ?? []).map(
    (name) => sourcesOf(application.spec).findIndex((source) => source.name === name) + 1,
  );
  const sourcePositions = [...(options.sourcePositions ?? []), ...named];
  const { revision, revisions, localRepoRoot: root } = options;
  const local = options.local && { application, local: options.local, root };
  const differences = await findDifferences({ target, revision, revisions, sourcePositions, local }, context);
  await showDifferences(differences, options.output, context);
  if (differences.length === 0 || !options.exitCode) return;
  throw new HawserError('differs', 'there are differences', { details: { exit: options.diffExitCode } });
}

/** What the REST interface of the reference cannot carry is refused by name, and what excludes each other. */
function refuseUnsupported({ local, revision, revisions, serverSideDiff, serverSideGenerate }: DiffOptions): void {
  if (serverSideDiff || serverSideGenerate) {
    const flag = serverSideDiff ? '--server-side-diff' : '--server-side-generate';
    throw new HawserError('usage', `${flag} has no form in the REST interface of Argo CD`, {
      hint: 'leave it out: the difference is then the one that the controller found',
    });
  }
  if (local !== undefined && (revision !== undefined || revisions?.length)) {
    throw new HawserError('usage', '--local and --revision exclude each other', {
      hint: 'a folder has no revision: leave one of them out',
    });
  }
}
