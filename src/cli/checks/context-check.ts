// Which server is meant, and what says so.

import type { Finding } from '../../model/checkup.ts';
import { contextOf, type Globals, LOCAL } from '../config/globals.ts';
import type { Connection, Context } from '../context.ts';
import type { Environment } from '../io/colour.ts';

export function contextFinding({ client, context, local, url }: Connection, { globals, env }: Context): Finding {
  const name = context ?? client.address;
  const why = sourceOf(globals(), env, context);
  const where = local ? 'the system of this machine' : url;
  return {
    verdict: 'ok',
    message: `${name}: ${where} (${why})`,
    facts: { context: context ?? '', server: local ? '' : client.address, local, source: why },
  };
}

/** What decided, in the order in which it decides. */
function sourceOf(globals: Globals, env: Environment, context: string | undefined): string {
  if (globals.core) return '--core';
  if (globals.portForward || globals.portForwardNamespace !== undefined) return '--port-forward';
  if (contextOf(globals) !== undefined)
    return env['HAWSER_CONTEXT'] === contextOf(globals) ? 'HAWSER_CONTEXT' : '--argocd-context';
  if (globals.server !== undefined) {
    const variable = ['HAWSER_SERVER', 'ARGOCD_SERVER'].find((name) => env[name] === globals.server);
    return variable ?? '--server';
  }
  return context === undefined || context === LOCAL ? 'no server is configured' : 'current context';
}
