// What judges the settings of an installation, for a command: from files, or from the cluster of a kubeconfig.

import { HawserError } from '../../core/errors.ts';
import { isObject, objectAt, textAt, toJson } from '../../core/json.ts';
import { loadRegExps } from '../../core/regexp.ts';
import { parseYaml } from '../../core/yaml.ts';
import { createAccess } from '../../engine/policy/access.ts';
import { BUILTIN } from '../../engine/policy/policy.ts';
import { readPolicySettings } from '../../engine/policy/settings.ts';
import { objectAsked, resourceCalled, wordProblem } from '../../engine/policy/words.ts';
import { settingsGroups } from '../../engine/settings/groups.ts';
import { createKubeCluster } from '../../kubernetes/cluster.ts';
import { createHttpTransport } from '../../kubernetes/http.ts';
import { type Data, readAccounts } from '../auth/accounts.ts';
import { configData, secretData } from '../auth/settings-objects.ts';
import type { SystemOptions } from './components.ts';
import { findCluster } from './kubeconfig-files.ts';
import { createOverrideJudge, type OverrideJudge } from './override-tools.ts';

type PolicyFaults = ReturnType<typeof readPolicySettings>['faults'];

interface Question {
  readonly subject: string;
  readonly action: string;
  readonly resource: string;
  readonly object: string;
  readonly defaultRole: string;
  readonly usesBuiltin: boolean;
}

interface ClusterChoice {
  readonly kubeconfig?: string;
  readonly kubeContext?: string;
}

interface SettingsObject {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly namespace: string;
  readonly name: string;
}

export interface SettingsJudge {
  readonly overrides: OverrideJudge;
  read(text: string, path: string): Data;
  policyFaults(data: Data): PolicyFaults;
  wordProblem(question: Pick<Question, 'resource' | 'action'>): string | undefined;
  allows(data: Data, question: Question): boolean;
  groups(config: Data, secret: Data): ReturnType<typeof settingsGroups>;
  checkKubeconfig(cluster: ClusterChoice): Promise<void>;
  fetch(object: SettingsObject, cluster: ClusterChoice): Promise<Data>;
}

export async function createSettingsJudge(
  options: Pick<SystemOptions, 'environment' | 'clock'>,
): Promise<SettingsJudge> {
  await loadRegExps();
  const clusterOf = ({ kubeconfig, kubeContext }: ClusterChoice): ReturnType<typeof findCluster> => {
    const environment = kubeconfig ? { ...options.environment, KUBECONFIG: kubeconfig } : options.environment;
    return findCluster({ ...options, environment }, kubeContext);
  };
  return {
    overrides: createOverrideJudge(options.clock),
    read: readData,
    policyFaults: (data) => readPolicySettings(data).faults,
    wordProblem: ({ resource, action }) => wordProblem(resourceCalled(resource), action),
    allows: (data, { subject, action, resource: word, object, defaultRole, usesBuiltin }) => {
      const { settings } = readPolicySettings(data);
      const resource = resourceCalled(word);
      const access = createAccess({
        settings: { ...settings, defaultRole: defaultRole || settings.defaultRole },
        builtin: usesBuiltin ? BUILTIN : { rules: [], groupings: [] },
        project: () => undefined,
      });
      return access.may({ name: subject, groups: [] }, { resource, action, object: objectAsked(resource, object) });
    },
    groups: (config, secret) => settingsGroups(config, () => accountsIn(config, secret)),
    checkKubeconfig: async (choice) => void (await clusterOf(choice)),
    fetch: async ({ kind, namespace, name }, choice) => {
      const { endpoint } = await clusterOf(choice);
      const http = createHttpTransport(endpoint);
      try {
        const home = createKubeCluster(http.transport, { userAgent: 'argocd' });
        const object = await home.get({ group: '', version: 'v1', kind, namespace, name });
        if (!object) throw new HawserError('not-found', `${kind.toLowerCase()}s "${name}" not found`);
        return kind === 'Secret' ? secretData(object) : configData(object);
      } finally {
        http.close();
      }
    },
  };
}

/** A text that is one YAML object is a ConfigMap or a Secret; all else is CSV. */
function readData(text: string, path: string): Data {
  const object = objectIn(text, path);
  if (!object) return { 'policy.csv': text };
  const data =
    textAt(object, 'kind') === 'Secret' ? secretData({ ...EMPTY, ...object }) : configData({ ...EMPTY, ...object });
  return { ...data, ...configData({ ...EMPTY, data: objectAt(object, 'stringData') }) };
}

const EMPTY = { apiVersion: 'v1', kind: '', metadata: {} };

function objectIn(text: string, path: string): ReturnType<typeof objectAt> | undefined {
  try {
    const value = toJson(parseYaml(text, path));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function accountsIn(config: Data, secret: Data): { readonly count: number; readonly warnings: readonly string[] } {
  const { accounts, faults } = readAccounts(config, secret);
  const serious = faults.find(({ isHarmless }) => !isHarmless);
  if (serious) throw new HawserError('invalid', `${serious.object}, ${serious.key}: ${serious.problem}`);
  return {
    count: accounts.length,
    warnings: faults.map(({ key, problem }) => `${problem} in config map key '${key}'`),
  };
}
