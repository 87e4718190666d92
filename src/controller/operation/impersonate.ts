// A sync writes in the name of a service account of the project, where the settings ask for it.

import { serviceAccountFor } from '../../engine/project/service-account.ts';
import type { Application } from '../../model/application.ts';
import { DEFAULT_PROJECT } from '../../model/project.ts';
import type { ControllerPorts, Destination } from '../ports.ts';
import type { PassOutcome } from './pass.ts';

/** The destination as that account reaches it; the failure of the operation where there must be one and is none. */
export async function impersonate(
  ports: Pick<ControllerPorts, 'impersonation' | 'project' | 'namespace'>,
  app: Application,
  destination: Destination,
): Promise<{ readonly destination: Destination } | { readonly failure: PassOutcome }> {
  const mode = ports.impersonation();
  if (mode === 'off') return { destination };
  const { server } = destination;
  const { namespace = '' } = app.spec.destination;
  const name = app.spec.project || DEFAULT_PROJECT;
  const project = await ports.project(name);
  const question = { server, namespace, applicationNamespace: app.metadata.namespace ?? ports.namespace };
  const account = project && serviceAccountFor(project, question);
  if (account !== undefined) return { destination: { ...destination, cluster: destination.cluster.as(account) } };
  if (mode === 'optional') return { destination };
  const message = `no service account of project '${name}' is for namespace '${namespace}' of ${server}, and application.sync.impersonation.enabled asks for one`;
  return { failure: { phase: 'Error', message } };
}
