// What `cluster add` and `admin cluster generate-spec` have in common.

import { type Flag, ofGroup } from './flags.ts';

export const CLUSTER_FLAGS = [
  { name: 'kubeconfig', type: 'string', value: 'file', summary: 'kubeconfig to take the context from' },
  { name: 'name', type: 'string', summary: 'name of the cluster (default: the one of the context)' },
  { name: 'project', type: 'string', summary: 'the project that the cluster is for' },
  {
    name: 'namespace',
    type: 'stringArray',
    value: 'namespace',
    summary: 'a namespace to manage, instead of all (repeatable)',
  },
  {
    name: 'cluster-resources',
    type: 'bool',
    summary: 'manage what is in no namespace as well, although namespaces are named',
  },
  { name: 'label', type: 'stringArray', value: 'key=value', summary: 'label (repeatable)' },
  { name: 'annotation', type: 'stringArray', value: 'key=value', summary: 'annotation (repeatable)' },
  { name: 'shard', type: 'int', default: -1, value: 'number', summary: 'controller shard; -1 chooses one' },
  { name: 'in-cluster', type: 'bool', summary: 'the cluster that Argo CD itself runs in' },
  {
    name: 'cluster-endpoint',
    type: 'string',
    value: 'kind',
    summary: 'address to save: kubeconfig, kube-public or internal',
  },
  { name: 'disable-compression', type: 'bool', summary: 'do not compress answers of the cluster' },
  { name: 'system-namespace', type: 'string', default: 'kube-system', summary: 'namespace of the service account' },
  ...ofGroup('Login by a program or AWS', [
    { name: 'aws-cluster-name', type: 'string', value: 'name', summary: 'name of the cluster at AWS' },
    { name: 'aws-role-arn', type: 'string', value: 'ARN', summary: 'role to take at AWS' },
    { name: 'aws-profile', type: 'string', value: 'profile', summary: 'profile of AWS' },
    { name: 'exec-command', type: 'string', value: 'program', summary: 'program that gives credentials' },
    { name: 'exec-command-args', type: 'stringArray', value: 'text', summary: 'its argument (repeatable)' },
    {
      name: 'exec-command-env',
      type: 'stringToString',
      default: {},
      typedOnly: true,
      summary: 'its environment (repeatable)',
    },
    { name: 'exec-command-api-version', type: 'string', value: 'version', summary: 'API version of its answer' },
    { name: 'exec-command-install-hint', type: 'string', value: 'text', summary: 'where to get it' },
  ]),
] as const satisfies readonly Flag[];
