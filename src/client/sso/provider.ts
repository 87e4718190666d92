// The identity provider of a server, as its settings name it: its own OIDC provider, or Dex behind it.

import type { Configuration } from 'openid-client';
import type { Settings } from '../../api/sessions.ts';
import { HawserError, messageOf } from '../../core/errors.ts';
import { openHttp } from '../http.ts';
import type { Transport } from '../transport.ts';

declare module '../../core/errors.ts' {
  interface Reasons {
    'sso-failed': unknown;
    'sso-not-configured': unknown;
  }
}

export interface Provider {
  readonly configuration: Configuration;
  readonly issuer: string;
  /** Sent with every authorization: scopes, claims, offline access. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Tokens {
  /** What the server takes as its token. */
  readonly idToken: string;
  readonly refreshToken: string | undefined;
}

const DEFAULT_SCOPES = ['openid', 'profile', 'email', 'groups'] as const;

/** How an address is reached: by the certificates and proxies of the server. */
export type Reach = (origin: string) => Transport;

/** Asks the provider what it can do; `address` is how errors call the server. */
export async function findProvider(settings: Settings, address: string, reach: Reach): Promise<Provider> {
  const registration = clientOf(settings, address);
  const { customFetch, allowInsecureRequests, discovery, None } = await import('openid-client');
  const isPlain = registration.issuer.startsWith('http://');
  const options = {
    [customFetch]: fetchBy(reach),
    ...(isPlain ? { execute: [allowInsecureRequests] } : {}),
  };
  try {
    const configuration = await discovery(
      new URL(registration.issuer),
      registration.clientId,
      undefined,
      None(),
      options,
    );
    return { configuration, issuer: registration.issuer, parameters: parametersOf(configuration, registration) };
  } catch (thrown) {
    throw ssoFailure(`the identity provider ${registration.issuer} cannot be used`, thrown);
  }
}

interface NamedClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly claims?: unknown;
}

function clientOf({ oidcConfig, dexConfig, url }: Settings, address: string): NamedClient {
  if (oidcConfig?.issuer) {
    const { issuer, cliClientID, clientID, scopes, idTokenClaims } = oidcConfig;
    return {
      issuer,
      clientId: cliClientID || clientID || '',
      scopes: scopes?.length ? scopes : DEFAULT_SCOPES,
      claims: idTokenClaims,
    };
  }
  if (dexConfig?.connectors?.length && url) {
    return { issuer: `${url}/api/dex`, clientId: 'argo-cd-cli', scopes: [...DEFAULT_SCOPES, 'federated:id'] };
  }
  throw new HawserError('usage', `${address} is not configured with SSO`, {
    hint: `hawser login ${address} --username NAME`,
    reason: { kind: 'sso-not-configured' },
  });
}

function parametersOf(configuration: Configuration, { scopes, claims }: NamedClient): Record<string, string> {
  const supported = configuration.serverMetadata().scopes_supported;
  const offline = supported === undefined || supported.includes('offline_access') ? ['offline_access'] : [];
  return {
    scope: [...new Set([...scopes, ...offline])].join(' '),
    access_type: 'offline',
    ...(claims ? { claims: JSON.stringify({ id_token: claims }) } : {}),
  };
}

/** What an answer of the token endpoint is to us. */
export function tokensOf(answer: { readonly id_token?: string; readonly refresh_token?: string }): Tokens {
  if (answer.id_token) return { idToken: answer.id_token, refreshToken: answer.refresh_token };
  throw new HawserError('bad-answer', 'the identity provider sent no id token', {
    hint: 'the scope openid must be allowed for this client',
  });
}

export function ssoFailure(what: string, thrown: unknown): HawserError {
  if (thrown instanceof HawserError) return thrown;
  const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : '';
  const described =
    typeof thrown === 'object' && thrown !== null && 'error_description' in thrown && thrown.error_description;
  const why = described ? String(described) : `${messageOf(thrown)}${cause}`;
  return new HawserError('not-logged-in', `${what}: ${why}`, {
    hint: 'ask the administrator of the server, or log in with --username',
    reason: { kind: 'sso-failed' },
    cause: thrown,
  });
}

function fetchBy(reach: Reach) {
  return async (
    url: string,
    {
      method,
      headers,
      body,
      signal,
    }: { method: string; headers: Record<string, string>; body?: unknown; signal?: AbortSignal },
  ): Promise<Response> => {
    const { origin, pathname, search } = new URL(url);
    const send = await openHttp(reach(origin));
    const answer = await send({
      method,
      url: `${pathname}${search}`,
      headers,
      stream: false,
      ...(body === undefined || body === null ? {} : { text: String(body) }),
      ...(signal ? { signal } : {}),
    });
    return new Response(String(answer.body ?? ''), { status: answer.status, headers: answer.headers });
  };
}
