// A sync window may close while an operation runs.

import type { Application } from '../../model/application.ts';
import type { OperationState } from '../../model/operation.ts';
import { assignedWindows } from '../../model/sync-windows.ts';
import type { ControllerPorts } from '../ports.ts';

export const BLOCKED_BY_WINDOW = 'Sync operation blocked by sync window';

/** Whether the windows of the project keep an operation from going on. Schedules are read only where there are windows. */
export async function isBlockedByWindow(
  ports: ControllerPorts,
  app: Application,
  state: OperationState,
): Promise<boolean> {
  if (state.phase === 'Terminating') return false;
  const project = await ports.project(app.spec.project || 'default');
  const windows = assignedWindows(project?.spec.syncWindows ?? [], app);
  if (windows.length === 0) return false;
  const { mayGoOn } = await import('../../model/window-schedule.ts');
  const now = ports.clock.now();
  const since = state.startedAt ? Date.parse(state.startedAt) : now;
  const by = state.operation?.initiatedBy?.automated ? 'automatic' : 'manual';
  return !mayGoOn(windows, { now, since }, by);
}
