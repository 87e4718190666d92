// What applications render to, held against their projects and against each other.

import { type ErrorCode, HawserError, messageOf } from '../../core/errors.ts';
import { type JsonObject, textAt } from '../../core/json.ts';
import type { Application } from '../../model/application.ts';
import type { Fault, Finding, LintedDocument } from '../../model/lint.ts';
import { annotatedList } from '../../model/manifest.ts';
import type { Project } from '../../model/project.ts';
import { permitsKind } from '../project.ts';
import { projectsOf } from './permissions.ts';
import { syncOptionProblem } from './sync-options.ts';

interface PlacedObject {
  readonly object: JsonObject;
  readonly namespace: string;
}

/** An Application with what its sources render to, or why they do not. */
export interface LintedRendering {
  readonly linted: LintedDocument;
  readonly objects?: readonly PlacedObject[];
  readonly failure?: unknown;
}

/** `documents` are all that were read: the projects among them count. */
export function lintRenderings(
  renderings: readonly LintedRendering[],
  documents: readonly LintedDocument[],
): Finding[] {
  const projects = projectsOf(documents);
  const findings = renderings.flatMap(({ linted, objects, failure }) => {
    if (failure !== undefined) return [linted.finding(failureFault(linted, failure))];
    if (!objects || !linted.application) return [];
    return objectFaults(linted.application, objects, projects).map(linted.finding);
  });
  return [...findings, ...sharedResources(renderings)];
}

/** The repository is away, or nothing here can render it: no fault of the file. */
const BEYOND: readonly ErrorCode[] = ['unreachable', 'not-implemented'];

const sourcePath = (app: Application | undefined): Fault['path'] => [
  'spec',
  (app?.spec.sources ?? []).length > 0 ? 'sources' : 'source',
];

function failureFault(linted: LintedDocument, failure: unknown): Fault {
  const path = sourcePath(linted.application);
  const message = messageOf(failure);
  const isAway = failure instanceof HawserError && BEYOND.includes(failure.code);
  if (isAway) return { rule: 'not-rendered', path, message: `not rendered: ${message}` };
  return {
    rule: 'render-failed',
    path,
    message: `cannot be rendered: ${message}`,
    hint: failure instanceof HawserError ? failure.hint : undefined,
  };
}

function objectFaults(
  app: Application,
  objects: readonly PlacedObject[],
  projects: ReadonlyMap<string, Project>,
): Fault[] {
  const path = sourcePath(app);
  if (objects.length === 0) return [{ rule: 'render-empty', path, message: 'the sources render to no object at all' }];
  const permitting = projects.get(app.spec.project);
  return objects.flatMap(({ object, namespace }) => {
    const { kind, group, name, title } = identityOf(object);
    const faults: Fault[] = [];
    if (name === '' && textAt(object, 'metadata', 'generateName') === '')
      faults.push({ rule: 'render-nameless', path, message: `a rendered ${kind} has no metadata.name` });
    if (permitting && !permitsKind(permitting, { group, kind, name, namespaced: namespace !== '' }))
      faults.push({
        rule: 'project-kind',
        path: ['spec', 'project'],
        message: `project '${app.spec.project}' does not permit ${title}`,
        hint: `add it to spec.${namespace === '' ? 'clusterResourceWhitelist' : 'namespaceResourceWhitelist'} of the project`,
      });
    for (const option of annotatedList(object, 'argocd.argoproj.io/sync-options')) {
      const problem = syncOptionProblem(option);
      if (problem)
        faults.push({ rule: 'unknown-sync-option', path, ...problem, message: `${title}: ${problem.message}` });
    }
    return faults;
  });
}

function sharedResources(renderings: readonly LintedRendering[]): Finding[] {
  const owners = new Map<string, LintedDocument>();
  return renderings.flatMap(({ linted, objects = [] }) => {
    const cluster = clusterOf(linted.application);
    const findings = new Map<string, Finding>();
    for (const { object, namespace } of objects) {
      const { group, kind, name, title } = identityOf(object);
      const key = [cluster, group, kind, namespace, name].join(' ');
      const owner = owners.get(key);
      if (!owner) owners.set(key, linted);
      else if (owner !== linted && name !== '') {
        const message = `${title} is also deployed by ${textAt(owner.document, 'metadata', 'name')} (${owner.file})`;
        findings.set(
          key,
          linted.finding({ rule: 'duplicate-resource', path: sourcePath(linted.application), message }),
        );
      }
    }
    return [...findings.values()];
  });
}

/** The cluster that Argo CD runs in has two names. */
function clusterOf(app: Application | undefined): string {
  const { server, name } = app?.spec.destination ?? {};
  return server === 'https://kubernetes.default.svc' ? 'in-cluster' : server || name || '';
}

function identityOf(object: JsonObject): { group: string; kind: string; name: string; title: string } {
  const version = textAt(object, 'apiVersion');
  const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
  const [kind, name] = [textAt(object, 'kind'), textAt(object, 'metadata', 'name')];
  return { group, kind, name, title: `${[group, kind].filter((part) => part !== '').join('/')} ${name}`.trim() };
}
