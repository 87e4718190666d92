import { type ApplicationTarget, type SyncWindows, syncWindows } from '../../api/applications.ts';
import { getSettings } from '../../api/sessions.ts';
import type { Summary } from '../../render/application.ts';
import type { Connection, Context } from '../context.ts';

/** Where the web interface shows an application; the local system has none, which only the reference's words do not tell. */
export async function applicationUrl(
  connection: Connection,
  label: string,
  context: Context,
): Promise<string | undefined> {
  if (connection.local && context.policy.layout.facts === 'grouped') return undefined;
  const settings = await connection.client.call(getSettings, {});
  const root = settings.url || connection.url;
  return `${root}/applications/${label}`;
}

/** What the sync windows say of an application; a server that does not tell is taken to allow. */
export async function windowsOf(context: Context, target: ApplicationTarget): Promise<Summary['windows']> {
  const { client } = await context.connect();
  const windows = await client.call(syncWindows, target).catch(() => undefined);
  return windows && { says: verdict(windows), assigned: windows.assignedWindows ?? [] };
}

function verdict(windows: SyncWindows): string {
  const active = windows.activeWindows ?? [];
  const assigned = windows.assignedWindows ?? [];
  const isDenied = active.some(({ kind }) => kind === 'deny');
  const waits = assigned.some(({ kind }) => kind === 'allow') && !active.some(({ kind }) => kind === 'allow');
  if (!isDenied && !waits) return 'Sync Allowed';
  return windows.canSync ? 'Manual Allowed' : 'Sync Denied';
}
