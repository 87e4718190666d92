import { shellWord } from '../../../../core/shell-word.ts';
import type { SpecFlags } from '../spec/flags.ts';

/** The command line that creates the same without a question. */
export function commandLine(name: string, flags: SpecFlags): string {
  const words = ['hawser app create', name];
  for (const key of SHOWN) {
    const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const value: unknown = Reflect.get(flags, key);
    if (value === DEFAULTS[key]) continue;
    if (value === true) words.push(flag);
    else if (typeof value === 'string' || typeof value === 'number') words.push(flag, shellWord(String(value)));
    else if (Array.isArray(value)) for (const item of value) words.push(flag, shellWord(String(item)));
  }
  return words.join(' ');
}

/** What need not be said. */
const DEFAULTS: Readonly<Record<string, string>> = { revision: 'HEAD', project: 'default', syncPolicy: 'none' };

const SHOWN = [
  'repo',
  'revision',
  'path',
  'helmChart',
  'destServer',
  'destName',
  'destNamespace',
  'project',
  'syncPolicy',
  'autoPrune',
  'selfHeal',
  'allowEmpty',
  'syncOption',
  'values',
  'helmSet',
  'parameter',
  'kustomizeImage',
  'directoryRecurse',
] as const;
