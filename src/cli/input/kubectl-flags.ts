import type { Flag } from './flags.ts';

/** Flags of kubectl that the reference takes beside its own where a cluster may be meant. */
export const KUBECTL_FLAGS = [
  { name: 'cluster', type: 'string', hidden: true, summary: 'cluster of the kubeconfig' },
  { name: 'context', type: 'string', hidden: true, summary: 'context of the kubeconfig' },
  {
    name: 'insecure-skip-tls-verify',
    type: 'bool',
    hidden: true,
    summary: 'skip verification of the cluster certificate',
  },
  { name: 'kubeconfig', type: 'string', hidden: true, summary: 'kubeconfig file' },
  { name: 'namespace', short: 'n', type: 'string', hidden: true, summary: 'namespace of the server' },
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
