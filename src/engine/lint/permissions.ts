// Applications held against the projects that stand in the same files.

import { textAt } from '../../core/json.ts';
import { fits } from '../../core/shape.ts';
import { withoutLogins } from '../../core/url.ts';
import { type Application, sourcesOf } from '../../model/application.ts';
import type { Fault, Finding, LintedDocument } from '../../model/lint.ts';
import { type Project, project } from '../../model/project.ts';
import { permitsDestination, permitsNamespace, permitsSource } from '../project.ts';

/** What is there without anybody writing it. */
const BUILT_IN = 'default';

export function projectsOf(documents: readonly LintedDocument[]): ReadonlyMap<string, Project> {
  return new Map(
    documents.flatMap(({ kind, document }) =>
      kind === 'AppProject' && fits(project, document) ? [[document.metadata.name, document] as const] : [],
    ),
  );
}

export function projectFindings(documents: readonly LintedDocument[]): Finding[] {
  const projects = projectsOf(documents);
  const names = documents
    .filter(({ kind }) => kind === 'AppProject')
    .map(({ document }) => textAt(document, 'metadata', 'name'));
  // Files that hold no project say nothing about those of the server.
  if (names.length === 0) return [];
  return documents.flatMap((linted) => {
    const { application } = linted;
    if (!application) return [];
    const name = application.spec.project;
    const permitting = projects.get(name);
    if (permitting) return permissionFaults(application, permitting).map(linted.finding);
    if (name === BUILT_IN || names.includes(name)) return [];
    const hint = `projects here: ${names.join(', ')}`;
    const path = ['spec', 'project'];
    return [
      linted.finding({ rule: 'unknown-project', path, message: `there is no project '${name}' in these files`, hint }),
    ];
  });
}

function permissionFaults({ metadata, spec }: Application, permitting: Project): Fault[] {
  const name = permitting.metadata.name;
  const { namespace } = metadata;
  const isMultiple = (spec.sources ?? []).length > 0;
  const faults = sourcesOf(spec).flatMap(({ repoURL }, index): Fault[] => {
    if (permitsSource(permitting, repoURL)) return [];
    const path = ['spec', ...(isMultiple ? ['sources', index] : ['source']), 'repoURL'];
    const hint = `add it to spec.sourceRepos of the project`;
    return [
      {
        rule: 'project-source',
        path,
        message: `project '${name}' does not permit the repository ${withoutLogins(repoURL)}`,
        hint,
      },
    ];
  });
  if (!permitsDestination(permitting, spec.destination)) faults.push(destinationFault(spec.destination, name));
  const own = permitting.metadata.namespace ?? 'argocd';
  if (namespace !== undefined && namespace !== own && !permitsNamespace(permitting, namespace))
    faults.push({
      rule: 'project-namespace',
      path: ['metadata', 'namespace'],
      message: `project '${name}' does not permit applications in namespace '${namespace}'`,
      hint: 'add it to spec.sourceNamespaces of the project',
    });
  return faults;
}

function destinationFault({ server, name, namespace }: Application['spec']['destination'], project: string): Fault {
  return {
    rule: 'project-destination',
    path: ['spec', 'destination'],
    message: `project '${project}' does not permit the destination ${server || name || '?'}, namespace '${namespace ?? ''}'`,
    hint: 'add it to spec.destinations of the project',
  };
}
