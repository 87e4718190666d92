// Sessions, accounts, settings and version.

import { anything, flag, list, number, type Of, object, optional, record, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';
import { onAccount } from './rights.ts';

const credentials = object({
  username: optional(text),
  password: optional(text),
  /** Of older clients; refused. */
  token: optional(text),
});

export interface Credentials extends Of<typeof credentials> {}

export const createSession: Endpoint<Credentials, { readonly token: string }> = {
  method: 'POST',
  path: '/api/v1/session',
  right: 'open',
  body: '*',
  input: credentials,
  output: object({ token: text }),
};

export const deleteSession: Endpoint<unknown, unknown> = {
  method: 'DELETE',
  path: '/api/v1/session',
  right: 'open',
  input: anything,
  output: anything,
};

/** For the cookie of a browser: it goes on to the dashboard, or to where the settings say. */
export const openLogout: Endpoint<unknown, unknown> = {
  method: 'GET',
  path: '/auth/logout',
  right: 'open',
  input: anything,
  output: anything,
};

export const endSession: Endpoint<unknown, unknown> = { ...openLogout, method: 'POST' };

const userInfo = object({
  loggedIn: optional(flag),
  username: optional(text),
  iss: optional(text),
  groups: optional(list(text)),
});

export interface UserInfo extends Of<typeof userInfo> {}

export const getUserInfo: Endpoint<unknown, UserInfo> = {
  method: 'GET',
  path: '/api/v1/session/userinfo',
  right: 'open',
  input: anything,
  output: userInfo,
};

const oidcConfig = object({
  name: optional(text),
  issuer: optional(text),
  clientID: optional(text),
  cliClientID: optional(text),
  scopes: optional(list(text)),
  idTokenClaims: anything,
  enablePKCEAuthentication: optional(flag),
});

export interface OidcConfig extends Of<typeof oidcConfig> {}

const kustomizeOptions = object({ BuildOptions: text, BinaryPath: text, Versions: anything });

const settings = object({
  url: optional(text),
  additionalUrls: optional(list(text)),
  dexConfig: optional(object({ connectors: optional(list(anything)) })),
  oidcConfig: optional(oidcConfig),
  appLabelKey: optional(text),
  trackingMethod: optional(text),
  passwordPattern: optional(text),
  userLoginsDisabled: optional(flag),
  controllerNamespace: optional(text),
  resourceOverrides: optional(record(anything)),
  installationID: optional(text),
  kustomizeOptions: optional(kustomizeOptions),
  kustomizeVersions: optional(list(text)),
  help: optional(object({ chatUrl: optional(text), chatText: optional(text), binaryUrls: optional(record(text)) })),
  googleAnalytics: optional(object({ trackingID: optional(text), anonymizeUsers: optional(flag) })),
  statusBadgeEnabled: optional(flag),
  statusBadgeRootUrl: optional(text),
  uiCssURL: optional(text),
  uiLoginButtonText: optional(text),
  uiBannerContent: optional(text),
  uiBannerURL: optional(text),
  uiBannerPermanent: optional(flag),
  uiBannerPosition: optional(text),
  execEnabled: optional(flag),
  appsInAnyNamespaceEnabled: optional(flag),
  impersonationEnabled: optional(flag),
  hydratorEnabled: optional(flag),
  syncWithReplaceAllowed: optional(flag),
});

export interface Settings extends Of<typeof settings> {}

export const getSettings: Endpoint<unknown, Settings> = {
  method: 'GET',
  path: '/api/v1/settings',
  right: 'open',
  input: anything,
  output: settings,
};

const pluginList = object({ plugins: optional(list(object({ name: optional(text) }))) });

/** Plugins that run beside a repo server; ours has none. */
export const listPlugins: Endpoint<unknown, Of<typeof pluginList>> = {
  method: 'GET',
  path: '/api/v1/settings/plugins',
  right: 'session',
  input: anything,
  output: pluginList,
};

const serverVersion = object({
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
});

/** The reference has these keys in Pascal case. Without a session the answer is Version alone. */
export interface ServerVersion extends Of<typeof serverVersion> {}

export const getVersion: Endpoint<unknown, ServerVersion> = {
  method: 'GET',
  path: '/api/version',
  right: 'open',
  input: anything,
  output: serverVersion,
};

const accountToken = object({ id: optional(text), issuedAt: optional(number), expiresAt: optional(number) });

/** Times are Unix seconds. */
export interface AccountToken extends Of<typeof accountToken> {}

const account = object({
  name: optional(text),
  enabled: optional(flag),
  capabilities: optional(list(text)),
  tokens: optional(list(accountToken)),
});

export interface Account extends Of<typeof account> {}

export const listAccounts: Endpoint<unknown, { readonly items?: readonly Account[] }> = {
  method: 'GET',
  path: '/api/v1/account',
  right: { items: 'accounts' },
  input: anything,
  output: object({ items: optional(list(account)) }),
};

const nameInput = object({ name: text });

export const getAccount: Endpoint<{ readonly name: string }, Account> = {
  method: 'GET',
  path: '/api/v1/account/{name}',
  right: onAccount('get'),
  input: nameInput,
  output: account,
};

const createTokenInput = object({
  name: text,
  /** Seconds; 0 means that it does not expire. */
  expiresIn: optional(number),
  id: optional(text),
});

export interface CreateToken extends Of<typeof createTokenInput> {}

export const createToken: Endpoint<CreateToken, { readonly token: string }> = {
  method: 'POST',
  path: '/api/v1/account/{name}/token',
  right: onAccount('update'),
  body: '*',
  input: createTokenInput,
  output: object({ token: text }),
};

export const deleteToken: Endpoint<{ readonly name: string; readonly id: string }, unknown> = {
  method: 'DELETE',
  path: '/api/v1/account/{name}/token/{id}',
  right: onAccount('update'),
  input: object({ name: text, id: text }),
  output: anything,
};

const updatePasswordInput = object({ name: optional(text), currentPassword: optional(text), newPassword: text });

export interface UpdatePassword extends Of<typeof updatePasswordInput> {}

export const updatePassword: Endpoint<UpdatePassword, unknown> = {
  method: 'PUT',
  path: '/api/v1/account/password',
  right: onAccount('update'),
  body: '*',
  input: updatePasswordInput,
  output: anything,
};

const canIInput = object({
  resource: text,
  action: text,
  /** May hold slashes. */
  subresource: text,
});

export interface CanI extends Of<typeof canIInput> {}

export const canI: Endpoint<CanI, { readonly value: string }> = {
  method: 'GET',
  path: '/api/v1/account/can-i/{resource}/{action}/{subresource...}',
  right: 'session',
  input: canIInput,
  output: object({ value: text }),
};
