// A list that goes on: redrawn in a terminal, one line for each change everywhere else.

import { listApplications, watchApplications } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { type Application, qualifiedName } from '../../../model/application.ts';
import { meaningOf } from '../../../render/style.ts';
import { clockTime } from '../../../render/times.ts';
import type { View } from '../../../render/view.ts';
import type { Context } from '../../context.ts';
import { createPicture, isLive } from '../../io/redraw.ts';
import { asJson, formatList, type ListFormat } from '../../listing.ts';
import { APPLICATIONS, chosen, identityOf, type ListPlan } from './list-plan.ts';

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly application: Application;
}

/** Shows what there is and each change of it until the process is asked to end. */
export async function watchList(plan: ListPlan, context: Context): Promise<void> {
  const view = await context.view();
  const shown = isTable(plan.format, context) ? tableShow(plan, context) : lineShow(plan.format, view, context);
  const known = new Map<string, Application>();
  try {
    for await (const changes of changesOf(plan, known, context)) await shown(changes, [...known.values()]);
  } catch (thrown) {
    if (!context.signal.aborted) throw thrown;
  }
}

const PAUSE = 1000;
const FINAL: readonly string[] = ['not-logged-in', 'not-allowed', 'not-found', 'usage', 'invalid', 'not-implemented'];

/** The difference to what is known, which it keeps: first all there is, then event by event; a stream that ends is opened
 * again, and what happened meanwhile is read from the list. */
async function* changesOf(
  plan: ListPlan,
  known: Map<string, Application>,
  context: Context,
): AsyncGenerator<readonly Change[]> {
  const { client } = await context.connect();
  const { signal } = context;
  const { query } = plan;
  let begun = false;
  while (!signal.aborted) {
    try {
      const { items = [], metadata } = await client.call(listApplications, query, { signal });
      const changes = [...missing(known, items ?? []), ...(items ?? []).flatMap((app) => noted(known, app, plan))];
      if (!begun || changes.length > 0) yield changes;
      begun = true;
      const asked = { ...query, resourceVersion: metadata?.resourceVersion };
      for await (const { type, application } of client.stream(watchApplications, asked, { signal })) {
        const next = type === 'DELETED' ? removed(known, application) : noted(known, application, plan);
        if (next.length > 0) yield next;
      }
    } catch (thrown) {
      const isFinal = thrown instanceof HawserError && FINAL.includes(thrown.code);
      if (signal.aborted || isFinal || !begun) throw thrown;
      context.say(`lost the connection to ${client.address}; connecting again`);
    }
    await context.clock.sleep(PAUSE, signal);
  }
}

function missing(known: Map<string, Application>, items: readonly Application[]): Change[] {
  const there = new Set(items.map(identityOf));
  return [...known.values()].filter((app) => !there.has(identityOf(app))).flatMap((app) => removed(known, app));
}

function removed(known: Map<string, Application>, app: Application): Change[] {
  return known.delete(identityOf(app)) ? [{ type: 'DELETED', application: app }] : [];
}

/** One that fits no more leaves the list as if it were deleted; one that looks as before is no change. */
function noted(known: Map<string, Application>, app: Application, plan: ListPlan): Change[] {
  const key = identityOf(app);
  const before = known.get(key);
  if (!plan.chooser.fits(app)) return before ? removed(known, app) : [];
  known.set(key, app);
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

type Show = (changes: readonly Change[], all: readonly Application[]) => Promise<void>;

function isTable(format: ListFormat, context: Context): boolean {
  return !isWhole(format) && isLive(context.io.out, context.env);
}

function tableShow(plan: ListPlan, context: Context): Show {
  const picture = createPicture(context.io.out);
  return async (_, all) => {
    const { format, headers } = plan;
    const view = await context.view();
    picture.draw(await formatList(chosen(all, plan), { format, headers, view, listing: APPLICATIONS }));
  };
}

function lineShow(format: ListFormat, view: View, context: Context): Show {
  return async (changes) => {
    for (const change of changes)
      context.io.out.write(await lineOf(change, format, { ...view, now: context.clock.now() }));
  };
}

async function lineOf({ type, application }: Change, format: ListFormat, view: View): Promise<string> {
  if (format.name === 'json') return `${JSON.stringify({ type, application })}\n`;
  if (format.name === 'jsonpath') return `${format.template(asJson(application))}\n`;
  if (format.name === 'yaml') {
    const { formatYaml } = await import('../../../core/yaml.ts');
    return `---\n${formatYaml({ type, application }, { sortKeys: true })}`;
  }
  if (isWhole(format)) return formatList([application], { format, headers: false, view, listing: APPLICATIONS });
  const { style } = view;
  const { sync, health, operationState } = application.status ?? {};
  const words = [sync?.status, health?.status, operationState?.phase].flatMap((word) =>
    word ? [style[meaningOf(word)](word)] : [],
  );
  const told = type === 'DELETED' ? [style.warn('deleted')] : words;
  return `${[style.faint(clockTime(view.now)), qualifiedName(application), ...told].join('  ')}\n`;
}
