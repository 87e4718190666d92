// What the verbs for policies of signed commits have in common.

import { HawserError } from '../../../../core/errors.ts';
import type { IntegrityPolicy, Project, ProjectSpec } from '../../../../model/project.ts';
import { SIGNATURE_MODES } from '../../../../model/project.ts';
import { integrityTable } from '../../../../render/integrity-policies.ts';
import type { Context } from '../../../context.ts';
import { readId } from '../shared/refusals.ts';

export const policiesIn = ({ sourceIntegrity }: ProjectSpec): readonly IntegrityPolicy[] =>
  sourceIntegrity?.git?.policies ?? [];

/** Without a policy nothing is left of source integrity. */
export function withPolicies(spec: ProjectSpec, policies: readonly IntegrityPolicy[]): ProjectSpec {
  const { sourceIntegrity: _before, ...rest } = spec;
  return policies.length > 0 ? { ...spec, sourceIntegrity: { git: { policies } } } : rest;
}

/** These commands are the ones of the reference that return their errors. */
const returned = (error: HawserError, message = error.message): HawserError =>
  error.with({ reason: { kind: 'returned-error', message } });

/** Throws `usage` for a mode that there is none of. */
export function checkMode(mode: string): void {
  if (SIGNATURE_MODES.some((known) => known === mode)) return;
  const message = `gpg-mode must be one of: ${SIGNATURE_MODES.join(', ')}`;
  throw returned(new HawserError('usage', message, { hint: `'${mode}' is none of them` }));
}

/** The place of a policy; throws `not-found`. */
export function policyAt(text: string, { metadata, spec }: Pick<Project, 'metadata' | 'spec'>): number {
  const id = readId(text, 'policy');
  const last = policiesIn(spec).length - 1;
  if (last < 0) throw noPolicies(metadata.name);
  if (id >= 0 && id <= last) return id;
  throw returned(
    new HawserError('not-found', `the POLICY_ID ${id} is out of range (0-${last})`, {
      hint: `hawser proj source-integrity git policies list ${metadata.name}`,
    }),
  );
}

export const noPolicies = (project: string): HawserError =>
  returned(
    new HawserError('not-found', `no source integrity git policies defined for project "${project}"`, {
      hint: `hawser proj source-integrity git policies add ${project} --repo-url URL --gpg-mode head --gpg-key ID`,
    }),
  );

/** What the server refuses, with what was tried before it. */
export async function trying<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof HawserError)) throw thrown;
    const { GRPC_NAMES } = await import('../../../../api/status.ts');
    const grpc = thrown.details?.['grpc'];
    const code = typeof grpc === 'number' ? `rpc error: code = ${GRPC_NAMES[grpc] ?? 'Unknown'} desc = ` : '';
    throw returned(thrown, `${what}: ${code}${thrown.message}`);
  }
}

export async function writePolicies(policies: readonly IntegrityPolicy[], context: Context): Promise<void> {
  const { style, table } = await context.view();
  context.io.out.write(table(integrityTable(policies), style));
}
