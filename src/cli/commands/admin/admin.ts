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

const SETTINGS_COMMANDS: readonly Entry[] = [
  {
    name: 'validate',
    summary: 'Check the settings of an installation',
    load: async () => (await import('./settings/validate.ts')).settingsValidateCommand,
  },
  { name: 'rbac', summary: 'Check policies and what they allow', children: RBAC_COMMANDS },
];

export const ADMIN_COMMANDS: readonly Entry[] = [
  {
    name: 'initial-password',
    summary: 'Print the initial password of the admin account',
    load: async () => (await import('./initial-password.ts')).initialPasswordCommand,
  },
  { name: 'settings', summary: 'Check settings and policies', children: SETTINGS_COMMANDS },
];
