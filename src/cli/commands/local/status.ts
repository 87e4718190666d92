import type { Command } from 'commander';
import { getLocalStatus, type LocalStatus } from '../../../api/local-cluster.ts';
import { HawserError } from '../../../core/errors.ts';
import { type Fact, kindTable, problemTable, renderFacts, sizeText } from '../../../render/local-status.ts';
import { age } from '../../../render/times.ts';
import type { FolderUse } from '../../checks/inspector.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { clockText } from './shared/clock-text.ts';

const STATUS_FLAGS = [
  {
    name: 'all',
    short: 'A',
    type: 'bool',
    own: true,
    summary: 'list everything that is not healthy, not the first 20',
  },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type LocalStatusOptions = OptionsOf<typeof STATUS_FLAGS>;

export function localStatusCommand(context: Context, run = runStatus): Command {
  return defineCommand(
    {
      name: 'status',
      description:
        'Shows the local cluster: its data folder and who owns that, the version of its API, its clock and nodes, how many objects it has, and which are not healthy.\nIt works while a server owns the folder and while none does; where there is no folder yet, none is made.',
      flags: STATUS_FLAGS,
      examples: [
        { about: 'Show the local cluster', line: 'hawser local status' },
        { about: 'Where does its API listen?', line: 'hawser local status --jq .owner.kubernetes' },
        {
          about: 'Fail in a script unless everything is healthy',
          line: "hawser local status --jq '.notHealthy | length' | grep -qx 0",
        },
      ],
    },
    (options) => run(options, context),
  );
}

const MOST_PROBLEMS = 20;
/** The folder as nobody but this command uses it. */
const UNOWNED: readonly FolderUse[] = ['free'];
const NEXT = 'hawser local load FOLDER, hawser local serve, or hawser app create';

async function runStatus(options: LocalStatusOptions, context: Context): Promise<void> {
  const { folder, folderState } = await context.inspect();
  const { use, problem } = await folderState(context.signal);
  if (problem !== undefined)
    throw new HawserError('broken-state', `cannot use the data folder '${folder}': ${problem}`, {
      hint: 'use another folder: --data-dir DIR, or HAWSER_DATA_DIR',
    });
  if (use === 'silent')
    throw new HawserError('busy', `another process holds the data folder '${folder}' and does not answer`, {
      hint: 'end it, or use another folder: --data-dir DIR',
    });
  if (use === 'absent' || use === 'unused') {
    const text = (): void => context.io.out.write(`there is no local cluster in '${folder}' yet\nnext: ${NEXT}\n`);
    return writeResult({ exists: false, folder: { path: folder } }, { output: options.output, text }, context);
  }
  const { client } = await context.local();
  const { owner, ...status }: LocalStatus = await client.call(getLocalStatus, {});
  const document = { exists: true, ...status, ...(UNOWNED.includes(use) ? {} : { owner: { kind: use, ...owner } }) };
  const text = await textOf({ owner, ...status }, { use, isWhole: options.all === true }, context);
  await writeResult(document, { output: options.output, text: () => context.io.out.write(text) }, context);
}

interface Reading {
  readonly use: FolderUse;
  readonly isWhole: boolean;
}

async function textOf(status: LocalStatus, { use, isWhole }: Reading, context: Context): Promise<string> {
  const view = await context.view();
  const { out } = context.io;
  const columns = out.terminal ? out.columns() : Number.POSITIVE_INFINITY;
  const { kinds, notHealthy } = status;
  const facts = factsOf(status, use, view.now);
  const problems = isWhole ? notHealthy : notHealthy.slice(0, MOST_PROBLEMS);
  const more = notHealthy.length - problems.length;
  return [
    renderFacts(facts, columns, view.style),
    `\n${view.table(kindTable(kinds), view.style)}`,
    notHealthy.length === 0 ? '\neverything is healthy\n' : `\n${view.table(problemTable(problems), view.style)}`,
    more > 0 ? `${more} more: hawser local status --all\n` : '',
  ].join('');
}

function factsOf(status: LocalStatus, use: FolderUse, now: number): readonly Fact[] {
  const { folder, journal, clock, nodes, kubernetesVersion } = status;
  const ready = nodes.filter(({ status: state }) => state === 'Ready').length;
  const nodeText = `${nodes.length}${ready === nodes.length ? ', all ready' : `, ${ready} ready and open to Pods`}`;
  return [
    ['Folder', `${folder.path} (${sizeText(folder.bytes)})`],
    ['Journal', `${sizeText(journal.bytes)}, ${journal.objects} objects, revision ${journal.revision}`],
    ['Owner', ownerText(status.owner, use, now)],
    ['Kubernetes', kubernetesVersion],
    ['Clock', clockText(clock)],
    ['Nodes', nodeText],
  ];
}

function ownerText({ pid, since, api, kubernetes }: LocalStatus['owner'], use: FolderUse, now: number): string {
  if (UNOWNED.includes(use)) return 'nobody: each command opens the folder for itself (hawser server keeps it open)';
  const who = use === 'command' ? 'a command' : api.length > 0 ? 'hawser server' : 'hawser local serve';
  const addresses = [
    ...api.map((url) => `API ${url}`),
    ...(kubernetes === undefined ? [] : [`Kubernetes ${kubernetes}`]),
  ];
  return [`${who}, pid ${pid}, since ${since} (${age(since, now)})`, ...addresses].join('\n');
}
