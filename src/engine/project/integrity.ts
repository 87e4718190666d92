// Which proof a project demands before commits of a Git repository are believed.

import { HawserError } from '../../core/errors.ts';
import { matchesGlob } from '../../core/glob.ts';
import { normalRepository, withoutLogins } from '../../core/url.ts';
import type { IntegrityPolicy, Project } from '../../model/project.ts';
import type { ApplicationSource } from '../../model/source.ts';

/** Commits must be signed by one of these keys: the newest one, or with all that came before it. */
export interface SignatureRule {
  readonly mode: 'head' | 'strict';
  readonly keys: readonly string[];
}

/** Throws `invalid` where several policies are about the same repository. */
export function signatureRule(project: Project, source: ApplicationSource): SignatureRule | undefined {
  const { repoURL, chart } = source;
  if (chart || repoURL.startsWith('oci://')) return undefined;
  const policies = policiesOf(project).filter(({ repos = [] }) => isAbout(repos, repoURL));
  if (policies.length > 1)
    throw new HawserError(
      'invalid',
      `several source integrity policies of project '${project.metadata.name}' are about '${withoutLogins(repoURL)}'`,
      { hint: 'hawser proj source-integrity git policies list PROJECT shows them' },
    );
  const [policy] = policies;
  if (!policy || policy.gpg.mode === 'none') return undefined;
  const { mode, keys = [] } = policy.gpg;
  // What is no known mode demands the most.
  return { mode: mode === 'head' ? 'head' : 'strict', keys };
}

/** The keys of before are one policy, unless there are policies. */
function policiesOf({ spec }: Project): readonly IntegrityPolicy[] {
  const policies = spec.sourceIntegrity?.git?.policies ?? [];
  if (policies.length > 0) return policies;
  const keys = (spec.signatureKeys ?? []).map(({ keyID }) => keyID);
  return keys.length === 0 ? [] : [{ repos: [{ url: '*' }], gpg: { mode: 'head', keys } }];
}

/** A star of what is meant goes over slashes, one of an exception does not: in doubt a signature is demanded. */
function isAbout(repos: NonNullable<IntegrityPolicy['repos']>, repoURL: string): boolean {
  const url = normalRepository(repoURL);
  const patterns = repos.map(({ url: pattern = '' }) => pattern);
  const isException = patterns.some(
    (pattern) => pattern.startsWith('!') && matchesGlob(normalRepository(pattern.slice(1)), url, '/'),
  );
  if (isException) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesGlob(normalRepository(pattern), url));
}
