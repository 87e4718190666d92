import type { HawserError } from '../../../../core/errors.ts';
import { refusedOption } from '../../../input/access-flags.ts';
import type { Flag } from '../../../input/flags.ts';
import { outputFlag } from '../../../output/document.ts';

export const OUTPUT = { ...outputFlag('wide, json or yaml'), default: 'wide', typedOnly: true } as const satisfies Flag;

export const FORMATS = ['wide', 'json', 'yaml', ''] as const;

export const missingKey = (): HawserError => refusedOption('Missing KEYID argument', 'hawser gpg list shows the ids');
