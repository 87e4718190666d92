// Whether the commits that an application is rendered from are signed as its project demands.

import { signatureRule } from '../engine/project/integrity.ts';
import type { Project } from '../model/project.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { ControllerPorts } from './ports.ts';
import type { CompareRequest } from './rendering.ts';

export interface Integrity {
  readonly isDemanded: boolean;
  /** Empty where everything is proved, or nothing has to be. */
  readonly problems: readonly string[];
}

interface Subject {
  readonly project: Project;
  readonly sources: readonly ApplicationSource[];
  readonly revisions: readonly string[];
}

/** Throws where it cannot be found out. */
export async function checkIntegrity(
  { renderer }: Pick<ControllerPorts, 'renderer'>,
  { project, sources, revisions }: Subject,
  { manifests }: CompareRequest,
): Promise<Integrity> {
  const demands = sources.flatMap((source, index) => {
    const rule = signatureRule(project, source);
    return rule ? [{ source, rule, revision: revisions[index] ?? '' }] : [];
  });
  if (demands.length === 0) return { isDemanded: false, problems: [] };
  if (manifests) return { isDemanded: true, problems: [UNSIGNED_MANIFESTS] };
  const found = await Promise.all(
    demands.map(({ source, rule, revision }) =>
      renderer.signatureProblems(source, { revision, project: project.metadata.name, rule }),
    ),
  );
  return { isDemanded: true, problems: found.flat() };
}

const UNSIGNED_MANIFESTS = 'local manifests cannot be synced: the project demands signed commits';
