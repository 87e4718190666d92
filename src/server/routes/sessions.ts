import { ACTIONS, RESOURCES, type Right } from '../../api/rights.ts';
import {
  type Account,
  type CanI,
  canI,
  createSession,
  deleteSession,
  getAccount,
  getSettings,
  getUserInfo,
  getVersion,
  listAccounts,
  updatePassword,
} from '../../api/sessions.ts';
import { HawserError } from '../../core/errors.ts';
import { isOwnAccount } from '../auth/enforcer.ts';
import type { Sessions } from '../auth/sessions.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export function sessionRoutes(ports: ServerPorts, sessions: Sessions): Route[] {
  return [
    route(createSession, async ({ username, password }) => ({
      token: await sessions.login(username ?? '', password ?? ''),
    })),
    route(deleteSession, async () => ({})),
    route(getUserInfo, async (_input, { caller }) =>
      caller.username ? { loggedIn: true, username: caller.username, iss: caller.issuer } : {},
    ),
    route(getVersion, async (_input, { caller }) => {
      if (!caller.username) return { Version: ports.version };
      return {
        Version: ports.version,
        Platform: `${process.platform}/${process.arch}`,
        ...(await ports.toolVersions()),
      };
    }),
    route(getSettings, async () => ({
      appLabelKey: 'app.kubernetes.io/instance',
      trackingMethod: 'annotation',
      passwordPattern: '^.{8,32}$',
      controllerNamespace: ports.namespace,
    })),
    route(listAccounts, async (_input, { caller, may }) => {
      const accounts = [await sessions.account()];
      const isVisible = ({ name }: Account): boolean =>
        isOwnAccount(caller, name) || may({ resource: 'accounts', action: 'get', object: name ?? '' });
      return { items: accounts.filter(isVisible) };
    }),
    route(getAccount, async ({ name }) => {
      if (name !== 'admin') throw new HawserError('not-found', `account '${name}' does not exist`);
      return sessions.account();
    }),
    route(updatePassword, async ({ name, currentPassword, newPassword }, { caller }) => {
      await sessions.updatePassword(name || caller.username, currentPassword ?? '', newPassword);
      return {};
    }),
    route(canI, async (query, { may }) => ({ value: may(rightOf(query)) ? 'yes' : 'no' })),
  ];
}

/** Throws `invalid` for a resource or an action that there is none of. */
function rightOf({ resource, action, subresource: object }: CanI): Right {
  return { resource: oneOf(RESOURCES, resource), action: oneOf(ACTIONS, action), object };
}

function oneOf<T extends string>(values: readonly T[], text: string): T {
  const value = values.find((each) => each === text);
  if (value === undefined) throw new HawserError('invalid', `[${values.join(' ')}] does not contain ${text}`);
  return value;
}
