import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { permissionDenied } from '../http/dispatch.ts';
import type { ServerPorts } from '../ports.ts';

export const APPLICATION_TYPE = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' } as const;

export interface Asked {
  readonly name: string;
  readonly appNamespace?: string;
  readonly project?: string;
}

export function applicationReference(
  ports: ServerPorts,
  name: string,
): typeof APPLICATION_TYPE & { namespace: string; name: string } {
  return { ...APPLICATION_TYPE, namespace: ports.namespace, name };
}

/** Whoever waits for what a call caused does not wait for an operation that ran before it. */
export function touchIdle(ports: ServerPorts, found: KubeObject): void {
  if (found['operation'] === undefined) ports.touch(found.metadata.name ?? '');
}

/**
 * The application that is asked for. One that is missing is hidden as the reference hides it: 403 to who names no
 * project, 404 to who names one.
 */
export async function findApplication(ports: ServerPorts, asked: Asked): Promise<KubeObject> {
  const inNamespace = !asked.appNamespace || asked.appNamespace === ports.namespace;
  const found = inNamespace && asked.name ? await ports.home.get(applicationReference(ports, asked.name)) : undefined;
  if (found && (!asked.project || asked.project === (textAt(found, 'spec', 'project') || 'default'))) return found;
  if (asked.project && inNamespace) {
    throw new HawserError('not-found', `applications.argoproj.io "${asked.name}" not found`);
  }
  throw permissionDenied();
}
