import type { Flag } from '../../../input/flags.ts';
import { outputFlag } from '../../../output/document.ts';

export const OUTPUT = {
  ...outputFlag('wide, url, json or yaml'),
  default: 'wide',
  typedOnly: true,
} as const satisfies Flag;

export const FORMATS = ['wide', 'url', 'json', 'yaml', ''] as const;

export const PROJECT = {
  name: 'project',
  type: 'string',
  summary: 'the project that the repository is for',
} as const satisfies Flag;
