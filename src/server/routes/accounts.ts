import { ACTIONS, RESOURCES, type Right } from '../../api/rights.ts';
import {
  type Account,
  type CanI,
  canI,
  createToken,
  deleteToken,
  getAccount,
  listAccounts,
  updatePassword,
} from '../../api/sessions.ts';
import { HawserError } from '../../core/errors.ts';
import { IN_PROJECTS } from '../../engine/policy/words.ts';
import type { LocalAccount } from '../auth/accounts.ts';
import { isOwnAccount } from '../auth/enforcer.ts';
import type { Sessions } from '../auth/sessions.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export function accountRoutes({ namespace }: Pick<ServerPorts, 'namespace'>, sessions: Sessions): Route[] {
  return [
    route(listAccounts, async (_input, { caller, may }) => {
      const isVisible = ({ name }: LocalAccount): boolean =>
        isOwnAccount(caller, name) || may({ resource: 'accounts', action: 'get', object: name });
      return { items: (await sessions.accounts()).filter(isVisible).map(accountResponse) };
    }),
    route(getAccount, async ({ name }) => accountResponse(await sessions.account(name))),
    route(createToken, async ({ name, id, expiresIn }) => ({
      token: await sessions.createToken(name, { id, expiresIn }),
    })),
    route(deleteToken, async ({ name, id }) => {
      await sessions.deleteToken(name, id);
      return {};
    }),
    route(updatePassword, async ({ name = '', currentPassword = '', newPassword = '' }, { caller }) => {
      await sessions.updatePassword(caller, { name, current: currentPassword, next: newPassword });
      return {};
    }),
    route(canI, async (query, { may }) => ({ value: may(rightOf(query, namespace)) ? 'yes' : 'no' })),
  ];
}

/** What is off, empty or none is left out, as in the reference; the newest token comes first. */
function accountResponse({ name, isEnabled, capabilities, tokens }: LocalAccount): Account {
  const newestFirst = [...tokens].sort((a, b) => b.iat - a.iat);
  return {
    name,
    ...(isEnabled ? { enabled: true } : {}),
    ...(capabilities.length > 0 ? { capabilities } : {}),
    ...(tokens.length > 0
      ? { tokens: newestFirst.map(({ id, iat, exp }) => ({ id, issuedAt: iat, ...(exp ? { expiresAt: exp } : {}) })) }
      : {}),
  };
}

/** Throws `invalid` for a resource or an action that there is none of. */
function rightOf({ resource, action, subresource }: CanI, namespace: string): Right {
  const right = { action: oneOf(ACTIONS, action), resource: oneOf(RESOURCES, resource) };
  return { ...right, object: IN_PROJECTS.has(resource) ? withoutOwnNamespace(subresource, namespace) : subresource };
}

/** An object in the namespace of the control plane is 'project/name' in a policy. */
function withoutOwnNamespace(object: string, own: string): string {
  const [project, namespace, name, ...rest] = object.split('/');
  return namespace === own && name !== undefined && rest.length === 0 ? `${project}/${name}` : object;
}

function oneOf<T extends string>(values: readonly T[], text: string): T {
  const value = values.find((each) => each === text);
  if (value === undefined) throw new HawserError('invalid', `[${values.join(' ')}] does not contain ${text}`);
  return value;
}
