import type { ApplicationTarget } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { textAt } from '../../../core/json.ts';
import type { Application } from '../../../model/application.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { permissionDenied } from '../../http/dispatch.ts';
import type { ServerPorts } from '../../ports.ts';
import { applicationResponse } from './response.ts';

export const APPLICATION_TYPE = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' } as const;

export function applicationReference(
  ports: ServerPorts,
  name: string,
): typeof APPLICATION_TYPE & { namespace: string; name: string } {
  return { ...APPLICATION_TYPE, namespace: ports.namespace, name };
}

/** Has the caller wait for what the call causes, but not for an operation that ran before it. */
export function touchIdle(ports: ServerPorts, found: KubeObject): void {
  if (found['operation'] === undefined) ports.touch(found.metadata.name ?? '');
}

/**
 * The application that is asked for. One that is missing is hidden as the reference hides it: 403 to who names no
 * project, 404 to who names one.
 */
export async function findApplication(ports: ServerPorts, target: ApplicationTarget): Promise<KubeObject> {
  const inNamespace = !target.appNamespace || target.appNamespace === ports.namespace;
  const found = inNamespace && target.name ? await ports.home.get(applicationReference(ports, target.name)) : undefined;
  if (found && (!target.project || target.project === (textAt(found, 'spec', 'project') || 'default'))) return found;
  if (target.project && inNamespace) {
    throw new HawserError('not-found', `applications.argoproj.io "${target.name}" not found`);
  }
  throw permissionDenied();
}

export interface ApplicationQuestion {
  readonly applicationName: string;
  readonly project?: string;
  readonly appNamespace?: string;
}

/** The application that a question names, once an idle controller has brought it up to date. */
export async function findCurrent(
  ports: ServerPorts,
  { applicationName: name, project, appNamespace }: ApplicationQuestion,
): Promise<Application> {
  const target = { name, project, appNamespace };
  await findApplication(ports, target);
  await ports.catchUp(name);
  return applicationResponse(await findApplication(ports, target));
}
