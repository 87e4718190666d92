import type { Flag } from '../../../input/flags.ts';

export const OUTPUT = {
  name: 'output',
  short: 'o',
  type: 'string',
  default: 'wide',
  value: 'format',
  summary: 'wide, name, json or yaml',
} as const satisfies Flag;

export const FORMATS = ['wide', 'name', 'json', 'yaml', ''] as const;
