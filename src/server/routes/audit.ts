import { listAudit } from '../../api/audit.ts';
import { HawserError } from '../../core/errors.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import type { Audit } from '../audit/audit.ts';
import { mayEverything } from '../auth/administrator.ts';
import { rbacNameOf } from '../auth/authorize.ts';
import { permissionDenied } from '../auth/enforcer.ts';
import { type Call, type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

/** Without an audit, for a cluster that others write to as well. */
export function auditRoutes(ports: Pick<ServerPorts, 'home' | 'namespace'>, audit: Audit | undefined): Route[] {
  return [
    route(listAudit, async (query, call) => {
      if (!audit) throw noneKept();
      if (query.since !== undefined && Number.isNaN(Date.parse(query.since)))
        throw new HawserError('invalid', `since: '${query.since}' is no time`, { hint: '2026-01-05T10:00:00Z' });
      const isAdministrator = mayEverything(call);
      const answer = await audit.list(query, {
        username: call.caller.username,
        may: (right) => call.may(right),
        mayEverything: isAdministrator,
      });
      if (query.app !== undefined && !answer.items) await checkApplication(ports, { ...query, app: query.app }, call);
      return answer;
    }),
  ];
}

const noneKept = (): HawserError =>
  new HawserError(
    'not-implemented',
    'nobody keeps an audit of this cluster: its objects are written without a server',
    {
      hint: 'ask the audit log of its API server, or a Hawser server by its address',
    },
  );

/** Of an application that is missing and of one that must stay hidden the same is said. */
async function checkApplication(
  { home, namespace }: Pick<ServerPorts, 'home' | 'namespace'>,
  { app: name, appNamespace }: { readonly app: string; readonly appNamespace?: string },
  call: Call,
): Promise<void> {
  const application = await home.get({ ...APPLICATION_TYPE, namespace: appNamespace || namespace, name });
  const sees =
    application && call.may({ resource: 'applications', action: 'get', object: rbacNameOf(application, namespace) });
  if (!sees) throw permissionDenied();
}
