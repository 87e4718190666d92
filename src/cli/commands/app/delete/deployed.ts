// What goes with an application when it is deleted with all it deployed, and what stays all the same.

import { managedResources } from '../../../../api/applications.ts';
import type { Application } from '../../../../model/application.ts';
import { liveObject, staysOnDeletion } from '../../../../model/deletion.ts';
import type { Context } from '../../../context.ts';

/** Kinds, once for each object. */
export interface Deployed {
  readonly going: readonly string[];
  readonly staying: readonly string[];
}

export async function deployedBy(app: Application, context: Context): Promise<Deployed> {
  const { client } = await context.connect();
  const { name, namespace } = app.metadata;
  const query = { applicationName: name, ...(namespace ? { appNamespace: namespace } : {}) };
  const answer = await client.call(managedResources, query).catch(() => undefined);
  const listed = app.status?.resources ?? [];
  // An application that cannot be compared still has what it deployed before.
  if (!answer) return { going: listed.map(({ kind }) => kind ?? ''), staying: [] };
  const options = app.spec.syncPolicy?.syncOptions ?? [];
  const live = (answer.items ?? []).flatMap((resource) => liveObject(resource) ?? []);
  const kindsOf = (stay: boolean): string[] =>
    live.filter((object) => staysOnDeletion(object, options) === stay).map(({ kind }) => kind);
  const hooks = listed.filter(({ hook }) => hook).map(({ kind }) => kind ?? '');
  return { going: [...kindsOf(false), ...hooks], staying: kindsOf(true) };
}
