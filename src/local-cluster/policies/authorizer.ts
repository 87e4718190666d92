// What an expression may ask of rights: `authorizer.group('apps').resource('deployments').check('delete').allowed()`.

import { decide } from '../access/rules.ts';
import { AUTHENTICATED, accountGroups, accountUserName, type User } from '../access/user.ts';
import type { Api, JudgedWrite } from '../api.ts';
import { type Asked, Authorizer, ResourceCheck } from '../validation/cel/authorizer.ts';

/** The rights of who sends the request. */
export function authorizerOf(api: Api, { kind, object, before, settings }: JudgedWrite): Authorizer {
  const { name = '', namespace = '' } = (object ?? before)?.metadata ?? {};
  const own: Asked = { group: kind.group, resource: kind.plural, subresource: settings.subresource, namespace, name };
  const of = (user: User): Authorizer => {
    const check = (asked: Asked, verb: string): { allowed: boolean; reason: string } =>
      decide(
        api.store,
        user,
        asked.path === undefined ? { ...EVERYTHING, ...asked, verb } : { path: asked.path, verb },
      );
    return new Authorizer({
      check,
      requestResource: new ResourceCheck(check, own),
      account: (accountNamespace, account) =>
        of({
          name: accountUserName(accountNamespace, account),
          groups: [...accountGroups(accountNamespace), AUTHENTICATED],
        }),
    });
  };
  return of(settings.user);
}

const EVERYTHING = { group: '', resource: '', subresource: '', namespace: '', name: '' } as const;
