import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '../io/colour.ts';

/** `--data-dir`, HAWSER_DATA_DIR, else the place that XDG names. */
export function dataFolder(dataDir: string | undefined, env: Environment): string {
  const folder = dataDir || env['HAWSER_DATA_DIR'];
  if (folder) return resolve(folder);
  const home = env['HOME'] || homedir();
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'hawser');
}
