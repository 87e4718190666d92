// Waiting until the sync windows of applications allow a sync.

import { type ApplicationTarget, getApplication, type SyncWindows, syncWindows } from '../../api/applications.ts';
import { getDetailedProject } from '../../api/projects.ts';
import { HawserError } from '../../core/errors.ts';
import { timestamp } from '../../core/time.ts';
import type { SyncWindow } from '../../model/project.ts';
import type { Context } from '../context.ts';
import type { Chosen } from './selection.ts';

/** The server alone decides: it is asked this often, and when a window is expected to change. */
const POLL_MS = 30_000;

/** Windows take hours: no deadline counts meanwhile. Throws `blocked-by-window` where none will ever allow it. */
export async function waitForWindows(members: readonly Chosen[], context: Context): Promise<void> {
  await Promise.all(members.map((member) => waitForWindow(member, context)));
}

async function waitForWindow({ target, label }: Chosen, context: Context): Promise<void> {
  const { client } = await context.connect();
  let lastText = '';
  for (;;) {
    const answer = await client.call(syncWindows, target);
    if (answer.canSync !== false) return;
    const windows = await windowsWithZones(target, answer, context);
    const now = context.clock.now();
    const next = await expectedAfter(windows, now);
    if (next === undefined) {
      throw new HawserError('blocked-by-window', `no sync window will allow a sync of '${label}'`, {
        hint: `hawser app get ${label} shows the windows`,
      });
    }
    // A server whose clock is behind still denies what is allowed here.
    const wait = next > now ? next - now : POLL_MS;
    const text = `${label}: blocked by a sync window${next > now ? ` until ${timestamp(next)}` : ''}`;
    if (text !== lastText) context.say(text);
    lastText = text;
    await context.clock.sleep(Math.min(POLL_MS, wait), context.signal);
  }
}

async function expectedAfter(windows: readonly SyncWindow[], now: number): Promise<number | undefined> {
  const { nextAllowed } = await import('../../model/window-schedule.ts');
  return nextAllowed(windows, now, 'manual');
}

/** A server may leave the time zones out: the project has them, for those who may see it. */
async function windowsWithZones(
  target: ApplicationTarget,
  { assignedWindows: assigned = [] }: SyncWindows,
  context: Context,
): Promise<readonly SyncWindow[]> {
  const { client } = await context.connect();
  const { spec } = await client.call(getApplication, target);
  const detailed = await client.call(getDetailedProject, { name: spec.project || 'default' }).catch(() => undefined);
  const known = detailed?.project?.spec.syncWindows ?? [];
  return assigned.map((window) => known.find((one) => isSame(one, window)) ?? window);
}

const isSame = (a: SyncWindow, b: SyncWindow): boolean =>
  a.kind === b.kind && a.schedule === b.schedule && a.duration === b.duration && !a.manualSync === !b.manualSync;
