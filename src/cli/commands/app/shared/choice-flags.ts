import type { Flag } from '../../../input/flags.ts';
import { NAMESPACE_FLAG } from '../../../input/target.ts';
import { outputFlag } from '../../../output/document.ts';

/** Which applications, and how the answer looks: of the commands that change several at once. */
export const CHOICE_FLAGS = [
  NAMESPACE_FLAG,
  {
    name: 'selector',
    short: 'l',
    type: 'string',
    syntax: 'selector',
    value: 'labels',
    summary: 'choose applications by their labels',
  },
  { name: 'project', type: 'strings', value: 'names', summary: 'choose the applications of these projects' },
  outputFlag('name, json or yaml'),
] as const satisfies readonly Flag[];
