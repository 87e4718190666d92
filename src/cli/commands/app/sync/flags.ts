import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG } from '../../../input/target.ts';
import { CONFIRM_FLAG } from '../../../waiting/bulk-guard.ts';
import { MANY_FLAGS, PATIENCE_FLAGS, STATE_OUTPUT_FLAG, TIMEOUT_FLAG } from '../../../waiting/flags.ts';
import { APPLY_FLAGS, LOCAL_FLAGS, PRUNE_FLAG, RESOURCE_FLAGS, REVISION_FLAG } from '../shared/sync-flags.ts';
import { REVISIONS_FLAGS } from '../spec/source-choice.ts';

export const SYNC_FLAGS = [
  NAMESPACE_FLAG,
  REVISION_FLAG,
  PRUNE_FLAG,
  { name: 'dry-run', type: 'bool', summary: 'dry run: the cluster checks everything and changes nothing' },
  ...RESOURCE_FLAGS,
  { name: 'pick', type: 'bool', own: true, summary: 'choose the resources to sync from those that are OutOfSync' },
  {
    name: 'plan-file',
    type: 'string',
    value: 'file',
    own: true,
    summary: 'do what a plan of app plan --save says, or nothing if it is out of date',
  },
  { name: 'selector', short: 'l', type: 'string', value: 'labels', summary: 'sync the applications with these labels' },
  { name: 'project', type: 'stringArray', value: 'name', summary: 'sync the applications of this project' },
  { name: 'async', type: 'bool', summary: 'return without waiting' },
  TIMEOUT_FLAG,
  ...PATIENCE_FLAGS,
  {
    name: 'if-busy',
    type: 'string',
    choices: ['fail', 'wait', 'join', 'replace'],
    value: 'what',
    default: 'fail',
    own: true,
    summary: 'if another operation is running: fail, wait, join it, or replace it',
  },
  ...MANY_FLAGS,
  { name: 'preview-changes', type: 'bool', summary: 'show the difference and ask for confirmation' },
  { name: 'assumeYes', type: 'bool', summary: 'skip confirmation' },
  { name: 'yes', short: 'y', type: 'bool', own: true, summary: 'skip confirmation' },
  CONFIRM_FLAG,
  { name: 'wait-window', type: 'bool', own: true, summary: 'wait until a sync window allows the sync' },
  ...APPLY_FLAGS,
  { name: 'info', type: 'stringArray', value: 'name=value', summary: 'info to store with the operation' },
  { name: 'retry-limit', type: 'int', summary: 'number of retries of a failed sync' },
  { name: 'retry-backoff-duration', type: 'duration', default: '5s', summary: 'initial delay between retries' },
  { name: 'retry-backoff-factor', type: 'int', default: 2, summary: 'factor by which the delay grows' },
  { name: 'retry-backoff-max-duration', type: 'duration', default: '3m0s', summary: 'maximum delay between retries' },
  { name: 'retry-refresh', type: 'bool', summary: 'use the latest commit for each retry' },
  ...REVISIONS_FLAGS,
  STATE_OUTPUT_FLAG,
  ...LOCAL_FLAGS,
  { name: 'server-side-diff-concurrency', type: 'int', default: -1, hidden: true, summary: 'for --preview-changes' },
  { name: 'server-side-diff-max-batch-kb', type: 'int', default: 250, hidden: true, summary: 'for --preview-changes' },
  {
    name: 'ignore-normalizer-jq-execution-timeout',
    type: 'duration',
    default: '1s',
    hidden: true,
    summary: 'timeout of one jq expression of --preview-changes',
  },
] as const satisfies readonly Flag[];

export type SyncOptions = OptionsOf<typeof SYNC_FLAGS> & { readonly names: readonly string[] };
