import { applyKindRule, listFlag } from './shared/kind-rule.ts';
import { projectEdit } from './shared/project-edit.ts';

const patternOf = (group: string, kind: string, name: string | undefined) => ({
  group,
  kind,
  ...(name ? { name } : {}),
});

export const allowClusterResourceCommand = projectEdit({
  name: 'allow-cluster-resource',
  description: 'Allows a kind of cluster-scoped resources, or some of their names. All parts may be globs.',
  arguments: ['<group>', '<kind>', '[name]'],
  flags: [listFlag('allow')],
  examples: [
    { about: 'Allow namespaces', line: "hawser proj allow-cluster-resource shop '' Namespace" },
    { about: 'Allow some of them', line: "hawser proj allow-cluster-resource shop '' Namespace 'shop-*'" },
    { about: 'No longer deny a kind', line: "hawser proj allow-cluster-resource shop '' Node --list deny" },
  ],
  edit: ({ spec }, { args: [group, kind, name], options: { list } }) =>
    applyKindRule(spec, { scope: 'cluster', verb: 'allow', list, pattern: patternOf(group, kind, name) }),
});

export const denyClusterResourceCommand = projectEdit({
  name: 'deny-cluster-resource',
  description: 'No longer allows a kind of cluster-scoped resources, or denies it with --list deny.',
  arguments: ['<group>', '<kind>', '[name]'],
  flags: [listFlag('allow')],
  examples: [
    {
      about: 'No longer allow a kind',
      line: 'hawser proj deny-cluster-resource shop rbac.authorization.k8s.io ClusterRole',
    },
    { about: 'Deny it, whatever is allowed', line: "hawser proj deny-cluster-resource shop '' Node --list deny" },
  ],
  edit: ({ spec }, { args: [group, kind, name], options: { list } }) =>
    applyKindRule(spec, { scope: 'cluster', verb: 'deny', list, pattern: patternOf(group, kind, name) }),
});
