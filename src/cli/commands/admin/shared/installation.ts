// Which installation a command of `admin` is about.

import type { Connection, Context } from '../../../context.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { hawserOnly } from '../../../input/hawser-only.ts';
import { ADMIN_KUBECTL_FLAGS, clusterChoice } from '../../../input/kubectl-flags.ts';

export const INSTALLATION_FLAGS = [
  ...ADMIN_KUBECTL_FLAGS,
  {
    name: 'namespace',
    short: 'n',
    type: 'string',
    value: 'namespace',
    group: 'Cluster',
    summary: 'namespace of an installation in the cluster of the kubeconfig',
  },
] as const satisfies readonly Flag[];

export type InstallationOptions = OptionsOf<typeof INSTALLATION_FLAGS>;

/** The reference knows the kubeconfig alone; we ask the server, or the local system, unless a cluster is named. */
export async function openInstallation(options: InstallationOptions, context: Context): Promise<Connection> {
  const { namespace } = options;
  const choice = { ...clusterChoice(options), ...(namespace ? { namespace } : {}) };
  const byServer = (): Promise<Connection> => context.connect();
  const byCluster = (): Promise<Connection> => context.core(choice);
  return Object.keys(choice).length === 0 ? context.policy.own.add(() => byServer, byCluster)() : byCluster();
}

/** A server that has no such answer is a real Argo CD. */
export const fromHawser = <T>(work: () => Promise<T>): Promise<T> =>
  hawserOnly(work, {
    message: 'the server is no Hawser: its API neither exports nor imports',
    hint: 'name its cluster: --context NAME --namespace argocd',
  });

export const SCOPE_FLAGS = [
  {
    name: 'application-namespaces',
    type: 'strings',
    value: 'globs',
    summary: 'namespaces of applications beside the one of the installation (default: those of its settings)',
  },
  {
    name: 'applicationset-namespaces',
    type: 'strings',
    value: 'globs',
    summary: 'the same for ApplicationSets',
  },
] as const satisfies readonly Flag[];

/** What belongs to the installation. */
export function scopeOf(options: OptionsOf<typeof SCOPE_FLAGS>, { policy }: Pick<Context, 'policy'>) {
  const { applicationNamespaces = [], applicationsetNamespaces = [] } = options;
  return {
    ...(applicationNamespaces.length > 0 ? { applicationNamespaces } : {}),
    ...(applicationsetNamespaces.length > 0 ? { applicationsetNamespaces } : {}),
    ...policy.own.add(() => ({}), { asReference: true }),
  };
}
