import type { Command } from 'commander';
import { HawserError } from '../../../../core/errors.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type { Meaning, Style } from '../../../../render/style.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { type Outcome, putObjects } from './put.ts';
import { readObjects } from './read.ts';

const LOAD_FLAGS = [
  {
    name: 'namespace',
    short: 'n',
    type: 'string',
    default: 'default',
    value: 'name',
    own: true,
    summary: 'namespace of objects that name none',
  },
  { name: 'dry-run', type: 'bool', own: true, summary: 'ask the cluster what would happen, and change nothing' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type LoadOptions = OptionsOf<typeof LOAD_FLAGS> & { readonly paths: readonly string[] };

export function loadCommand(context: Context, run = runLoad): Command {
  return defineCommand(
    {
      name: 'load',
      description:
        'Puts Kubernetes objects into the local cluster: YAML or JSON, several documents, lists, folders with all below them, - for stdin.\nIt takes what kubectl get -o yaml prints of another cluster: uids, versions, managed fields and status are left out, the status of custom resources is kept, and what a controller makes anew (the Pods of a Deployment) is skipped. Definitions and namespaces come first, owners before what they own. To load the same again changes nothing.',
      arguments: ['<paths...>'],
      argumentSummaries: { '<paths...>': 'files, folders, or - for stdin' },
      flags: LOAD_FLAGS,
      examples: [
        { about: 'Load a folder', line: 'hawser local load manifests/' },
        { about: 'See what it would do', line: 'hawser local load manifests/ --dry-run' },
        {
          about: 'Copy a namespace of another cluster',
          line: 'kubectl get ns/shop -o yaml > shop.yaml\nkubectl get all,cm,ing -n shop -o yaml >> dump.yaml\nhawser local load shop.yaml dump.yaml',
        },
        { about: 'Load what kustomize renders', line: 'kubectl kustomize overlays/dev | hawser local load -' },
      ],
    },
    (options, paths) => run({ ...options, paths }, context),
  );
}

async function runLoad({ paths, namespace, dryRun = false, output }: LoadOptions, context: Context): Promise<void> {
  const objects = await readObjects(paths, context);
  if (objects.length === 0)
    throw new HawserError('invalid', `there is no object in ${paths.join(', ')}; nothing was loaded`);
  const { client } = await context.local();
  const outcomes = await putObjects(objects, { client, namespace, dryRun, signal: context.signal });
  const counts = countsOf(outcomes);
  const view = await context.view();
  const text = (): void => {
    const lines = outcomes.map((outcome) => lineOf(outcome, view.style));
    context.io.out.write([...lines, `${sumText(counts, dryRun)}\n`].join(''));
  };
  await writeResult({ dryRun, counts, objects: outcomes.map(documentOf) }, { output, text }, context);
  for (const { file, line, warnings } of outcomes)
    for (const warning of warnings) context.say(`warning: ${file}:${line}: ${warning}`);
  endFailed(outcomes, output !== undefined, context);
}

/** What failed is in the answer; the error says how much that is. */
function endFailed(outcomes: readonly Outcome[], isDocument: boolean, { signal }: Context): void {
  signal.throwIfAborted();
  const failed = outcomes.filter(({ result }) => result === 'failed');
  const [first] = failed;
  if (!first) return;
  const lacksNamespace = failed.some(({ missing }) => missing === 'namespace');
  const hint = lacksNamespace ? `hawser local kubectl create namespace ${first.namespace}` : undefined;
  throw new HawserError('invalid', `${failed.length} of ${outcomes.length} objects could not be loaded`, {
    ...omitUndefined({ hint }),
    ...(isDocument ? { reason: { kind: 'in-answer' } } : {}),
  });
}

const RESULTS = ['created', 'configured', 'unchanged', 'skipped', 'failed'] as const;
type Counts = Readonly<Record<(typeof RESULTS)[number], number>>;

function countsOf(outcomes: readonly Outcome[]): Counts {
  const count = (name: string): number => outcomes.filter(({ result }) => result === name).length;
  return {
    created: count('created'),
    configured: count('configured'),
    unchanged: count('unchanged'),
    skipped: count('skipped'),
    failed: count('failed'),
  };
}

function sumText(counts: Counts, dryRun: boolean): string {
  const parts = RESULTS.filter((result) => counts[result] > 0).map((result) => `${counts[result]} ${result}`);
  return `${parts.join(', ')}${dryRun ? ' (dry run: nothing was changed)' : ''}`;
}

const MEANINGS: Readonly<Record<Outcome['result'], Meaning>> = {
  created: 'good',
  configured: 'warn',
  unchanged: 'faint',
  skipped: 'faint',
  failed: 'bad',
};

const WIDTH = 'configured'.length;

function lineOf(outcome: Outcome, style: Style): string {
  const { result, kind, namespace, name, file, line, message } = outcome;
  const full = namespace === '' ? name : `${namespace}/${name}`;
  const place = result === 'failed' ? ` (${file}:${line})` : '';
  const why = message === undefined ? '' : `: ${message.replaceAll('\n', ' ')}`;
  return `${style[MEANINGS[result]](result.padEnd(WIDTH))}  ${kind} ${full}${place}${why}\n`;
}

const documentOf = ({
  result,
  apiVersion,
  kind,
  namespace,
  name,
  file,
  line,
  message,
  warnings,
}: Outcome): unknown => ({
  result,
  apiVersion,
  kind,
  namespace,
  name,
  file,
  line,
  ...omitUndefined({ message }),
  ...(warnings.length > 0 ? { warnings } : {}),
});
