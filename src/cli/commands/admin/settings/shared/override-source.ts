// The object in a file, and the settings that say something of its kind.

import { HawserError } from '../../../../../core/errors.ts';
import { type JsonObject, textAt } from '../../../../../core/json.ts';
import { SETTINGS_FLAGS, settingsFiles } from '../../../../config/settings-files.ts';
import type { Context } from '../../../../context.ts';
import type { OptionsOf } from '../../../../input/flags.ts';
import { readSource } from '../../../../input/read-source.ts';
import type { OverrideTools, SettingsData, SettingsTools } from '../../../../offline/settings-tools.ts';

type SettingsOptions = OptionsOf<typeof SETTINGS_FLAGS>;

export interface OverrideSource {
  readonly tools: OverrideTools;
  readonly config: SettingsData;
  readonly object: JsonObject;
  /** 'apps/Deployment', and '/ConfigMap' of the core group. */
  readonly kind: string;
}

/** Throws `usage` without any settings. */
export async function readSettings(
  kind: 'ConfigMap' | 'Secret',
  options: SettingsOptions,
  { tools, context }: { readonly tools: SettingsTools; readonly context: Context },
): Promise<SettingsData> {
  const { loadClusterSettings, namespace = 'argocd', kubeconfig, context: kubeContext } = options;
  const files = settingsFiles(options);
  if (files.config === undefined && !loadClusterSettings) {
    throw new HawserError('usage', 'name the settings', {
      hint: 'give --argocd-cm-path FILE, or --load-cluster-settings for the cluster of the kubeconfig',
      reason: { kind: 'no-settings-source' },
    });
  }
  const path = kind === 'Secret' ? files.secret : files.config;
  if (path !== undefined) return tools.read(await readSource(path, context), path);
  if (!loadClusterSettings) return {};
  const cluster = { ...(kubeconfig ? { kubeconfig } : {}), ...(kubeContext ? { kubeContext } : {}) };
  return tools.fetch({ kind, namespace, name: kind === 'Secret' ? 'argocd-secret' : 'argocd-cm' }, cluster);
}

export async function readOverrideSource(
  path: string,
  options: SettingsOptions,
  context: Context,
): Promise<OverrideSource> {
  const { overrides, ...tools } = await context.settingsTools();
  const object = overrides.objectIn(await readSource(path, context), path);
  const config = await readSettings('ConfigMap', options, { tools: { overrides, ...tools }, context });
  for (const remark of [...SETTINGS_REMARKS, 'Ignore status for all objects'])
    context.policy.wording.remark(remark, context);
  const version = textAt(object, 'apiVersion');
  const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
  return { tools: overrides, config, object, kind: `${group}/${textAt(object, 'kind')}` };
}

export const SETTINGS_REMARKS: readonly string[] = [
  'Starting configmap/secret informers',
  'Configmap/secret informer synced',
  'Cluster cache informer synced',
];

export { SETTINGS_FLAGS };
