// The verbs of `hawser admin`.

import type { Entry } from '../../command-tree.ts';

const RBAC_COMMANDS: readonly Entry[] = [
  {
    name: 'can',
    summary: 'Check what a policy allows',
    load: async () => (await import('./settings/rbac/can.ts')).rbacCanCommand,
  },
  {
    name: 'validate',
    summary: 'Check that a policy can be read',
    load: async () => (await import('./settings/rbac/validate.ts')).rbacValidateCommand,
  },
];

const OVERRIDE_COMMANDS: readonly Entry[] = [
  {
    name: 'health',
    summary: 'Show the health of an object',
    load: async () => (await import('./settings/resource-overrides/health.ts')).overrideHealthCommand,
  },
  {
    name: 'ignore-differences',
    summary: 'Show the fields that comparisons ignore',
    load: async () => (await import('./settings/resource-overrides/ignore-differences.ts')).overrideDifferencesCommand,
  },
  {
    name: 'ignore-resource-updates',
    summary: 'Show the fields that start no refresh',
    load: async () => (await import('./settings/resource-overrides/ignore-resource-updates.ts')).overrideUpdatesCommand,
  },
  {
    name: 'list-actions',
    summary: 'List the actions of an object',
    load: async () => (await import('./settings/resource-overrides/list-actions.ts')).listActionsCommand,
  },
  {
    name: 'run-action',
    aliases: ['action'],
    summary: 'Show what an action changes',
    load: async () => (await import('./settings/resource-overrides/run-action.ts')).overrideActionCommand,
  },
];

const SETTINGS_COMMANDS: readonly Entry[] = [
  {
    name: 'validate',
    summary: 'Check the settings of an installation',
    load: async () => (await import('./settings/validate.ts')).settingsValidateCommand,
  },
  { name: 'resource-overrides', summary: 'Try settings on an object', children: OVERRIDE_COMMANDS },
  { name: 'rbac', summary: 'Check policies and what they allow', children: RBAC_COMMANDS },
];

const NAMESPACED_MODE_COMMANDS: readonly Entry[] = [
  {
    name: 'enable-namespaced-mode',
    summary: 'Keep clusters to the namespaces in use',
    load: async () => (await import('./cluster/namespaced-mode.ts')).enableNamespacedModeCommand,
  },
  {
    name: 'disable-namespaced-mode',
    summary: 'Free clusters from their list of namespaces',
    load: async () => (await import('./cluster/namespaced-mode.ts')).disableNamespacedModeCommand,
  },
];

const PROJECT_COMMANDS: readonly Entry[] = [
  {
    name: 'generate-spec',
    summary: 'Print the manifest of a project',
    load: async () => (await import('./proj/generate-spec.ts')).generateProjectCommand,
  },
  {
    name: 'generate-allow-list',
    summary: 'Print a project from a ClusterRole',
    load: async () => (await import('./proj/generate-allow-list.ts')).generateAllowListCommand,
  },
  {
    name: 'update-role-policy',
    summary: 'Change a policy in many projects',
    load: async () => (await import('./proj/update-role-policy.ts')).updateRolePolicyCommand,
  },
];

const APPLICATION_COMMANDS: readonly Entry[] = [
  {
    name: 'generate-spec',
    summary: 'Print the manifest of an application',
    load: async () => (await import('./app/generate-spec.ts')).loadGenerateSpec(),
  },
];

export const ADMIN_COMMANDS: readonly Entry[] = [
  {
    name: 'export',
    summary: 'Print all objects of an installation',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'import',
    summary: 'Bring exported objects into an installation',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'initial-password',
    summary: 'Print the initial password of the admin account',
    load: async () => (await import('./initial-password.ts')).initialPasswordCommand,
  },
  { name: 'app', summary: 'Generate applications', children: APPLICATION_COMMANDS },
  { name: 'proj', summary: 'Generate projects, and change many', children: PROJECT_COMMANDS },
  { name: 'settings', summary: 'Check settings and policies', children: SETTINGS_COMMANDS },
  {
    name: 'repo',
    summary: 'Print the Secrets of repositories',
    children: [
      {
        name: 'generate-spec',
        summary: 'Print the Secret of a repository',
        load: async () => (await import('./repo/generate-spec.ts')).adminRepoSpecCommand,
      },
    ],
  },
  {
    name: 'cluster',
    summary: 'Print logins, Secrets and namespaces of clusters',
    children: [
      {
        name: 'generate-spec',
        summary: 'Print the Secret of a cluster',
        load: async () => (await import('./cluster/generate-spec.ts')).adminClusterSpecCommand,
      },
      {
        name: 'kubeconfig',
        summary: 'Write a kubeconfig for a registered cluster',
        load: async () => (await import('./cluster/kubeconfig.ts')).adminKubeconfigCommand,
      },
      {
        name: 'namespaces',
        summary: 'List the namespaces that applications deploy to',
        load: async () => (await import('./cluster/namespaces.ts')).adminNamespacesCommand,
        children: NAMESPACED_MODE_COMMANDS,
      },
    ],
  },
];
