// A token of a pipeline in exchange for one of the server (RFC 8693), as Dex grants it: nobody logs in, and nothing is kept.

import { HawserError } from '../../core/errors.ts';
import { type Provider, ssoFailure } from './provider.ts';

export interface Exchange {
  /** The token that says which pipeline asks. */
  readonly subjectToken: string;
  /** The connector of Dex that trusts its issuer. */
  readonly connector: string | undefined;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';

export async function exchangeToken(provider: Provider, { subjectToken, connector }: Exchange): Promise<string> {
  const { genericGrantRequest } = await import('openid-client');
  const parameters = {
    scope: 'openid email profile federated:id',
    requested_token_type: ACCESS_TOKEN,
    subject_token: subjectToken,
    subject_token_type: ID_TOKEN,
    ...(connector === undefined ? {} : { connector_id: connector }),
  };
  const answer = await genericGrantRequest(provider.configuration, GRANT, parameters).catch((thrown: unknown) => {
    const hint = 'the server needs a Dex connector for the issuer of the token';
    throw ssoFailure(`${provider.issuer} did not take the token of the pipeline`, thrown).with({ hint });
  });
  if (answer.access_token) return answer.access_token;
  throw new HawserError('bad-answer', `${provider.issuer} sent no token`);
}
