// What is done with local accounts: read, given a password, given and taken tokens.

import { HawserError } from '../../core/errors.ts';
import { compileRegExp } from '../../core/regexp.ts';
import type { Clock } from '../../core/time.ts';
import { projectRoleOf } from '../../engine/policy/access.ts';
import { type LocalAccount, passwordChange, type StoredToken, tokensChange } from './accounts.ts';
import type { Caller } from './enforcer.ts';
import type { Issuer, NewToken } from './issuer.ts';
import type { Logins } from './logins.ts';
import type { Passwords } from './passwords.ts';
import type { SecretStore } from './secret-store.ts';
import type { Settings } from './settings.ts';
import type { TokenClaims } from './tokens.ts';

export interface AccountStore {
  /** By name. */
  accounts(): Promise<readonly LocalAccount[]>;
  /** Throws `not-found`. */
  account(name: string): Promise<LocalAccount>;
  updatePassword(caller: Caller, change: PasswordUpdate): Promise<void>;
  createToken(name: string, token: NewToken): Promise<string>;
  deleteToken(name: string, id: string): Promise<void>;
  /** The first password, as long as nobody has deleted its Secret. Makes one where there is none. */
  initialPassword(): Promise<string | undefined>;
}

export interface PasswordUpdate {
  /** '' for the caller's own account. */
  readonly name: string;
  /** Of the caller. */
  readonly current: string;
  readonly next: string;
}

export interface AccountStoreOptions {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly passwords: Passwords;
}

interface AccountParts extends AccountStoreOptions {
  readonly store: SecretStore;
  readonly logins: Logins;
  readonly issuer: Issuer;
}

export function createAccountStore(parts: AccountParts): AccountStore {
  const { clock, settings, passwords, store, logins, issuer } = parts;
  const { ready } = issuer;

  function find(name: string): LocalAccount {
    const account = settings.accounts().find((each) => each.name === name);
    if (!account) throw new HawserError('not-found', `account '${name}' does not exist`);
    return account;
  }

  return {
    accounts: async () => {
      await ready();
      return settings.accounts();
    },
    account: async (name) => {
      await ready();
      return find(name);
    },
    updatePassword: async (caller, { name, current, next }) => {
      await ready();
      if (name === '' && projectRoleOf(caller.username)) throw noLocalUser(caller.username);
      await logins.check(caller.username, current).catch(() => {
        throw new HawserError('invalid', 'current password does not match');
      });
      checkPattern(next, settings.sessions().passwordPattern);
      const account = find(name || caller.username);
      const hash = await passwords.hash(next);
      await store.change(() => passwordChange(account.name, hash, clock.now()));
    },
    createToken: async (name, token) => {
      await ready();
      const { claims, token: signed } = issuer.sign(`${name}:apiKey`, token);
      await store.change(() => tokensChange(name, withToken(find(name), claims)));
      return signed;
    },
    deleteToken: async (name, id) => {
      await ready();
      await store.change(() => tokensChange(name, withoutToken(find(name), id)));
    },
    initialPassword: () => store.initialPassword(),
  };
}

function checkPattern(password: string, pattern: string): void {
  const matches = compileRegExp(pattern);
  if (!matches)
    throw new HawserError('broken-state', `failed to compile password regex: '${pattern}'`, {
      hint: 'fix passwordPattern in the ConfigMap argocd-cm',
    });
  if (matches(password)) return;
  throw new HawserError('invalid', `new password does not match the following expression: ${pattern}`, {
    details: { grpc: 2 },
  });
}

function noLocalUser(name: string): HawserError {
  return new HawserError('invalid', `password can only be changed for local users, not user "${name}"`);
}

function withToken(account: LocalAccount, { id, issuedAt, expiresAt }: TokenClaims): readonly StoredToken[] {
  const { name, tokens, capabilities } = account;
  if (tokens.some((token) => token.id === id)) throw notUpdated(`account already has token with id '${id}'`);
  if (!capabilities.includes('apiKey')) throw notUpdated(`account '${name}' does not have apiKey capability`);
  return [...tokens, { id, iat: issuedAt, ...(expiresAt === undefined ? {} : { exp: expiresAt }) }];
}

function withoutToken({ tokens }: LocalAccount, id: string): readonly StoredToken[] {
  if (!tokens.some((token) => token.id === id))
    throw new HawserError('not-found', `token with id '${id}' does not exist`);
  return tokens.filter((token) => token.id !== id);
}

function notUpdated(reason: string): HawserError {
  const code = 'invalid';
  return new HawserError(code, `failed to update account with new token: ${reason}`, { details: { grpc: 2 } });
}
