// Global projects: projects that the settings name, whose rules hold for all projects with some labels as well.

import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type Json, textAt, toJson } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import type { Project, ProjectSpec } from '../../model/project.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';

/** The names of the projects whose rules hold for a project too, by the setting `globalProjects`; throws `invalid`. */
export function globalProjectNames(setting: string, { metadata }: Pick<Project, 'metadata'>): readonly string[] {
  return entriesOf(setting)
    .filter(({ selector }) => matchesLabels(selectorRequirements(selector), metadata.labels ?? {}))
    .map(({ name }) => name)
    .filter((name) => name !== '' && name !== metadata.name);
}

interface GlobalEntry {
  readonly name: string;
  readonly selector: Json | undefined;
}

function entriesOf(setting: string): readonly GlobalEntry[] {
  if (setting.trim() === '') return [];
  const entries = toJson(parseYaml(setting, 'argocd-cm: globalProjects'));
  if (!isList(entries)) {
    throw new HawserError('invalid', 'argocd-cm: globalProjects must be a list', {
      hint: 'fix the setting in the ConfigMap argocd-cm',
    });
  }
  return entries
    .filter(isObject)
    .map((entry) => ({ name: textAt(entry, 'projectName'), selector: entry['labelSelector'] }));
}

/** The lists that are joined; roles, signatures, source namespaces and orphaned resources stay a project's own. */
const SHARED = [
  'clusterResourceWhitelist',
  'clusterResourceBlacklist',
  'namespaceResourceWhitelist',
  'namespaceResourceBlacklist',
  'syncWindows',
  'sourceRepos',
  'destinations',
  'destinationServiceAccounts',
] as const satisfies readonly (keyof ProjectSpec)[];

/** The project as it is enforced. */
export function withGlobalProjects(project: Project, globals: readonly Project[]): Project {
  if (globals.length === 0) return project;
  const joined = SHARED.flatMap((field) => {
    const lists = [project, ...globals].map(({ spec }) => spec[field]);
    return lists.some((list) => list) ? [[field, lists.flatMap<unknown>((list) => list ?? [])] as const] : [];
  });
  return { ...project, spec: { ...project.spec, ...Object.fromEntries(joined) } };
}
