import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type { SavedUser } from '../../../config/config.ts';
import { type Flag, type OptionsOf, ofGroup } from '../../../input/flags.ts';

/** The login of a pipeline by its own token. */
export const OIDC_FLAGS = ofGroup('Pipelines', [
  {
    name: 'oidc',
    type: 'string',
    choices: ['github', 'gitlab', 'token-file'],
    value: 'source',
    own: true,
    summary: 'log in with the OIDC token of this job: github, gitlab or token-file; no secret is saved',
  },
  {
    name: 'oidc-connector',
    type: 'string',
    value: 'id',
    own: true,
    summary: 'connector of Dex that takes the token (default: github-actions, gitlab-ci)',
  },
  { name: 'oidc-audience', type: 'string', value: 'name', own: true, summary: 'audience to ask GitHub for' },
  { name: 'oidc-token-file', type: 'string', value: 'file', own: true, summary: 'file of --oidc token-file' },
] as const satisfies readonly Flag[]);

type OidcOptions = OptionsOf<typeof OIDC_FLAGS>;

/** What is saved of it: where the next command finds a token. */
export const oidcLogin = (options: OidcOptions): NonNullable<SavedUser['hawser-oidc']> => ({
  source: options.oidc ?? '',
  ...omitUndefined({
    connector: options.oidcConnector,
    audience: options.oidcAudience,
    file: options.oidcTokenFile,
  }),
});
