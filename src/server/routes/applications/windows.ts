// The sync windows of an application, which are those of its project.

import type { SyncWindows } from '../../../api/applications.ts';
import { parse } from '../../../core/shape.ts';
import type { Application } from '../../../model/application.ts';
import { PROJECT_TYPE, project, type SyncWindow } from '../../../model/project.ts';
import { assignedWindows } from '../../../model/sync-windows.ts';
import type { WindowVerdict } from '../../../model/window-schedule.ts';
import type { ServerPorts } from '../../ports.ts';

export async function windowVerdict(
  { home, namespace, clock }: ServerPorts,
  app: Application,
): Promise<WindowVerdict & { readonly assigned: readonly SyncWindow[] }> {
  const name = app.spec.project || 'default';
  const object = await home.get({ ...PROJECT_TYPE, namespace, name });
  const windows = object ? (parse(project, object, `project '${name}'`).spec.syncWindows ?? []) : [];
  const assigned = assignedWindows(windows, app);
  const { judgeWindows } = await import('../../../model/window-schedule.ts');
  return { ...judgeWindows(assigned, clock.now()), assigned };
}

export async function syncWindowsOf(ports: ServerPorts, app: Application): Promise<SyncWindows> {
  const { active, assigned, manual } = await windowVerdict(ports, app);
  return { activeWindows: active.map(brief), assignedWindows: assigned.map(brief), canSync: manual };
}

/** What the API tells of a window. */
const brief = ({ kind, schedule, duration, manualSync, timeZone }: SyncWindow): SyncWindow => ({
  kind,
  schedule,
  duration,
  ...(manualSync ? { manualSync } : {}),
  ...(timeZone ? { timeZone } : {}),
});
