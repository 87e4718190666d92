import { type Provider, ssoFailure, type Tokens, tokensOf } from './provider.ts';

/** New tokens for a refresh token; where the provider does not change that, it stays. */
export async function refreshTokens({ configuration }: Provider, refreshToken: string): Promise<Tokens> {
  const { refreshTokenGrant } = await import('openid-client');
  const answer = await refreshTokenGrant(configuration, refreshToken).catch((thrown: unknown) => {
    throw ssoFailure('the login cannot be renewed', thrown);
  });
  const { idToken, refreshToken: changed = refreshToken } = tokensOf(answer);
  return { idToken, refreshToken: changed };
}
