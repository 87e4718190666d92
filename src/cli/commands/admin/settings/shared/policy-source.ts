// Where a policy comes from: a file, or the ConfigMap argocd-rbac-cm of a namespace in the cluster of a kubeconfig.

import type { Reasons } from '../../../../../core/errors.ts';
import { asHawserError, HawserError } from '../../../../../core/errors.ts';
import type { Context } from '../../../../context.ts';
import type { Flag, OptionsOf } from '../../../../input/flags.ts';
import { ADMIN_KUBECTL_FLAGS, clusterChoice } from '../../../../input/kubectl-flags.ts';
import { readSource } from '../../../../input/read-source.ts';
import type { SettingsData, SettingsTools } from '../../../../offline/settings-tools.ts';

export const POLICY_FLAGS = [
  {
    name: 'policy-file',
    type: 'string',
    value: 'path',
    summary: 'file with the policy: CSV, or the ConfigMap argocd-rbac-cm (- for stdin)',
  },
  ...ADMIN_KUBECTL_FLAGS,
] as const satisfies readonly Flag[];

/** The reference gives it a short form with one of the two commands. */
export const NAMESPACE_FLAG = {
  name: 'namespace',
  type: 'string',
  value: 'namespace',
  group: 'Cluster',
  summary: 'namespace of the ConfigMap argocd-rbac-cm',
} as const satisfies Flag;

type PolicySource = OptionsOf<typeof POLICY_FLAGS> & { readonly namespace?: string | undefined };

type Purpose = Reasons['no-cluster-client']['what'];

export async function readPolicy(
  options: PolicySource,
  { tools, purpose }: { readonly tools: SettingsTools; readonly purpose: Purpose },
  context: Context,
): Promise<SettingsData> {
  const { policyFile, namespace } = options;
  const cluster = clusterChoice(options);
  if ((policyFile === undefined) === (namespace === undefined)) {
    throw new HawserError('usage', 'name one source of the policy', {
      hint: 'give --policy-file FILE, or --namespace argocd for the cluster of the kubeconfig',
      reason: { kind: 'no-policy-source' },
    });
  }
  try {
    // The reference wants a kubeconfig even where it asks no cluster.
    if (context.policy.own.add(() => false, true)) await tools.checkKubeconfig(cluster);
    if (policyFile === undefined)
      return await tools.fetch({ kind: 'ConfigMap', namespace: namespace ?? '', name: 'argocd-rbac-cm' }, cluster);
  } catch (thrown) {
    const error = asHawserError(thrown);
    if (error.reason?.kind !== 'no-kubeconfig') throw error;
    throw error.with({ reason: { kind: 'no-cluster-client', what: purpose } });
  }
  return tools.read(await readFile(policyFile, context), policyFile);
}

async function readFile(path: string, context: Context): Promise<string> {
  try {
    return await readSource(path, context);
  } catch (thrown) {
    const error = asHawserError(thrown);
    if (error.reason?.kind !== 'unreadable-input') throw error;
    throw error.with({ reason: { ...error.reason, kind: 'unreadable-policy' } });
  }
}

/** 'policy.csv, line 3, column 1: … (the line)' */
export const faultText = ({
  key,
  line,
  column,
  problem,
  text,
}: ReturnType<SettingsTools['policyFaults']>[number]): string =>
  `${key}, line ${line}, column ${column}: ${problem}\n    ${text}`;
