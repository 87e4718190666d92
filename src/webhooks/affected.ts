// Which applications an event touches, and why or why not.

import { matchesGlob } from '../core/glob.ts';
import { isObject, type JsonObject, textAt } from '../core/json.ts';
import { isConstraint, maxSatisfying } from '../core/version.ts';
import { type Application, sourcesOf } from '../model/application.ts';
import type { PushEvent, RegistryEvent, WebhookEvent } from './event.ts';
import { isSameRepository } from './repository-address.ts';

/** An application is refreshed, or why it is not. */
export interface Verdict {
  readonly refreshes: boolean;
  readonly hydrates: boolean;
  readonly why: string;
}

const PATHS_ANNOTATION = 'argocd.argoproj.io/manifest-generate-paths';

/** A place in a repository that an application depends on. */
interface Tracked {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path: string;
  /** From the root of the repository; undefined where every file counts. */
  readonly paths: readonly string[] | undefined;
  readonly hydrates: boolean;
}

/** The best verdict of all sources: one that refreshes, else the one that came closest. */
export function verdictOf(app: Application, event: WebhookEvent): Verdict {
  if (event.kind === 'ignored') return refused('the event touches no application');
  const verdicts = trackedOf(app).map((tracked) =>
    event.kind === 'registry' ? registryVerdict(tracked, event) : pushVerdict(tracked, event),
  );
  return (
    verdicts.find(({ verdict }) => verdict.refreshes)?.verdict ??
    verdicts.toSorted((a, b) => b.nearness - a.nearness)[0]?.verdict ??
    refused('it has no source')
  );
}

interface Judged {
  readonly verdict: Verdict;
  /** How many of repository, revision and path fit. */
  readonly nearness: number;
}

const refused = (why: string): Verdict => ({ refreshes: false, hydrates: false, why });

function trackedOf({ metadata, spec }: Application): Tracked[] {
  const annotation = metadata.annotations?.[PATHS_ANNOTATION];
  if (isObject(spec.sourceHydrator)) return hydratorSources(spec.sourceHydrator, annotation);
  return sourcesOf(spec).map(({ repoURL, targetRevision = '', path = '' }) => ({
    repoURL,
    targetRevision,
    path,
    paths: pathsOf(annotation, path),
    hydrates: false,
  }));
}

/** The branch that is written, which always counts by its path, and the one that it is made from. */
function hydratorSources(hydrator: JsonObject, annotation: string | undefined): Tracked[] {
  const textOf = (...path: string[]): string => textAt(hydrator, ...path);
  const dry = { repoURL: textOf('drySource', 'repoURL'), path: textOf('drySource', 'path') };
  const path = textOf('syncSource', 'path');
  const repoURL = textOf('syncSource', 'repoURL') || dry.repoURL;
  const [targetRevision, dryRevision] = [textOf('syncSource', 'targetBranch'), textOf('drySource', 'targetRevision')];
  return [
    { repoURL, path, targetRevision, paths: pathsOf(annotation, path) ?? [normal(path)], hydrates: false },
    { ...dry, targetRevision: dryRevision, paths: pathsOf(annotation, dry.path), hydrates: true },
  ];
}

/** Paths of the annotation are relative to the source, but for those that begin with a slash. */
function pathsOf(annotation: string | undefined, sourcePath: string): readonly string[] | undefined {
  const paths = (annotation ?? '').split(';').filter((path) => path !== '');
  if (paths.length === 0) return undefined;
  return paths.map((path) => normal(path.startsWith('/') ? path : `${sourcePath}/${path}`));
}

/** Without '.', '..' and slashes at either end. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function pushVerdict(tracked: Tracked, event: PushEvent): Judged {
  const { repoURL, targetRevision, paths, hydrates } = tracked;
  if (!event.repositories.some((url) => isSameRepository(url, repoURL)))
    return { nearness: 0, verdict: refused(`its source is another repository, ${repoURL}`) };
  if (!isRevisionTouched(targetRevision, event))
    return {
      nearness: 1,
      verdict: refused(`its source follows '${targetRevision || 'HEAD'}', not '${event.revision}'`),
    };
  const { files } = event;
  if (paths && files && files.length > 0 && !files.some((file) => isBelow(file, paths)))
    return {
      nearness: 2,
      verdict: refused(`no file below ${paths.map((path) => path || '/').join(', ')} was changed`),
    };
  return {
    nearness: 3,
    verdict: { refreshes: true, hydrates, why: `its source follows '${targetRevision || 'HEAD'}'` },
  };
}

/** Branches and tags of one name are not told apart. */
export function isRevisionTouched(
  targetRevision: string,
  { revision, touchesHead }: Pick<PushEvent, 'revision' | 'touchesHead'>,
): boolean {
  if (targetRevision === '' || targetRevision === 'HEAD') return touchesHead;
  const target = targetRevision.replace(/^refs\/(heads|tags)\//, '');
  if (target === revision) return true;
  return isConstraint(target) && maxSatisfying([revision], target) !== undefined;
}

function isBelow(file: string, paths: readonly string[]): boolean {
  return paths.some(
    (path) =>
      path === '' ||
      file === path ||
      file.startsWith(`${path}/`) ||
      // Most are plain folders, and each glob is compiled.
      (/[*?[{\\]/.test(path) && matchesGlob(path, file, '/')),
  );
}

function registryVerdict({ repoURL, targetRevision }: Tracked, { registry, repository, tag }: RegistryEvent): Judged {
  const address = `oci://${registry}/${repository}`.toLowerCase();
  if (repoURL.toLowerCase() !== address)
    return { nearness: 0, verdict: refused(`its source is another repository, ${repoURL}`) };
  const fits = targetRevision === tag || (isConstraint(targetRevision) && maxSatisfying([tag], targetRevision) === tag);
  if (!fits) return { nearness: 1, verdict: refused(`its source follows '${targetRevision}', not '${tag}'`) };
  return { nearness: 3, verdict: { refreshes: true, hydrates: false, why: `its source follows '${targetRevision}'` } };
}

/** What all events of a delivery together mean for an application. */
export function verdictOfAll(app: Application, events: readonly WebhookEvent[]): Verdict {
  const verdicts = events.map((event) => verdictOf(app, event));
  return verdicts.find(({ refreshes }) => refreshes) ?? verdicts[0] ?? refused('the delivery names no branch or tag');
}
