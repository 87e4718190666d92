// The flags of a sync that decide what it does: a plan takes the same.

import type { Flag } from '../../../input/flags.ts';
import { LOCAL_ROOT_FLAG } from '../../../input/local-flags.ts';
import { REVISIONS_FLAGS } from '../spec/source-choice.ts';

export const REVISION_FLAG = {
  name: 'revision',
  type: 'string',
  value: 'revision',
  summary: 'branch, tag or commit to deploy',
} as const satisfies Flag;

export const PRUNE_FLAG = {
  name: 'prune',
  group: 'Apply',
  type: 'bool',
  summary: 'prune resources that Git no longer has',
} as const satisfies Flag;

export const RESOURCE_FLAGS = [
  {
    name: 'resource',
    type: 'stringArray',
    value: 'group:kind:name',
    summary: 'sync only these resources; prefix with ! to exclude',
  },
  { name: 'label', type: 'stringArray', value: 'name=value', summary: 'sync only resources with one of these labels' },
] as const satisfies readonly Flag[];

export const APPLY_FLAGS = [
  {
    name: 'strategy',
    group: 'Apply',
    type: 'string',
    value: 'name',
    suggestions: ['apply', 'hook'],
    summary: 'sync strategy: apply or hook',
  },
  { name: 'force', group: 'Apply', type: 'bool', summary: 'delete and recreate resources that cannot be updated' },
  { name: 'replace', group: 'Apply', type: 'bool', summary: 'use replace instead of apply' },
  { name: 'server-side', group: 'Apply', type: 'bool', summary: 'use server-side apply' },
  {
    name: 'apply-out-of-sync-only',
    group: 'Apply',
    type: 'bool',
    summary: 'apply only resources that are out of sync',
  },
] as const satisfies readonly Flag[];

export const LOCAL_FLAGS = [
  { name: 'local', type: 'string', repeats: true, value: 'folder', summary: 'deploy the manifests of a local folder' },
  LOCAL_ROOT_FLAG,
] as const satisfies readonly Flag[];

/** All of them. */
export const PLANNED_FLAGS = [
  REVISION_FLAG,
  PRUNE_FLAG,
  ...RESOURCE_FLAGS,
  ...APPLY_FLAGS,
  ...REVISIONS_FLAGS,
  ...LOCAL_FLAGS,
] as const satisfies readonly Flag[];
