import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../io/colour.ts';

/** The folder of the reference's configuration, by the reference's rule: an old `~/.argocd` wins where it exists. */
export function configFolder(env: Environment, exists: (path: string) => boolean): string {
  const folder = env['HAWSER_CONFIG_DIR'] || env['ARGOCD_CONFIG_DIR'];
  if (folder) return folder;
  const home = env['HOME'] || homedir();
  const old = join(home, '.argocd');
  if (exists(old)) return old;
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'argocd');
}

/** Where Hawser keeps what argocd knows nothing of, and would drop when it writes its configuration. */
export function preferencesPath(env: Environment): string {
  const folder = env['HAWSER_CONFIG_DIR'];
  if (folder) return join(folder, 'preferences.yaml');
  const home = env['HOME'] || homedir();
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'hawser', 'preferences.yaml');
}
