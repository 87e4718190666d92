// What a project permits.

import { repetitionsOf } from '../core/expression-cost.ts';
import { matchesGlob } from '../core/glob.ts';
import { normalRepository, withoutLogins } from '../core/url.ts';
import type { ApplicationDestination, ApplicationSpec } from '../model/application.ts';
import { sourcesOf } from '../model/application.ts';
import type { KindPattern, Project } from '../model/project.ts';
import type { ObjectKey } from '../objects/object.ts';

export function permitsSource(project: Project, repoURL: string): boolean {
  const fits = (pattern: string): boolean =>
    pattern === '*' || matchesGlob(normalRepository(pattern), normalRepository(repoURL), '/');
  const patterns = project.spec.sourceRepos ?? [];
  const denied = patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)));
  return !denied && patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern));
}

export function permitsDestination(project: Project, destination: ApplicationDestination): boolean {
  const { server = '', name = '', namespace = '' } = destination;
  const glob = (pattern: string | undefined, value: string): boolean => matchesGlob(pattern ?? '', value);
  let permitted = false;
  for (const entry of project.spec.destinations ?? []) {
    const deniesServer = entry.server?.startsWith('!') && glob(entry.server.slice(1), server);
    const deniesName = entry.name?.startsWith('!') && glob(entry.name.slice(1), name);
    const deniesNamespace = entry.namespace?.startsWith('!') && glob(entry.namespace.slice(1), namespace);
    const inServer = glob(entry.server, server) || (name !== '' && entry.name !== undefined && glob(entry.name, name));
    const inNamespace = glob(entry.namespace, namespace);
    if (deniesName || (deniesServer && inNamespace) || (deniesNamespace && inServer)) return false;
    if (inServer && inNamespace) permitted = true;
  }
  return permitted;
}

/** Whether Applications of a namespace beside the control plane's may be in a project; `/…/` is a regular expression. */
export function permitsNamespace({ spec }: Project, namespace: string): boolean {
  return (spec.sourceNamespaces ?? []).some((pattern) => {
    const [, expression] = /^\/(.*)\/$/s.exec(pattern) ?? [];
    return expression === undefined ? matchesGlob(pattern, namespace) : fitsExpression(expression, namespace);
  });
}

/** A name of a namespace is short: each repetition goes over some 60 characters. */
const MAX_REPETITIONS = 3;

/** One that cannot be read, or could be tried for ever, permits nothing. */
function fitsExpression(expression: string, text: string): boolean {
  if ((repetitionsOf(expression) ?? Number.POSITIVE_INFINITY) > MAX_REPETITIONS || text.length > 253) return false;
  try {
    return new RegExp(expression).test(text);
  } catch {
    return false;
  }
}

export interface KindInQuestion {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespaced: boolean;
}

export function permitsKind(project: Project, subject: KindInQuestion): boolean {
  const hit = (patterns: readonly KindPattern[] | undefined): boolean =>
    (patterns ?? []).some(
      (pattern) =>
        matchesGlob(pattern.group, subject.group) &&
        matchesGlob(pattern.kind, subject.kind) &&
        (!pattern.name || matchesGlob(pattern.name, subject.name)),
    );
  const { spec } = project;
  if (!subject.namespaced) return hit(spec.clusterResourceWhitelist) && !hit(spec.clusterResourceBlacklist);
  const allowed = !spec.namespaceResourceWhitelist || hit(spec.namespaceResourceWhitelist);
  return allowed && !hit(spec.namespaceResourceBlacklist);
}

export interface ResourceInQuestion {
  readonly key: ObjectKey;
  readonly namespaced: boolean;
  /** Undefined where its address is not known: then no namespace is refused. */
  readonly destination: ApplicationDestination | undefined;
}

/** Why a resource may not be deployed, as the reference words it. */
export function resourceProblem(
  project: Project,
  { key, namespaced, destination }: ResourceInQuestion,
): string | undefined {
  const { group, kind, namespace } = key;
  const { name: of } = project.metadata;
  if (!permitsKind(project, { ...key, namespaced }))
    return `resource ${group}:${kind} is not permitted in project ${of}`;
  const isElsewhere = namespaced && destination && !permitsDestination(project, { ...destination, namespace });
  return isElsewhere ? `namespace ${namespace} is not permitted in project '${of}'` : undefined;
}

/** What is wrong with a specification by itself and by its project, as the reference words it; empty when nothing is. */
export function specProblems(
  spec: ApplicationSpec,
  project: Project | undefined,
  /** The one project that the cluster of the destination is for, where there is one. */
  clusterProject?: string,
): string[] {
  const name = spec.project || 'default';
  const problems: string[] = [];
  for (const source of sourcesOf(spec)) {
    const inMultiple = (spec.sources?.length ?? 0) > 0;
    if (!source.repoURL || (!source.path && !source.chart && !(inMultiple && source.ref))) {
      problems.push('spec.source.repoURL and either spec.source.path or spec.source.chart are required');
    } else if (source.chart && !source.targetRevision) {
      problems.push('spec.source.targetRevision is required if the manifest source is a helm chart');
    }
  }
  if (sourcesOf(spec).length === 0) {
    problems.push('spec.source.repoURL and either spec.source.path or spec.source.chart are required');
  }
  if (!project) return [...problems, `Application referencing project ${name} which does not exist`];
  for (const { repoURL } of sourcesOf(spec)) {
    if (repoURL && !permitsSource(project, repoURL)) {
      problems.push(`application repo ${withoutLogins(repoURL)} is not permitted in project '${name}'`);
    }
  }
  const { destination } = spec;
  const isForeign = project.spec.permitOnlyProjectScopedClusters === true && clusterProject !== name;
  if (isForeign || !permitsDestination(project, destination)) {
    problems.push(
      `application destination server '${destination.server ?? ''}' and namespace '${destination.namespace ?? ''}' do not match any of the allowed destinations in project '${name}'`,
    );
  }
  return problems;
}
