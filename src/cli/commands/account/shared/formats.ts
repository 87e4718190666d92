import type { Flag } from '../../../input/flags.ts';
import { outputFlag } from '../../../output/document.ts';

export const OUTPUT = { ...outputFlag('wide, name, json or yaml'), default: 'wide' } as const satisfies Flag;

export const FORMATS = ['wide', 'name', 'json', 'yaml', ''] as const;
