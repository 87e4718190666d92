// The verbs of `hawser proj`.

import type { Entry } from '../../command-tree.ts';

const DESTINATION = () => import('./destination.ts');
const SOURCE = () => import('./source.ts');
const SOURCE_NAMESPACE = () => import('./source-namespace.ts');
const SERVICE_ACCOUNT = () => import('./destination-service-account.ts');
const ORPHANED = () => import('./orphaned-ignore.ts');
const SIGNATURE_KEY = () => import('./signature-key.ts');
const CLUSTER_KIND = () => import('./cluster-resource.ts');
const NAMESPACED_KIND = () => import('./namespace-resource.ts');
const POLICY = () => import('./role/policy.ts');
const GROUP = () => import('./role/group.ts');
const SWITCH = () => import('./windows/switches.ts');

const ROLE_COMMANDS: readonly Entry[] = [
  { name: 'list', summary: 'List roles', load: async () => (await import('./role/list.ts')).listRolesCommand },
  { name: 'get', summary: 'Show a role', load: async () => (await import('./role/get.ts')).getRoleCommand },
  { name: 'create', summary: 'Create a role', load: async () => (await import('./role/create.ts')).createRoleCommand },
  { name: 'delete', summary: 'Delete a role', load: async () => (await import('./role/delete.ts')).deleteRoleCommand },
  { name: 'add-policy', summary: 'Allow or deny something', load: async () => (await POLICY()).addPolicyCommand },
  { name: 'remove-policy', summary: 'Take a policy away', load: async () => (await POLICY()).removePolicyCommand },
  { name: 'add-group', summary: 'Give a role to a group', load: async () => (await GROUP()).addGroupCommand },
  { name: 'remove-group', summary: 'Take a role from a group', load: async () => (await GROUP()).removeGroupCommand },
  {
    name: 'create-token',
    aliases: ['token-create'],
    summary: 'Create a token of a role',
    load: async () => (await import('./role/create-token.ts')).createRoleTokenCommand,
  },
  {
    name: 'list-tokens',
    aliases: ['list-token', 'token-list'],
    summary: 'List the tokens of a role',
    load: async () => (await import('./role/list-tokens.ts')).listTokensCommand,
  },
  {
    name: 'delete-token',
    aliases: ['token-delete', 'remove-token'],
    summary: 'Revoke a token of a role',
    load: async () => (await import('./role/delete-token.ts')).deleteRoleTokenCommand,
  },
];

const WINDOW_COMMANDS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List sync windows',
    load: async () => (await import('./windows/list.ts')).listWindowsCommand,
  },
  { name: 'add', summary: 'Add a sync window', load: async () => (await import('./windows/add.ts')).addWindowCommand },
  {
    name: 'update',
    summary: 'Change a sync window',
    load: async () => (await import('./windows/update.ts')).updateWindowCommand,
  },
  {
    name: 'delete',
    summary: 'Delete a sync window',
    load: async () => (await import('./windows/delete.ts')).deleteWindowCommand,
  },
  {
    name: 'enable-manual-sync',
    summary: 'Let manual syncs through',
    load: async () => (await SWITCH()).windowSwitchCommand('enable-manual-sync'),
  },
  {
    name: 'disable-manual-sync',
    summary: 'Forbid manual syncs too',
    load: async () => (await SWITCH()).windowSwitchCommand('disable-manual-sync'),
  },
  {
    name: 'enable-sync-overrun',
    summary: 'Let running syncs end',
    load: async () => (await SWITCH()).windowSwitchCommand('enable-sync-overrun'),
  },
  {
    name: 'disable-sync-overrun',
    summary: 'End running syncs',
    load: async () => (await SWITCH()).windowSwitchCommand('disable-sync-overrun'),
  },
];

const INTEGRITY_COMMANDS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List policies for signed commits',
    load: async () => (await import('./source-integrity/list.ts')).listPoliciesCommand,
  },
  {
    name: 'add',
    summary: 'Require commits to be signed',
    load: async () => (await import('./source-integrity/add.ts')).addPolicyForCommitsCommand,
  },
  {
    name: 'update',
    summary: 'Change a policy',
    load: async () => (await import('./source-integrity/update.ts')).updatePolicyCommand,
  },
  {
    name: 'delete',
    summary: 'Delete policies',
    load: async () => (await import('./source-integrity/delete.ts')).deletePoliciesCommand,
  },
];

export const PROJECT_COMMANDS: readonly Entry[] = [
  { name: 'list', summary: 'List projects', load: async () => (await import('./list.ts')).listProjectsCommand },
  { name: 'get', summary: 'Show a project', load: async () => (await import('./get.ts')).getProjectCommand },
  { name: 'create', summary: 'Create a project', load: async () => (await import('./create.ts')).createProjectCommand },
  { name: 'set', summary: 'Change a project', load: async () => (await import('./set.ts')).setProjectCommand },
  {
    name: 'edit',
    summary: 'Edit a project in $EDITOR',
    load: async () => (await import('./edit.ts')).editProjectCommand,
  },
  { name: 'delete', summary: 'Delete projects', load: async () => (await import('./delete.ts')).deleteProjectCommand },
  {
    name: 'add-source',
    group: 'What its applications may use',
    summary: 'Allow a repository',
    load: async () => (await SOURCE()).addSourceCommand,
  },
  {
    name: 'remove-source',
    group: 'What its applications may use',
    summary: 'Take a repository away',
    load: async () => (await SOURCE()).removeSourceCommand,
  },
  {
    name: 'add-destination',
    group: 'What its applications may use',
    summary: 'Allow a destination',
    load: async () => (await DESTINATION()).addDestinationCommand,
  },
  {
    name: 'remove-destination',
    group: 'What its applications may use',
    summary: 'Take a destination away',
    load: async () => (await DESTINATION()).removeDestinationCommand,
  },
  {
    name: 'add-destination-service-account',
    group: 'What its applications may use',
    summary: 'Deploy as a service account',
    load: async () => (await SERVICE_ACCOUNT()).addDestinationServiceAccountCommand,
  },
  {
    name: 'remove-destination-service-account',
    group: 'What its applications may use',
    summary: 'Take a service account away',
    load: async () => (await SERVICE_ACCOUNT()).removeDestinationServiceAccountCommand,
  },
  {
    name: 'allow-cluster-resource',
    group: 'What its applications may use',
    summary: 'Allow a cluster-scoped kind',
    load: async () => (await CLUSTER_KIND()).allowClusterResourceCommand,
  },
  {
    name: 'deny-cluster-resource',
    group: 'What its applications may use',
    summary: 'Deny a cluster-scoped kind',
    load: async () => (await CLUSTER_KIND()).denyClusterResourceCommand,
  },
  {
    name: 'allow-namespace-resource',
    group: 'What its applications may use',
    summary: 'Allow a namespaced kind',
    load: async () => (await NAMESPACED_KIND()).allowNamespaceResourceCommand,
  },
  {
    name: 'deny-namespace-resource',
    group: 'What its applications may use',
    summary: 'Deny a namespaced kind',
    load: async () => (await NAMESPACED_KIND()).denyNamespaceResourceCommand,
  },
  {
    name: 'add-source-namespace',
    group: 'What its applications may use',
    summary: 'Allow Applications in a namespace',
    load: async () => (await SOURCE_NAMESPACE()).addSourceNamespaceCommand,
  },
  {
    name: 'remove-source-namespace',
    group: 'What its applications may use',
    summary: 'Take a namespace away',
    load: async () => (await SOURCE_NAMESPACE()).removeSourceNamespaceCommand,
  },
  {
    name: 'add-orphaned-ignore',
    group: 'What is watched and verified',
    summary: 'Ignore orphaned resources of a kind',
    load: async () => (await ORPHANED()).addOrphanedIgnoreCommand,
  },
  {
    name: 'remove-orphaned-ignore',
    group: 'What is watched and verified',
    summary: 'Look for orphaned resources again',
    load: async () => (await ORPHANED()).removeOrphanedIgnoreCommand,
  },
  {
    name: 'add-signature-key',
    group: 'What is watched and verified',
    summary: 'Accept a key (deprecated)',
    load: async () => (await SIGNATURE_KEY()).addSignatureKeyCommand,
  },
  {
    name: 'remove-signature-key',
    group: 'What is watched and verified',
    summary: 'Take a key away (deprecated)',
    load: async () => (await SIGNATURE_KEY()).removeSignatureKeyCommand,
  },
  {
    name: 'source-integrity',
    group: 'What is watched and verified',
    summary: 'Manage which commits must be signed',
    children: [
      {
        name: 'git',
        summary: 'Manage signatures of Git commits',
        children: [{ name: 'policies', summary: 'Manage policies for signed commits', children: INTEGRITY_COMMANDS }],
      },
    ],
  },
  { name: 'role', group: 'Who and when', summary: "Manage a project's roles and tokens", children: ROLE_COMMANDS },
  { name: 'windows', group: 'Who and when', summary: "Manage a project's sync windows", children: WINDOW_COMMANDS },
];
