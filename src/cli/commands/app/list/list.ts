import type { Command } from 'commander';
import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG } from '../../../input/target.ts';
import { outputFlag } from '../../../output/document.ts';
import { formatList, LIST_FORMATS, type ListFormat, readListFormat } from '../../../output/list.ts';
import { CHOICE_FLAGS, readChoice } from './choice.ts';
import { APPLICATIONS, fetchChosen, type ListPlan } from './plan.ts';

const LIST_FLAGS = [
  NAMESPACE_FLAG,
  {
    name: 'all-namespaces',
    short: 'A',
    type: 'bool',
    own: true,
    summary: 'list from all namespaces, as without --app-namespace',
  },
  ...CHOICE_FLAGS,
  { name: 'selector', short: 'l', type: 'string', syntax: 'selector', value: 'labels', summary: 'filter by labels' },
  { ...outputFlag(LIST_FORMATS), default: 'wide', typedOnly: true },
  { name: 'no-headers', type: 'bool', own: true, summary: 'omit the header row' },
  { name: 'watch', short: 'w', type: 'bool', own: true, summary: 'keep watching and show each change' },
  {
    name: 'contexts',
    type: 'strings',
    value: 'names',
    own: true,
    summary: "list from these saved contexts ('local' is one), or from all",
  },
] as const satisfies readonly Flag[];

export type ListOptions = OptionsOf<typeof LIST_FLAGS> & { readonly names: readonly string[] };

export function listCommand(context: Context, run = runList): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists applications. With NAMES, which may be globs, only those that match.',
      arguments: ['[names...]'],
      flags: LIST_FLAGS,
      examples: [
        { about: 'List all applications', line: 'hawser app list' },
        {
          about: 'List what is degraded, the latest deployment first',
          line: 'hawser app list --health Degraded --sort-by deployed',
        },
        { about: 'Keep watching the applications of a team', line: 'hawser app list -l team=shop --watch' },
        { about: 'Print names, for a script', line: 'hawser app list --sync OutOfSync -o name' },
      ],
    },
    (options, names) => run({ ...options, names }, context),
  );
}

async function runList(options: ListOptions, context: Context): Promise<void> {
  if (options.allNamespaces && options.appNamespace) throw oneOrAll();
  const format = await readListFormat(options.output);
  const chooser = await readChoice(options, context.clock.now());
  const columns = context.policy.layout.listColumns;
  const { selector, appNamespace, headers, contexts, watch } = options;
  const plan: ListPlan = { query: { selector, appNamespace }, chooser, format, headers, columns };
  if (contexts?.length) {
    const { listedContexts } = await import('./listed-contexts.ts');
    const servers = await listedContexts(contexts, context);
    if (watch) {
      const { watchContexts } = await import('./watch.ts');
      return watchContexts(servers, plan, context);
    }
    const { listContexts } = await import('./contexts.ts');
    return listContexts(servers, plan, context);
  }
  if (watch) {
    const { watchList } = await import('./watch.ts');
    return watchList(plan, context);
  }
  const { applications, total } = await fetchChosen(await context.connect(), plan);
  if (applications.length === 0 && isForPeople(format)) {
    context.policy.wording.advise(emptyText(total, selector ?? appNamespace), context);
    if (!context.policy.layout.headsEmptyLists) return;
  }
  const view = await context.view();
  context.io.out.write(
    await formatList(applications, { format, headers, view, listing: APPLICATIONS, columns: plan.columns }),
  );
}

const isForPeople = ({ name }: ListFormat): boolean => name === 'default' || name === 'table' || name === 'wide';

/** What a list without a line says; a server that was asked for a selection tells nothing of the others. */
function emptyText(total: number, selection: string | undefined): string {
  if (total > 0) return `none of ${total} applications ${total === 1 ? 'matches' : 'match'}`;
  return selection === undefined ? 'no applications yet: hawser app create' : 'no application matches';
}

const oneOrAll = (): HawserError =>
  new HawserError('usage', '--all-namespaces and --app-namespace exclude each other', {
    hint: 'leave one of them out',
  });
