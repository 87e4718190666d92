// Sessions, accounts, settings and version.

import { anything, flag, list, number, object, optional, record, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';
import { onAccount } from './rights.ts';

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

export const createSession: Endpoint<Credentials, { readonly token: string }> = {
  method: 'POST',
  path: '/api/v1/session',
  right: 'open',
  body: '*',
  input: object<Credentials>({ username: optional(text), password: optional(text) }),
  output: object<{ readonly token: string }>({ token: text }),
};

export const deleteSession: Endpoint<unknown, unknown> = {
  method: 'DELETE',
  path: '/api/v1/session',
  right: 'open',
  input: anything,
  output: anything,
};

export interface UserInfo {
  readonly loggedIn?: boolean;
  readonly username?: string;
  readonly iss?: string;
  readonly groups?: readonly string[];
}

export const getUserInfo: Endpoint<unknown, UserInfo> = {
  method: 'GET',
  path: '/api/v1/session/userinfo',
  right: 'open',
  input: anything,
  output: object<UserInfo>({
    loggedIn: optional(flag),
    username: optional(text),
    iss: optional(text),
    groups: optional(list(text)),
  }),
};

export interface Settings {
  readonly url?: string;
  readonly dexConfig?: { readonly connectors?: readonly unknown[] };
  readonly oidcConfig?: OidcConfig;
  readonly appLabelKey?: string;
  readonly trackingMethod?: string;
  readonly passwordPattern?: string;
  readonly userLoginsDisabled?: boolean;
  readonly controllerNamespace?: string;
  readonly resourceOverrides?: Readonly<Record<string, unknown>>;
}

export interface OidcConfig {
  readonly name?: string;
  readonly issuer?: string;
  readonly clientID?: string;
  readonly cliClientID?: string;
  readonly scopes?: readonly string[];
  readonly idTokenClaims?: unknown;
  readonly enablePKCEAuthentication?: boolean;
}

export const getSettings: Endpoint<unknown, Settings> = {
  method: 'GET',
  path: '/api/v1/settings',
  right: 'open',
  input: anything,
  output: object<Settings>({
    url: optional(text),
    dexConfig: optional(object<{ readonly connectors?: readonly unknown[] }>({ connectors: optional(list(anything)) })),
    oidcConfig: optional(
      object<OidcConfig>({
        name: optional(text),
        issuer: optional(text),
        clientID: optional(text),
        cliClientID: optional(text),
        scopes: optional(list(text)),
        idTokenClaims: anything,
        enablePKCEAuthentication: optional(flag),
      }),
    ),
    appLabelKey: optional(text),
    trackingMethod: optional(text),
    passwordPattern: optional(text),
    userLoginsDisabled: optional(flag),
    controllerNamespace: optional(text),
    resourceOverrides: optional(record(anything)),
  }),
};

/** The keys really are in Pascal case. Without a session only Version is there. */
export interface ServerVersion {
  readonly Version: string;
  readonly BuildDate?: string;
  readonly GitCommit?: string;
  readonly GitTag?: string;
  readonly GitTreeState?: string;
  readonly GoVersion?: string;
  readonly Compiler?: string;
  readonly Platform?: string;
  readonly KustomizeVersion?: string;
  readonly HelmVersion?: string;
  readonly KubectlVersion?: string;
  readonly JsonnetVersion?: string;
  readonly ExtraBuildInfo?: string;
}

export const getVersion: Endpoint<unknown, ServerVersion> = {
  method: 'GET',
  path: '/api/version',
  right: 'open',
  input: anything,
  output: object<ServerVersion>({
    Version: text,
    BuildDate: optional(text),
    GitCommit: optional(text),
    GitTag: optional(text),
    GitTreeState: optional(text),
    GoVersion: optional(text),
    Compiler: optional(text),
    Platform: optional(text),
    KustomizeVersion: optional(text),
    HelmVersion: optional(text),
    KubectlVersion: optional(text),
    JsonnetVersion: optional(text),
    ExtraBuildInfo: optional(text),
  }),
};

export interface Account {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly capabilities?: readonly string[];
  readonly tokens?: readonly AccountToken[];
}

/** Times are Unix seconds. */
export interface AccountToken {
  readonly id?: string;
  readonly issuedAt?: number;
  readonly expiresAt?: number;
}

const account = object<Account>({
  name: optional(text),
  enabled: optional(flag),
  capabilities: optional(list(text)),
  tokens: optional(
    list(object<AccountToken>({ id: optional(text), issuedAt: optional(number), expiresAt: optional(number) })),
  ),
});

export const listAccounts: Endpoint<unknown, { readonly items?: readonly Account[] }> = {
  method: 'GET',
  path: '/api/v1/account',
  right: { items: 'accounts' },
  input: anything,
  output: object<{ readonly items?: readonly Account[] }>({ items: optional(list(account)) }),
};

const named = object<{ readonly name: string }>({ name: text });

export const getAccount: Endpoint<{ readonly name: string }, Account> = {
  method: 'GET',
  path: '/api/v1/account/{name}',
  right: onAccount('get'),
  input: named,
  output: account,
};

export interface CreateToken {
  readonly name: string;
  /** Seconds; 0 is for ever. */
  readonly expiresIn?: number;
  readonly id?: string;
}

export const createToken: Endpoint<CreateToken, { readonly token: string }> = {
  method: 'POST',
  path: '/api/v1/account/{name}/token',
  right: onAccount('update'),
  body: '*',
  input: object<CreateToken>({ name: text, expiresIn: optional(number), id: optional(text) }),
  output: object<{ readonly token: string }>({ token: text }),
};

export const deleteToken: Endpoint<{ readonly name: string; readonly id: string }, unknown> = {
  method: 'DELETE',
  path: '/api/v1/account/{name}/token/{id}',
  right: onAccount('update'),
  input: object<{ readonly name: string; readonly id: string }>({ name: text, id: text }),
  output: anything,
};

export interface UpdatePassword {
  readonly name?: string;
  readonly currentPassword?: string;
  readonly newPassword: string;
}

export const updatePassword: Endpoint<UpdatePassword, unknown> = {
  method: 'PUT',
  path: '/api/v1/account/password',
  right: onAccount('update'),
  body: '*',
  input: object<UpdatePassword>({ name: optional(text), currentPassword: optional(text), newPassword: text }),
  output: anything,
};

export interface CanI {
  readonly resource: string;
  readonly action: string;
  /** May hold slashes. */
  readonly subresource: string;
}

export const canI: Endpoint<CanI, { readonly value: string }> = {
  method: 'GET',
  path: '/api/v1/account/can-i/{resource}/{action}/{subresource...}',
  right: 'session',
  input: object<CanI>({ resource: text, action: text, subresource: text }),
  output: object<{ readonly value: string }>({ value: text }),
};
