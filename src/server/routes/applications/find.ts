import type { ApplicationTarget } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { textAt } from '../../../core/json.ts';
import { APPLICATION_TYPE, applicationKey } from '../../../model/application-key.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { permissionDenied } from '../../auth/enforcer.ts';
import type { ServerPorts } from '../../ports.ts';

/** Where Applications are stored. */
type ApplicationHome = Pick<ServerPorts, 'home' | 'namespace'>;

export function applicationReference(
  ports: ApplicationHome,
  name: string,
): typeof APPLICATION_TYPE & { namespace: string; name: string } {
  return { ...APPLICATION_TYPE, namespace: ports.namespace, name };
}

/** Has the caller wait for what the call causes, but not for an operation that ran before it. */
export function touchIdle(ports: ServerPorts, application: KubeObject): void {
  if (application['operation'] === undefined) ports.touch(applicationKey(application.metadata));
}

/**
 * Finds an application. A missing one is refused as the reference does, so that a caller cannot tell it from a forbidden
 * one: 403 unless the target names its project, then 404.
 */
export async function findApplication(ports: ApplicationHome, target: ApplicationTarget): Promise<KubeObject> {
  const inNamespace = !target.appNamespace || target.appNamespace === ports.namespace;
  const application =
    inNamespace && target.name ? await ports.home.get(applicationReference(ports, target.name)) : undefined;
  const project = textAt(application, 'spec', 'project') || 'default';
  if (application && (!target.project || target.project === project)) return application;
  if (target.project && inNamespace) {
    throw new HawserError('not-found', `applications.argoproj.io "${target.name}" not found`);
  }
  throw permissionDenied();
}

/** The same application, once an idle controller has brought it up to date. */
export async function catchUp(
  ports: ServerPorts,
  application: KubeObject,
  project: string | undefined,
): Promise<KubeObject> {
  const { name = '', namespace: appNamespace } = application.metadata;
  await ports.catchUp(applicationKey(application.metadata));
  return findApplication(ports, { name, appNamespace, project });
}
