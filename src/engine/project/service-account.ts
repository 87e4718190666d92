// In whose name applications of a project are deployed.

import { matchesGlob } from '../../core/glob.ts';
import type { Project } from '../../model/project.ts';

export interface AccountQuestion {
  readonly server: string;
  /** Of the application's destination; may be ''. */
  readonly namespace: string;
  /** The application's own. */
  readonly applicationNamespace: string;
}

/**
 * 'system:serviceaccount:NAMESPACE:NAME': the first account of the project whose server and namespace fit. One without a namespace
 * is in the destination's, or in the application's own where it names none.
 */
export function serviceAccountFor(
  { spec }: Project,
  { server, namespace, applicationNamespace }: AccountQuestion,
): string | undefined {
  const entry = spec.destinationServiceAccounts?.find(
    (one) => matchesGlob(one.server, server) && matchesGlob(one.namespace ?? '', namespace),
  );
  if (!entry) return undefined;
  const { defaultServiceAccount: account } = entry;
  return `system:serviceaccount:${account.includes(':') ? account : `${namespace || applicationNamespace}:${account}`}`;
}
