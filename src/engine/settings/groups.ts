// The parts of the settings, each with what is in it or why it cannot be read.

import { messageOf } from '../../core/errors.ts';
import { isObject, textAt } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import { kustomizeVersions } from './general.ts';
import { readOverrides, type SettingsData, type StatusRule, statusRuleOf } from './overrides.ts';

export interface SettingsPart {
  readonly name: string;
  readonly summary: string;
  readonly isValid: boolean;
  /** What is wrong, but passed over. */
  readonly warnings: readonly string[];
  readonly remarks: readonly string[];
}

interface Judgement {
  readonly summary: string;
  readonly warnings?: readonly string[];
  readonly remarks?: readonly string[];
}

/** `accounts` counts them, and throws what is wrong with one. */
export function settingsGroups(
  config: SettingsData,
  accounts: () => { readonly count: number; readonly warnings: readonly string[] },
): readonly SettingsPart[] {
  const parts: Readonly<Record<string, () => Judgement>> = {
    accounts: () => {
      const { count, warnings } = accounts();
      return { summary: `${count} accounts`, warnings };
    },
    general: () => general(config),
    kustomize: () => kustomize(config),
    'resource-overrides': () => {
      const rule = statusRuleOf(config);
      return { summary: `${readOverrides(config).size} resource overrides`, remarks: [STATUS_REMARKS[rule]] };
    },
  };
  return Object.entries(parts).map(([name, judge]) => judged(name, judge));
}

function judged(name: string, judge: () => Judgement): SettingsPart {
  try {
    const { summary, warnings = [], remarks = [] } = judge();
    return { name, summary, isValid: true, warnings, remarks };
  } catch (thrown) {
    return { name, summary: messageOf(thrown), isValid: false, warnings: [], remarks: [] };
  }
}

const STATUS_REMARKS: Readonly<Record<StatusRule, string>> = {
  all: 'Ignore status for all objects',
  crd: 'Ignore status for CustomResourceDefinitions',
  none: 'Not ignoring status for any object',
};

function general(config: SettingsData): Judgement {
  const problem = urlProblem(config['url'] ?? '');
  const warnings = problem === undefined ? [] : [`Failed to validate URL in configmap: ${problem}`];
  const provider = config['dex.config'] ? 'Dex' : config['oidc.config'] ? 'OIDC' : '';
  if (provider === '') return { summary: 'SSO is not configured', warnings };
  if (provider === 'Dex') checkYaml(config['dex.config'] ?? '', 'dex.config');
  else checkOidc(config['oidc.config'] ?? '');
  return { summary: `${provider} is configured${config['url'] ? '' : " ('url' field is missing)"}`, warnings };
}

function checkOidc(text: string): void {
  const config = checkYaml(text, 'oidc.config');
  const missing = ['issuer', 'clientID'].find((key) => textAt(config, key) === '');
  if (missing !== undefined) throw new Error(`invalid oidc.config: ${missing} is missing`);
}

function checkYaml(text: string, key: string): unknown {
  const value = parseYaml(text, key);
  if (!isObject(value)) throw new Error(`invalid ${key}: it is no YAML object`);
  return value;
}

function urlProblem(url: string): string | undefined {
  if (url === '' || /^https?:\/\/[^/\s]+/.test(url)) return undefined;
  if (!/^[a-z][a-z\d+.-]*:/i.test(url)) {
    const reason = url.startsWith(':') ? 'missing protocol scheme' : undefined;
    if (reason) return `failed to parse URL: parse ${JSON.stringify(url)}: ${reason}`;
  }
  return 'URL must include http or https protocol';
}

function kustomize(config: SettingsData): Judgement {
  const versions = kustomizeVersions(config) ?? [];
  const options = config['kustomize.buildOptions'] || 'default options';
  return { summary: versions.length > 0 ? `${options} (${versions.length} versions)` : options };
}
