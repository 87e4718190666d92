import type { Flag } from './flags.ts';

export const LOCAL_ROOT_FLAG = {
  name: 'local-repo-root',
  type: 'string',
  default: '/',
  typedOnly: true,
  summary: 'root of the repository that contains --local',
} as const satisfies Flag;
