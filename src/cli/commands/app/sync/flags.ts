import type { Flag } from '../../../input/flags.ts';
import { MANY_FLAGS, PATIENCE_FLAGS, TIMEOUT_FLAG, type WaitingFlags } from '../../../waiting/flags.ts';
import { NAMESPACE_FLAG } from '../shared/target.ts';

export interface SyncOptions extends WaitingFlags {
  readonly names: readonly string[];
  readonly appNamespace?: string;
  readonly applyOutOfSyncOnly?: boolean;
  readonly assumeYes?: boolean;
  readonly async?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly ifBusy: string;
  readonly info?: readonly string[];
  readonly label?: readonly string[];
  readonly local?: readonly string[];
  readonly localRepoRoot?: string;
  readonly output: string;
  readonly previewChanges?: boolean;
  readonly project?: readonly string[];
  readonly prune?: boolean;
  readonly replace?: boolean;
  readonly resource?: readonly string[];
  readonly retryBackoffDuration: string;
  readonly retryBackoffFactor: number;
  readonly retryBackoffMaxDuration: string;
  readonly retryLimit?: number;
  readonly retryRefresh?: boolean;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly selector?: string;
  readonly serverSide?: boolean;
  readonly sourceNames?: readonly string[];
  readonly sourcePositions?: readonly number[];
  readonly strategy?: string;
  readonly yes?: boolean;
}

export const SYNC_FLAGS: readonly Flag[] = [
  NAMESPACE_FLAG,
  { name: 'revision', type: 'string', value: 'revision', summary: 'deploy this branch, tag or commit' },
  { name: 'prune', type: 'bool', summary: 'remove what Git no longer has' },
  { name: 'dry-run', type: 'bool', summary: 'let the cluster check everything, and change nothing' },
  {
    name: 'resource',
    type: 'stringArray',
    value: 'group:kind:name',
    summary: 'only these resources; ! before one leaves it out',
  },
  { name: 'label', type: 'stringArray', value: 'name=value', summary: 'only resources with one of these labels' },
  { name: 'selector', short: 'l', type: 'string', value: 'labels', summary: 'sync the applications with these labels' },
  { name: 'project', type: 'stringArray', value: 'name', summary: 'sync the applications of this project' },
  { name: 'async', type: 'bool', summary: 'do not wait for the end' },
  TIMEOUT_FLAG,
  ...PATIENCE_FLAGS,
  {
    name: 'if-busy',
    type: 'string',
    value: 'what',
    default: 'fail',
    own: true,
    summary: 'when another operation runs: fail, wait for it, join it, or replace it',
  },
  ...MANY_FLAGS,
  { name: 'preview-changes', type: 'bool', summary: 'show the difference and ask first' },
  { name: 'assumeYes', type: 'bool', summary: 'ask nothing' },
  { name: 'yes', short: 'y', type: 'bool', own: true, summary: 'ask nothing' },
  { name: 'strategy', type: 'string', value: 'name', summary: 'apply or hook' },
  { name: 'force', type: 'bool', summary: 'delete and make anew what cannot be changed' },
  { name: 'replace', type: 'bool', summary: 'replace objects instead of applying to them' },
  { name: 'server-side', type: 'bool', summary: 'apply on the server side' },
  { name: 'apply-out-of-sync-only', type: 'bool', summary: 'touch only what is out of sync' },
  { name: 'info', type: 'stringArray', value: 'name=value', summary: 'note to keep with the operation' },
  { name: 'retry-limit', type: 'int', summary: 'how often a failed sync is tried again' },
  { name: 'retry-backoff-duration', type: 'duration', default: '5s', summary: 'first pause between tries' },
  { name: 'retry-backoff-factor', type: 'int', default: 2, summary: 'growth of the pause' },
  { name: 'retry-backoff-max-duration', type: 'duration', default: '3m0s', summary: 'longest pause between tries' },
  { name: 'retry-refresh', type: 'bool', summary: 'look at the newest commit before each retry' },
  {
    name: 'revisions',
    type: 'stringArray',
    value: 'revision',
    summary: 'revisions of several sources, one for each position or name',
  },
  {
    name: 'source-positions',
    type: 'int64Slice',
    default: [],
    typedOnly: true,
    summary: 'the sources that --revisions means, from 1',
  },
  { name: 'source-names', type: 'stringArray', value: 'name', summary: 'the sources that --revisions means' },
  {
    name: 'output',
    short: 'o',
    type: 'string',
    default: 'wide',
    value: 'format',
    summary: 'wide, tree, tree=detailed, json or yaml',
  },
  { name: 'local', type: 'string', repeats: true, value: 'folder', summary: 'deploy what a folder here renders to' },
  {
    name: 'local-repo-root',
    type: 'string',
    default: '/',
    typedOnly: true,
    summary: 'root of the repository around --local',
  },
  { name: 'server-side-diff-concurrency', type: 'int', default: -1, hidden: true, summary: 'for --preview-changes' },
  { name: 'server-side-diff-max-batch-kb', type: 'int', default: 250, hidden: true, summary: 'for --preview-changes' },
  {
    name: 'ignore-normalizer-jq-execution-timeout',
    type: 'duration',
    default: '1s',
    hidden: true,
    summary: 'time for one jq expression of --preview-changes',
  },
];
