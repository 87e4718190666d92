// The flags that name the settings of an installation. The reference has them on a group, for all commands below it.

import type { Flag, OptionsOf } from '../input/flags.ts';

export const SETTINGS_FLAGS = [
  { name: 'argocd-cm-path', type: 'string', value: 'path', own: true, summary: 'file with the ConfigMap argocd-cm' },
  {
    name: 'argocd-secret-path',
    type: 'string',
    value: 'path',
    own: true,
    summary: 'file with the Secret argocd-secret',
  },
  {
    name: 'load-cluster-settings',
    type: 'bool',
    own: true,
    summary: 'read what no file is given for from the cluster of the kubeconfig',
  },
  { name: 'namespace', short: 'n', type: 'string', own: true, summary: 'namespace of the settings (default: argocd)' },
  { name: 'kubeconfig', type: 'string', value: 'path', own: true, summary: 'kubeconfig file' },
  { name: 'context', type: 'string', value: 'name', own: true, summary: 'context of the kubeconfig' },
] as const satisfies readonly Flag[];

export interface SettingsFiles {
  readonly config: string | undefined;
  readonly secret: string | undefined;
}

export const settingsFiles = ({
  argocdCmPath: config,
  argocdSecretPath: secret,
}: OptionsOf<typeof SETTINGS_FLAGS>): SettingsFiles => ({ config, secret });
