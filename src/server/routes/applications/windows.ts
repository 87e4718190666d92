// The sync windows of an application, which are those of its project.

import type { SyncWindows } from '../../../api/applications.ts';
import type { Application } from '../../../model/application.ts';
import type { SyncWindow } from '../../../model/project.ts';
import { assignedWindows } from '../../../model/sync-windows.ts';
import type { WindowVerdict } from '../../../model/window-schedule.ts';
import type { ServerPorts } from '../../ports.ts';
import { enforcedProject } from '../projects/find.ts';

export async function windowVerdict(
  ports: ServerPorts,
  app: Application,
): Promise<WindowVerdict & { readonly assigned: readonly SyncWindow[] }> {
  const name = app.spec.project || 'default';
  const project = await enforcedProject(ports, name);
  const assigned = assignedWindows(project?.spec.syncWindows ?? [], app);
  const { judgeWindows } = await import('../../../model/window-schedule.ts');
  return { ...judgeWindows(assigned, ports.clock.now()), assigned };
}

export async function syncWindowsOf(ports: ServerPorts, app: Application): Promise<SyncWindows> {
  const { active, assigned, manual } = await windowVerdict(ports, app);
  return { activeWindows: active.map(brief), assignedWindows: assigned.map(brief), canSync: manual };
}

/** What the API tells of a window. */
const brief = ({ kind, schedule, duration, manualSync = false }: SyncWindow): SyncWindow => ({
  kind,
  schedule,
  duration,
  manualSync,
});
