import { applyKindRule, listFlag } from './shared/kind-rule.ts';
import { projectEdit } from './shared/project-edit.ts';

export const allowNamespaceResourceCommand = projectEdit({
  name: 'allow-namespace-resource',
  description:
    'No longer denies a kind of namespaced resources, or allows it with --list allow. Both parts may be globs.',
  arguments: ['<group>', '<kind>'],
  flags: [listFlag('deny')],
  examples: [
    { about: 'No longer deny a kind', line: "hawser proj allow-namespace-resource shop '' Secret" },
    {
      about: 'Allow nothing but some kinds',
      line: 'hawser proj allow-namespace-resource shop apps Deployment --list allow',
    },
  ],
  edit: ({ spec }, { args: [group, kind], options: { list } }) =>
    applyKindRule(spec, { scope: 'namespace', verb: 'allow', list, pattern: { group, kind } }),
});

export const denyNamespaceResourceCommand = projectEdit({
  name: 'deny-namespace-resource',
  description: 'Denies a kind of namespaced resources. Both parts may be globs.',
  arguments: ['<group>', '<kind>'],
  flags: [listFlag('deny')],
  examples: [
    { about: 'Deny a kind', line: "hawser proj deny-namespace-resource shop '' Secret" },
    {
      about: 'Take it from the allowed kinds',
      line: 'hawser proj deny-namespace-resource shop apps Deployment --list allow',
    },
  ],
  edit: ({ spec }, { args: [group, kind], options: { list } }) =>
    applyKindRule(spec, { scope: 'namespace', verb: 'deny', list, pattern: { group, kind } }),
});
