import { HawserError } from '../../core/errors.ts';
import type { ClusterChoice } from '../offline/settings-tools.ts';
import { type Flag, type OptionsOf, typedFlag } from './flags.ts';

/** What both have. */
const COMMON = [
  { name: 'cluster', type: 'string', hidden: true, summary: 'cluster of the kubeconfig' },
  {
    name: 'insecure-skip-tls-verify',
    type: 'bool',
    hidden: true,
    summary: 'skip verification of the cluster certificate',
  },
  { name: 'password', type: 'string', hidden: true, summary: 'password for the cluster' },
  { name: 'proxy-url', type: 'string', hidden: true, summary: 'proxy URL for the cluster' },
  {
    name: 'request-timeout',
    type: 'string',
    default: '0',
    typedOnly: true,
    hidden: true,
    summary: 'timeout of one request to the cluster',
  },
  { name: 'token', type: 'string', hidden: true, summary: 'token for the cluster' },
  { name: 'user', type: 'string', hidden: true, summary: 'user of the kubeconfig' },
  { name: 'username', type: 'string', hidden: true, summary: 'user name for the cluster' },
] as const satisfies readonly Flag[];

/** Flags of kubectl that the reference takes beside its own where a cluster may be meant. */
export const KUBECTL_FLAGS = [
  ...COMMON,
  { name: 'context', type: 'string', hidden: true, summary: 'context of the kubeconfig' },
  { name: 'kubeconfig', type: 'string', hidden: true, summary: 'kubeconfig file' },
  { name: 'namespace', short: 'n', type: 'string', hidden: true, summary: 'namespace of the server' },
] as const satisfies readonly Flag[];

/** Those beside them that the reference takes where nothing but a cluster can be meant, all but the namespace. */
export const ADMIN_KUBECTL_FLAGS = [
  ...COMMON,
  {
    name: 'kubeconfig',
    type: 'string',
    value: 'path',
    group: 'Cluster',
    summary: 'kubeconfig file (default: as kubectl finds it)',
  },
  { name: 'context', type: 'string', value: 'name', group: 'Cluster', summary: 'context of the kubeconfig' },
  { name: 'as', type: 'string', hidden: true, summary: 'user to act as' },
  { name: 'as-group', type: 'stringArray', hidden: true, summary: 'group to act as' },
  { name: 'as-uid', type: 'string', hidden: true, summary: 'UID to act as' },
  { name: 'certificate-authority', type: 'string', hidden: true, summary: 'certificate authority of the cluster' },
  { name: 'client-certificate', type: 'string', hidden: true, summary: 'client certificate for the cluster' },
  { name: 'client-key', type: 'string', hidden: true, summary: 'key of the client certificate' },
  { name: 'disable-compression', type: 'bool', hidden: true, summary: 'ask the cluster for plain answers' },
  { name: 'server', type: 'string', hidden: true, summary: 'address of the cluster' },
  { name: 'tls-server-name', type: 'string', hidden: true, summary: 'name in the certificate of the cluster' },
] as const satisfies readonly Flag[];

/** The cluster that is meant. Throws `not-implemented` for what of kubectl is not there: it would be another cluster, or user. */
export function clusterChoice(options: OptionsOf<typeof ADMIN_KUBECTL_FLAGS>): ClusterChoice {
  const supported: readonly string[] = ['kubeconfig', 'context', 'request-timeout', 'disable-compression'];
  const other = typedFlag(
    ADMIN_KUBECTL_FLAGS.filter(({ name }) => !supported.includes(name)),
    options,
  );
  if (other) {
    throw new HawserError('not-implemented', `--${other.name} is not supported for a cluster`, {
      hint: 'put it into a kubeconfig: --kubeconfig FILE --context NAME',
    });
  }
  const { kubeconfig, context } = options;
  return { ...(kubeconfig ? { kubeconfig } : {}), ...(context ? { kubeContext: context } : {}) };
}
