import { shellWord } from '../../core/shell-word.ts';
import type { Environment } from '../io/colour.ts';
import type { Globals } from './globals.ts';

/** Global flags that were typed before a plugin's name, as a command of ours reads them from the environment. */
export function variablesFor(globals: Globals, env: Environment): Readonly<Record<string, string>> {
  const named = Object.entries(VARIABLES).flatMap(([key, name]) => {
    const value: unknown = Reflect.get(globals, key);
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const options = Object.entries(globals).flatMap(([key, value]) => {
    if (Object.hasOwn(VARIABLES, key) || value === false) return [];
    const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return [value === true ? flag : `${flag}=${shellWord(String(value))}`];
  });
  const before = env['HAWSER_OPTS'] ?? env['ARGOCD_OPTS'] ?? '';
  const all = options.length > 0 ? { HAWSER_OPTS: [before, ...options].join(' ').trim() } : {};
  return { ...Object.fromEntries(named), ...all };
}

const VARIABLES: Readonly<Record<string, string>> = {
  server: 'HAWSER_SERVER',
  authToken: 'HAWSER_AUTH_TOKEN',
  argocdContext: 'HAWSER_CONTEXT',
  dataDir: 'HAWSER_DATA_DIR',
  ci: 'HAWSER_CI',
};
