// The verbs of `hawser webhook`.

import type { Entry } from '../../command-tree.ts';

export const WEBHOOK_COMMANDS: readonly Entry[] = [
  {
    name: 'list',
    aliases: ['ls'],
    summary: 'List the last deliveries',
    load: async () => (await import('./list.ts')).webhookListCommand,
  },
  {
    name: 'explain',
    summary: 'Show which applications a delivery refreshes, and why',
    load: async () => (await import('./explain.ts')).webhookExplainCommand,
  },
  {
    name: 'replay',
    summary: 'Work off a delivery once more',
    load: async () => (await import('./replay.ts')).webhookReplayCommand,
  },
];
