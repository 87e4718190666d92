import type { Command } from 'commander';
import type { ApplicationTarget } from '../../api/applications.ts';
import { HawserError } from '../../core/errors.ts';
import { PLAIN } from '../../render/style.ts';
import { usesScreenReader } from '../config/preferences.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../input/command.ts';
import type { Flag, OptionsOf } from '../input/flags.ts';
import { NAMESPACE_FLAG } from '../input/target.ts';
import { canFrame } from '../io/frame.ts';

const ORDER_NAMES = { problems: 'problems', name: 'name', project: 'project', deployed: 'last deployment' } as const;

const TOP_FLAGS = [
  NAMESPACE_FLAG,
  { name: 'project', short: 'p', type: 'stringArray', value: 'name', summary: 'filter by project (repeatable)' },
  { name: 'selector', short: 'l', type: 'string', syntax: 'selector', value: 'labels', summary: 'filter by labels' },
  {
    name: 'filter',
    type: 'string',
    value: 'words',
    default: '',
    summary: 'words to filter by at the start, as with the key /',
  },
  {
    name: 'sort-by',
    type: 'string',
    value: 'field',
    default: 'problems',
    suggestions: Object.keys(ORDER_NAMES),
    summary: 'sort by problems, name, project or deployed',
  },
] as const satisfies readonly Flag[];

export type TopOptions = OptionsOf<typeof TOP_FLAGS>;

export function topCommand(context: Context, run = runTop): Command {
  return defineCommand(
    {
      name: 'top',
      description:
        'Shows all applications in the terminal, what is wrong first, and keeps the picture current. Keys filter, open, sync, compare and refresh; ? lists them, q quits.',
      flags: TOP_FLAGS,
      examples: [
        { about: 'Watch all applications', line: 'hawser top' },
        { about: 'Watch the applications of a team', line: 'hawser top -l team=shop' },
        { about: 'Watch what is degraded', line: 'hawser top --filter degraded' },
      ],
    },
    (options) => run(options, context),
  );
}

async function runTop(options: TopOptions, context: Context): Promise<void> {
  const { appNamespace, project, selector, filter } = options;
  const [, order] = Object.entries(ORDER_NAMES).find(([name]) => name === options.sortBy) ?? [];
  if (order === undefined) {
    throw new HawserError('usage', `cannot sort by '${options.sortBy}'`, {
      hint: `valid fields: ${Object.keys(ORDER_NAMES).join(', ')}`,
    });
  }
  const { io, env } = context;
  if (await usesScreenReader(env)) throw noTerminal('top redraws its picture, which a screen reader cannot follow');
  if (!io.input.terminal || !canFrame(io.out, env)) throw noTerminal('top needs a terminal that can be drawn on');
  const [{ runFleet }, { FIRST_STATE }] = await Promise.all([import('../top/run.ts'), import('../top/state.ts')]);
  const query = { appNamespace, selector, ...(project?.length ? { projects: project } : {}) };
  // What was asked for goes on without us.
  context.leaveAtOnce();
  const session = await runFleet(
    { query, start: { ...FIRST_STATE, order, filter }, diff: (target) => diffLines(target, context) },
    context,
  );
  const { local } = await context.connect();
  const running = session.running();
  if (!local || running.length === 0) return;
  context.say(`without a hawser server, the sync of ${running.join(', ')} goes on with the next command`);
}

const noTerminal = (message: string): HawserError =>
  new HawserError('usage', message, { hint: 'hawser app list --watch prints each change as a line' });

async function diffLines(target: ApplicationTarget, context: Context): Promise<readonly string[]> {
  const [{ findDifferences }, { renderDifferences }] = await Promise.all([
    import('./app/shared/differences.ts'),
    import('../../render/differences.ts'),
  ]);
  const differences = await findDifferences({ target }, context);
  if (differences.length === 0) return [];
  return (await renderDifferences(differences, PLAIN)).trimEnd().split('\n');
}
