// The port to what judges the settings of an installation: the policy language and the readers of the server, without one.

import type { JsonObject } from '../../core/json.ts';

/** The keys of a ConfigMap or Secret. */
export type SettingsData = Readonly<Record<string, string>>;

/** What cannot be read, and where. */
export interface PolicyFault {
  /** The key of the ConfigMap; lines and columns are counted from 1. */
  readonly key: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly problem: string;
}

export interface PolicyQuestion {
  readonly subject: string;
  readonly action: string;
  /** A resource of the policy, or a short word for one. */
  readonly resource: string;
  /** '' for all. */
  readonly object: string;
  /** Instead of the one in the settings, unless ''. */
  readonly defaultRole: string;
  readonly usesBuiltin: boolean;
}

/** One part of the settings, as `admin settings validate` has them. */
export interface SettingsGroup {
  readonly name: string;
  /** What is there, or why it cannot be read. */
  readonly summary: string;
  readonly isValid: boolean;
  /** What is wrong, but passed over. */
  readonly warnings: readonly string[];
  /** What is worth a word besides. */
  readonly remarks: readonly string[];
}

/** The cluster of a kubeconfig: of the one that kubectl would use, where none is named. */
export interface ClusterChoice {
  readonly kubeconfig?: string;
  readonly kubeContext?: string;
}

export interface SettingsObject {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly namespace: string;
  readonly name: string;
}

export interface SettingsTools {
  readonly overrides: OverrideTools;
  /** The keys in the text of a file: of a ConfigMap or Secret, or a policy in CSV. */
  read(text: string, path: string): SettingsData;
  policyFaults(data: SettingsData): readonly PolicyFault[];
  /** What is wrong with the words of a question; undefined when nothing is. */
  wordProblem(question: Pick<PolicyQuestion, 'resource' | 'action'>): string | undefined;
  allows(data: SettingsData, question: PolicyQuestion): boolean;
  /** Of argocd-cm and argocd-secret. */
  groups(config: SettingsData, secret: SettingsData): readonly SettingsGroup[];
  /** Throws `usage` where there is no kubeconfig. */
  checkKubeconfig(cluster: ClusterChoice): Promise<void>;
  /** Throws `not-found`. */
  fetch(object: SettingsObject, cluster: ClusterChoice): Promise<SettingsData>;
}

/** Rules of the settings that leave fields out of a comparison. */
export type IgnoreSetting = 'ignoreDifferences' | 'ignoreResourceUpdates';

/** What the settings say of one object, their scripts in Lua too. */
export interface OverrideTools {
  /** Throws `invalid` for what is no Kubernetes object. */
  objectIn(text: string, path: string): JsonObject;
  /** The settings of its kind alone; undefined when there are none of these rules. */
  withoutIgnored(config: SettingsData, object: JsonObject, setting: IgnoreSetting): Promise<JsonObject | undefined>;
  health(
    config: SettingsData,
    object: JsonObject,
  ): Promise<{ readonly status: string; readonly message: string } | undefined>;
  actions(
    config: SettingsData,
    object: JsonObject,
  ): Promise<readonly { readonly name: string; readonly disabled: boolean }[]>;
  /** What an action makes of it, and what it makes beside it. */
  run(config: SettingsData, object: JsonObject, action: ActionChoice): Promise<ActionResult>;
}

export interface ActionChoice {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly now: number;
}

export interface ActionResult {
  readonly changed: JsonObject;
  readonly created?: JsonObject;
}

export type OpenSettingsTools = () => Promise<SettingsTools>;
