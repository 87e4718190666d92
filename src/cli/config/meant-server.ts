// Whether a command was meant for a server although none can be found: then the local system is no stand-in for it.

import { HawserError } from '../../core/errors.ts';
import type { Environment } from '../io/colour.ts';
import type { Globals } from './globals.ts';

/** Throws `usage`, naming what speaks of a server, when anything does. */
export function refuseLocalStandIn(globals: Globals, env: Environment, hasConfig: boolean): void {
  const reason = reasonFor(globals, env, hasConfig);
  if (reason === undefined) return;
  throw new HawserError('usage', `${reason}, but no server is named`, {
    hint: 'give --server HOST or set ARGOCD_SERVER; --argocd-context local means the local system',
  });
}

/** Flags that say how to reach a server. */
const CONNECTION_FLAGS: readonly (keyof Globals & string)[] = [
  'plaintext',
  'insecure',
  'serverCrt',
  'clientCrt',
  'clientCrtKey',
  'grpcWebRootPath',
  'header',
];

function reasonFor(globals: Globals, env: Environment, hasConfig: boolean): string | undefined {
  const isEmpty = (name: string): boolean => env[name] !== undefined && env[name].trim() === '';
  const empty = ['HAWSER_SERVER', 'ARGOCD_SERVER'].find(isEmpty);
  if (empty !== undefined) return `${empty} is empty`;
  if (globals.server !== undefined) return '--server is empty';
  if (globals.authToken !== undefined) return 'a token is given';
  if (globals.config !== undefined) {
    return hasConfig ? `${globals.config} has no current context` : `the configuration ${globals.config} is not there`;
  }
  const flag = CONNECTION_FLAGS.find((name) => globals[name] !== undefined && globals[name] !== false);
  if (flag !== undefined) return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is given`;
  if (isContinuousIntegration(env) && globals.dataDir === undefined) return 'this is CI (CI is set)';
  return undefined;
}

function isContinuousIntegration(env: Environment): boolean {
  return !['', '0', 'false'].includes((env['CI'] ?? '').trim().toLowerCase());
}
