// An identity provider that lets everybody in: discovery, authorization codes with PKCE, device codes, refresh tokens.

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface OidcProvider {
  readonly issuer: string;
  /** Bodies of the requests for tokens. */
  readonly asked: URLSearchParams[];
  /** Queries of the login page. */
  readonly visits: URLSearchParams[];
  /** An id token that has ended so many seconds ago. */
  expired(seconds: number): Promise<string>;
  close(): Promise<void>;
}

export interface ProviderTraits {
  /** What the login page answers in place of a code. */
  readonly refuses?: string;
  readonly withoutDevice?: boolean;
  readonly withoutCode?: boolean;
}

export async function startOidcProvider(traits: ProviderTraits = {}): Promise<OidcProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const challenges = new Map<string, string>();
  const asked: URLSearchParams[] = [];
  const visits: URLSearchParams[] = [];
  let issuer = '';
  let polls = 0;

  const token = (ends: number): Promise<string> =>
    new SignJWT({ email: 'ada@example.com' })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience('hawser-cli')
      .setSubject('ada')
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + ends)
      .sign(privateKey);

  const metadata = (): unknown => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: [traits.withoutCode ? 'id_token' : 'code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    ...(traits.withoutDevice ? {} : { device_authorization_endpoint: `${issuer}/device` }),
  });

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    visits.push(query);
    const code = randomUUID();
    challenges.set(code, query.get('code_challenge') ?? '');
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('state', query.get('state') ?? '');
    if (traits.refuses) back.searchParams.set('error', traits.refuses);
    else back.searchParams.set('code', code);
    response.writeHead(302, { location: back.href }).end();
  }

  async function grant(body: URLSearchParams): Promise<[number, unknown]> {
    asked.push(body);
    const whole = { access_token: 'access', token_type: 'bearer', id_token: await token(3600) };
    const kind = body.get('grant_type');
    if (kind?.endsWith(':token-exchange')) {
      return body.get('subject_token') === 'token-of-the-job'
        ? [200, { access_token: await token(3600), token_type: 'bearer' }]
        : [400, { error: 'access_denied', error_description: 'who is that' }];
    }
    if (kind === 'refresh_token') {
      return body.get('refresh_token') === 'refresh-1'
        ? [200, { ...whole, refresh_token: 'refresh-2' }]
        : [400, { error: 'invalid_grant', error_description: 'the session has ended' }];
    }
    if (kind === 'authorization_code') {
      const verifier = createHash('sha256')
        .update(body.get('code_verifier') ?? '')
        .digest('base64url');
      const isProven = challenges.get(body.get('code') ?? '') === verifier;
      return isProven ? [200, { ...whole, refresh_token: 'refresh-1' }] : [400, { error: 'invalid_grant' }];
    }
    polls += 1;
    return polls > 1 ? [200, { ...whole, refresh_token: 'refresh-1' }] : [400, { error: 'authorization_pending' }];
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://provider');
    const reply = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (pathname.startsWith('/.well-known/')) reply(200, metadata());
    else if (pathname === '/keys') reply(200, { keys: [jwk] });
    else if (pathname === '/authorize') authorize(searchParams, response);
    else if (pathname === '/device') {
      reply(200, {
        device_code: 'd',
        user_code: 'WDJB-MJHT',
        verification_uri: `${issuer}/enter`,
        expires_in: 60,
        interval: 0.1,
      });
    } else reply(...(await grant(new URLSearchParams(await read(request)))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    issuer,
    asked,
    visits,
    expired: (seconds) => token(-seconds),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
