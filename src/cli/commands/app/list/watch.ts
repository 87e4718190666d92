// A list that goes on: redrawn in a terminal, one line for each change everywhere else.

import { followApplications } from '../../../../client/watch-list.ts';
import { asHawserError } from '../../../../core/errors.ts';
import { type Application, qualifiedName } from '../../../../model/application.ts';
import { meaningOf } from '../../../../render/style.ts';
import { clockTime } from '../../../../render/times.ts';
import type { View } from '../../../../render/view.ts';
import { usesScreenReader } from '../../../config/preferences.ts';
import type { Connection, Context } from '../../../context.ts';
import { createPicture, isLive } from '../../../io/redraw.ts';
import { asJson, formatList, type ListFormat, type Listing } from '../../../output/list.ts';
import { type Failed, type Found, type ListedContext, WITH_CONTEXTS, worstOf } from './listed-contexts.ts';
import { APPLICATIONS, chooseApplications, identityOf, type ListPlan } from './plan.ts';

interface ListChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly application: Application;
}

/** One server of a list that goes on, and what is known of it; its name is '' where it is the only one. */
interface Followed {
  readonly server: ListedContext;
  readonly listed: Map<string, Application>;
}

/** Shows what there is and each change of it until the process is asked to end. */
export function watchList(plan: ListPlan, context: Context): Promise<void> {
  return watchContexts([{ name: '', open: () => context.connect() }], plan, context);
}

/** The same of several servers in one list. One that cannot be followed is told and does not end the others. */
export async function watchContexts(
  servers: readonly ListedContext[],
  plan: ListPlan,
  context: Context,
): Promise<void> {
  const view = await context.view();
  const shown = (await isTable(plan.format, context)) ? tableShow(plan, context) : lineShow(plan, view, context);
  const followed = servers.map((server): Followed => ({ server, listed: new Map() }));
  const failed: Failed[] = [];
  const sources = followed.map((one) => follow(one, { plan, context, failed, all: servers.length }));
  try {
    for await (const { name, changes } of merged(sources)) await shown({ name, changes }, followed);
  } catch (thrown) {
    if (!context.signal.aborted) throw thrown;
  }
}

interface Step {
  readonly name: string;
  readonly changes: readonly ListChange[];
}

interface Following {
  readonly plan: ListPlan;
  readonly context: Context;
  readonly failed: Failed[];
  /** The number of servers. */
  readonly all: number;
}

async function* follow({ server, listed }: Followed, { plan, context, failed, all }: Following): AsyncGenerator<Step> {
  const { name } = server;
  try {
    for await (const changes of changesOf(await server.open(), { plan, listed, context })) yield { name, changes };
  } catch (thrown) {
    if (context.signal.aborted || all === 1) throw thrown;
    const error = asHawserError(thrown);
    failed.push({ context: name, error });
    if (failed.length === all) throw worstOf(failed);
    context.say(`warning: context '${name}': ${error.message}`);
  }
}

/** What any of them yields, as it comes. */
async function* merged<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const pull = async (source: AsyncGenerator<T>) => ({ source, result: await source.next() });
  const pending = new Map(sources.map((source) => [source, pull(source)]));
  while (pending.size > 0) {
    const { source, result } = await Promise.race(pending.values());
    if (result.done) pending.delete(source);
    else {
      pending.set(source, pull(source));
      yield result.value;
    }
  }
}

/** The difference to what is known, which it keeps: first all there is, then event by event. */
async function* changesOf(
  { client }: Connection,
  { plan, listed, context }: { plan: ListPlan; listed: Map<string, Application>; context: Context },
): AsyncGenerator<readonly ListChange[]> {
  const { signal, clock } = context;
  let started = false;
  for await (const event of followApplications(client, plan.query, { signal, clock })) {
    if (event.type === 'LOST') context.say(`lost the connection to ${client.address}; connecting again`);
    else if (event.type === 'LIST') {
      const { applications } = event;
      const changes = [...missing(listed, applications), ...applications.flatMap((app) => noted(listed, app, plan))];
      if (!started || changes.length > 0) yield changes;
      started = true;
    } else {
      const { type, application } = event;
      const next = type === 'DELETED' ? removed(listed, application) : noted(listed, application, plan);
      if (next.length > 0) yield next;
    }
  }
}

function missing(listed: Map<string, Application>, items: readonly Application[]): ListChange[] {
  const there = new Set(items.map(identityOf));
  return [...listed.values()].filter((app) => !there.has(identityOf(app))).flatMap((app) => removed(listed, app));
}

function removed(listed: Map<string, Application>, app: Application): ListChange[] {
  return listed.delete(identityOf(app)) ? [{ type: 'DELETED', application: app }] : [];
}

/** One that fits no more leaves the list as if it were deleted; one that looks as before is no change. */
function noted(listed: Map<string, Application>, app: Application, plan: ListPlan): ListChange[] {
  const key = identityOf(app);
  const before = listed.get(key);
  if (!plan.chooser.fits(app)) return before ? removed(listed, app) : [];
  listed.set(key, app);
  if (before && !isWhole(plan.format) && look(before) === look(app)) return [];
  return [{ type: before ? 'MODIFIED' : 'ADDED', application: app }];
}

const isWhole = ({ name }: ListFormat): boolean => name !== 'default' && name !== 'table' && name !== 'wide';

function look(app: Application): string {
  const { status, spec } = app;
  return JSON.stringify([
    status?.sync,
    status?.health?.status,
    status?.operationState?.phase,
    status?.conditions,
    spec,
  ]);
}

type Show = (step: Step, followed: readonly Followed[]) => Promise<void>;

async function isTable(format: ListFormat, { io, env }: Context): Promise<boolean> {
  return !isWhole(format) && isLive(io.out, env) && !(await usesScreenReader(env));
}

function tableShow(plan: ListPlan, context: Context): Show {
  const picture = createPicture(context.io.out);
  return async (_, followed) => {
    const { format, headers, columns } = plan;
    const view = await context.view();
    const rows = followed.flatMap(({ server, listed }) =>
      chooseApplications([...listed.values()], plan).map(
        (application): Found => ({ context: server.name, application }),
      ),
    );
    const listing = followed.some(({ server }) => server.name !== '') ? WITH_CONTEXTS : ALONE;
    picture.draw(await formatList(rows, { format, headers, view, listing, columns }));
  };
}

const ALONE: Listing<Found> = {
  table: (items, columns, now) =>
    APPLICATIONS.table(
      items.map(({ application }) => application),
      columns,
      now,
    ),
  name: ({ application }) => qualifiedName(application),
};

function lineShow(plan: ListPlan, view: View, context: Context): Show {
  return async ({ name, changes }) => {
    for (const change of changes)
      context.io.out.write(await lineOf(name, change, { plan, view: { ...view, now: context.clock.now() } }));
  };
}

async function lineOf(
  context: string,
  { type, application }: ListChange,
  { plan: { format, columns }, view }: { readonly plan: ListPlan; readonly view: View },
): Promise<string> {
  const server = context === '' ? {} : { context };
  if (format.name === 'json') return `${JSON.stringify({ type, ...server, application })}\n`;
  if (format.name === 'jsonpath') return `${format.template(asJson(application))}\n`;
  if (format.name === 'yaml') {
    const { formatYaml } = await import('../../../../core/yaml.ts');
    return `---\n${formatYaml({ type, ...server, application }, { sortKeys: true })}`;
  }
  const listing = context === '' ? ALONE : WITH_CONTEXTS;
  if (isWhole(format)) {
    return formatList([{ context, application }], { format, headers: false, view, listing, columns });
  }
  const { style } = view;
  const { sync, health, operationState } = application.status ?? {};
  const words = [sync?.status, health?.status, operationState?.phase].flatMap((word) =>
    word ? [style[meaningOf(word)](word)] : [],
  );
  const cells = type === 'DELETED' ? [style.warn('deleted')] : words;
  return `${[style.faint(clockTime(view.now)), listing.name({ context, application }), ...cells].join('  ')}\n`;
}
