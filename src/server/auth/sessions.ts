// Who calls, by the token of a request: a session or an API token of a local account, or the token of a project's role.

import type { Head } from '../../api/exchange.ts';
import { HawserError } from '../../core/errors.ts';
import { projectRoleOf } from '../../engine/policy/access.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type AccountStore, type AccountStoreOptions, createAccountStore } from './account-store.ts';
import type { Capability, LocalAccount } from './accounts.ts';
import { ACCOUNTS, type Caller, NOBODY } from './enforcer.ts';
import { createIssuer, type NewToken, type SignedToken } from './issuer.ts';
import { createLogins } from './logins.ts';
import { checkRoleToken } from './project-tokens.ts';
import { createRevokedTokens } from './revoked.ts';
import { createSecretStore } from './secret-store.ts';
import type { SettingsObjects } from './settings.ts';
import { cookieToken, invalidSession, type TokenClaims, tokenOf } from './tokens.ts';

export interface Sessions extends AccountStore {
  /** A session token; throws `not-logged-in`. */
  login(username: string, password: string): Promise<string>;
  /** Who sends a request; throws `not-logged-in`. */
  authenticate(head: Head): Promise<Caller>;
  /** Ends the session of a cookie; undefined when the request has none. */
  logout(head: Head): Promise<true | undefined>;
  /** Knows what a write answered before a watch tells it. */
  took(object: KubeObject): void;
  /** A signed token for any subject. */
  sign(subject: string, token: NewToken): Promise<SignedToken>;
}

export interface SessionOptions extends AccountStoreOptions {
  readonly home: Cluster;
  readonly namespace: string;
  readonly objects: SettingsObjects;
}

/** A session that ends within this time is given a new token. */
const RENEWAL_SECONDS = 300;

export function createSessions(options: SessionOptions): Sessions {
  const { clock, settings, passwords } = options;
  const store = createSecretStore(options);
  const issuer = createIssuer(options, store);
  const revoked = createRevokedTokens(options);
  const logins = createLogins({ clock, passwords, accounts: settings.accounts });
  const { ready } = issuer;

  function ownerOf(claims: TokenClaims): Caller {
    const { subject, id, issuedAt } = claims;
    const role = projectRoleOf(subject);
    if (role) {
      checkRoleToken(settings.project(role.project), { ...role, id, iat: issuedAt });
      return { username: subject, issuer: ACCOUNTS, groups: [], issuedAt };
    }
    const [username = '', kind] = subject.split(':');
    const capability: Capability = kind === 'login' ? 'login' : 'apiKey';
    checkAccount(accountOf(username, settings.accounts()), capability, claims);
    if (revoked.has(id)) throw invalidSession('token is revoked, please re-login');
    const renewed = capability === 'login' ? renewedToken(claims) : undefined;
    return { username, issuer: ACCOUNTS, groups: [], issuedAt, ...(renewed === undefined ? {} : { renewed }) };
  }

  function renewedToken({ subject, issuedAt, expiresAt }: TokenClaims): string | undefined {
    if (expiresAt === undefined || expiresAt - clock.now() / 1000 >= RENEWAL_SECONDS) return undefined;
    return issuer.sign(subject, { expiresIn: expiresAt - issuedAt }).token;
  }

  return {
    login: async (username, password) => {
      await ready();
      const { name } = await logins.check(username, password);
      return issuer.sign(`${name}:login`, { expiresIn: settings.sessions().seconds }).token;
    },
    authenticate: async (head) => {
      const token = tokenOf(head);
      try {
        if (token === undefined) throw new HawserError('not-logged-in', 'no session information');
        return ownerOf(await issuer.read(token));
      } catch (thrown) {
        await ready();
        if (settings.sessions().allowsAnonymous) return NOBODY;
        throw thrown;
      }
    },
    logout: async ({ headers }) => {
      const token = cookieToken(headers['cookie'] ?? '');
      if (token === undefined) return undefined;
      const claims = await issuer.read(token).catch(() => undefined);
      const end = claims?.expiresAt ?? Math.floor(clock.now() / 1000) + settings.sessions().seconds;
      if (claims?.id) await revoked.add(claims.id, end);
      return true;
    },
    ...createAccountStore({ ...options, store, logins, issuer }),
    took: (object) => options.objects.put(object),
    sign: async (subject, token) => {
      await ready();
      return issuer.sign(subject, token);
    },
    initialPassword: () => store.initialPassword(),
  };
}

function accountOf(username: string, accounts: readonly LocalAccount[]): LocalAccount {
  const account = accounts.find(({ name }) => name === username);
  if (!account) throw invalidSession(`account '${username}' does not exist`);
  return account;
}

function checkAccount(account: LocalAccount, capability: Capability, { id, issuedAt }: TokenClaims): void {
  const { name, isEnabled, capabilities, passwordChangedAt, tokens } = account;
  if (!isEnabled) throw invalidSession(`account ${name} is disabled`);
  if (!capabilities.includes(capability))
    throw invalidSession(`account ${name} does not have '${capability}' capability`);
  if (id === '') throw invalidSession('token does not have a unique identifier (jti claim) and cannot be validated');
  if (capability === 'apiKey' && !tokens.some((token) => token.id === id))
    throw invalidSession(`account ${name} does not have token with id ${id}`);
  if (passwordChangedAt !== undefined && issuedAt * 1000 < passwordChangedAt)
    throw invalidSession('account password has changed since token issued');
}
