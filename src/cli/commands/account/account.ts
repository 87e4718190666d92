// The verbs of `hawser account`.

import type { Entry } from '../../command-tree.ts';

export const ACCOUNT_COMMANDS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List accounts',
    load: async () => (await import('./list.ts')).accountListCommand,
  },
  {
    name: 'get',
    summary: 'Show an account',
    load: async () => (await import('./get.ts')).accountGetCommand,
  },
  {
    name: 'get-user-info',
    aliases: ['whoami'],
    summary: 'Show the current user',
    load: async () => (await import('./get-user-info.ts')).userInfoCommand,
  },
  {
    name: 'can-i',
    summary: 'Check whether an action is allowed',
    load: async () => (await import('./can-i.ts')).canICommand,
  },
  {
    name: 'generate-token',
    summary: 'Generate a token for an account',
    load: async () => (await import('./generate-token.ts')).generateTokenCommand,
  },
  {
    name: 'delete-token',
    summary: 'Revoke a token',
    load: async () => (await import('./delete-token.ts')).deleteTokenCommand,
  },
  {
    name: 'session-token',
    summary: 'Print the token of the current login',
    load: async () => (await import('./session-token.ts')).sessionTokenCommand,
  },
  {
    name: 'update-password',
    summary: 'Update the password of an account',
    load: async () => (await import('./update-password.ts')).updatePasswordCommand,
  },
  {
    name: 'bcrypt',
    summary: 'Print the bcrypt hash of a password',
    load: async () => (await import('./bcrypt.ts')).bcryptCommand,
  },
];
