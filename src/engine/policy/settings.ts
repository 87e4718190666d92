// The rights of an installation as its ConfigMap argocd-rbac-cm states them.

import { fits, list, text as string } from '../../core/shape.ts';
import { parseYaml } from '../../core/yaml.ts';
import { type PolicyFault, parsePolicy } from './parse.ts';
import type { MatchMode, PolicyLines } from './policy.ts';

export interface PolicySettings {
  readonly lines: PolicyLines;
  readonly matchMode: MatchMode;
  /** What everybody may do, unless ''. */
  readonly defaultRole: string;
  /** The claims of a token that name groups. */
  readonly scopes: readonly string[];
}

/** What is wrong in the ConfigMap, by its key. */
export interface SettingsFault extends PolicyFault {
  readonly key: string;
}

export type PolicyData = Readonly<Record<string, string>>;

const MAIN_KEY = 'policy.csv';
const DEFAULT_SCOPES: readonly string[] = ['groups'];

/** The keys that hold lines of policy, in the order in which they count. */
function policyKeys(data: PolicyData): readonly string[] {
  const more = Object.keys(data).filter((key) => /^policy\..*\.csv$/.test(key) && key !== MAIN_KEY);
  return [...(MAIN_KEY in data ? [MAIN_KEY] : []), ...more.sort()];
}

export const policyCsv = (data: PolicyData): string =>
  policyKeys(data)
    .map((key) => data[key] ?? '')
    .join('\n');

export function readPolicySettings(data: PolicyData): {
  readonly settings: PolicySettings;
  readonly faults: readonly SettingsFault[];
} {
  const texts = policyKeys(data).map((key) => ({ key, ...parsePolicy(data[key] ?? '') }));
  const faults = texts.flatMap(({ key, faults: inText }) => inText.map((fault) => ({ key, ...fault })));
  const { scopes, problem } = readScopes(data['scopes'] ?? '');
  return {
    settings: {
      lines: {
        rules: texts.flatMap(({ rules }) => rules),
        groupings: texts.flatMap(({ groupings }) => groupings),
      },
      matchMode: data['policy.matchMode'] === 'regex' ? 'regex' : 'glob',
      defaultRole: data['policy.default'] ?? '',
      scopes,
    },
    faults: problem === undefined ? faults : [...faults, problem],
  };
}

interface Scopes {
  readonly scopes: readonly string[];
  readonly problem?: SettingsFault;
}

function readScopes(text: string): Scopes {
  if (text === '') return { scopes: DEFAULT_SCOPES };
  try {
    const value = parseYaml(text, 'scopes');
    if (value === undefined || value === null) return { scopes: DEFAULT_SCOPES };
    if (fits(list(string), value)) return { scopes: value };
  } catch {
    // The same as a value of another type.
  }
  const problem = 'a list of the names of claims was expected, like [groups, email]';
  return { scopes: DEFAULT_SCOPES, problem: { key: 'scopes', line: 1, column: 1, text, problem } };
}
