// The Applications that lie in a repository, wherever they lie.

import { messageOf } from '../../core/errors.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { fits } from '../../core/shape.ts';
import { parseYamlDocuments } from '../../core/yaml.ts';
import { type Application, application, qualifiedName } from '../../model/application.ts';
import type { CommitFiles } from './offline.ts';

export interface ApplicationInFile {
  readonly path: string;
  readonly app: Application;
  /** As it stands there. */
  readonly document: JsonObject;
}

export interface Discovery {
  readonly applications: readonly ApplicationInFile[];
  /** What looks like an Application and cannot be read. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  /** They are not expanded. */
  readonly applicationSets: readonly string[];
}

const MANIFEST = /\.(ya?ml|json)$/;
const MENTIONS = /\bkind["']?\s*:\s*["']?Application(Set|List)?\b/;

/** The Applications in the files below the folders; in all files without any. Templates of charts are no files of their own. */
export async function discoverApplications(files: CommitFiles, folders: readonly string[]): Promise<Discovery> {
  const paths = manifestPaths(files.paths).filter((path) => isBelow(path, folders));
  const applications: ApplicationInFile[] = [];
  const problems: { path: string; message: string }[] = [];
  const applicationSets: string[] = [];
  for (const [path, text] of await files.read(paths)) {
    if (!text.includes('argoproj.io') || !MENTIONS.test(text)) continue;
    try {
      for (const document of parseYamlDocuments(text, path).flatMap(objectsOf)) {
        if (isOfKind(document, 'ApplicationSet')) applicationSets.push(textAt(document, 'metadata', 'name'));
        if (isOfKind(document, 'Application')) applications.push({ path, app: readApplication(document), document });
      }
    } catch (thrown) {
      const message = messageOf(thrown);
      problems.push({ path, message: message.startsWith(path) ? message : `${path}: ${message}` });
    }
  }
  return { applications, problems, applicationSets };
}

/** YAML and JSON files, without the templates of charts. */
export function manifestPaths(paths: readonly string[]): readonly string[] {
  const charts = new Set(
    paths.flatMap((path) => /^(.*\/)?Chart\.yaml$/.exec(path)?.slice(1) ?? []).map((folder) => folder ?? ''),
  );
  return paths.filter((path) => MANIFEST.test(path) && !isTemplate(path, charts));
}

function isTemplate(path: string, charts: ReadonlySet<string>): boolean {
  for (let at = path.indexOf('templates/'); at >= 0; at = path.indexOf('templates/', at + 1))
    if (charts.has(path.slice(0, at))) return true;
  return false;
}

export const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.length === 0 || folders.some((folder) => folder === '' || path === folder || path.startsWith(`${folder}/`));

export const isOfKind = (document: JsonObject, kind: string): boolean =>
  document['kind'] === kind && textAt(document, 'apiVersion').startsWith('argoproj.io/');

/** A list of objects is taken apart. */
function objectsOf(document: unknown): readonly JsonObject[] {
  if (!isObject(document)) return [];
  const isList = textAt(document, 'kind').endsWith('List') && Array.isArray(document['items']);
  return isList ? listAt(document, 'items').flatMap(objectsOf) : [document];
}

/** Throws what is wrong with it. */
export function readApplication(document: JsonObject): Application {
  const spec = objectAt(document, 'spec');
  const filled = { ...document, spec: { destination: {}, ...spec, project: spec['project'] ?? 'default' } };
  if (fits(application, filled)) return { metadata: filled.metadata, spec: filled.spec };
  const name = textAt(document, 'metadata', 'name');
  throw new Error(`application '${name}': ${application.problem(filled, '') ?? 'unexpected shape'}`);
}

/** 'argocd/web': the namespace of the control plane where none is written. */
export const applicationKey = (app: Application): string =>
  qualifiedName({ ...app, metadata: { ...app.metadata, namespace: app.metadata.namespace ?? 'argocd' } });
