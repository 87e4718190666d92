// Plain YAML and JSON: read from the commit, without a checkout.

import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { matchesGlob } from '../../core/glob.ts';
import { parseJson } from '../../core/json.ts';
import { parseYamlDocuments } from '../../core/yaml.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { DirectoryOptions } from '../../model/source.ts';
import { pathsBelow, realPath, type Tree } from '../git/tree.ts';
import { manifestsOf, parseManifests } from './manifests.ts';
import { decodeText } from './text.ts';

/** Of all files of one application together. */
const SIZE_LIMIT = 10 * 1024 * 1024;
const SKIP_MARKER = '+argocd:skip-file-rendering';

export interface DirectoryFiles {
  readonly manifests: readonly Manifest[];
  /** Jsonnet files, which need a tool; from the root of the repository. */
  readonly jsonnet: readonly string[];
}

/** The manifests below a folder ('' for the root) of a commit, in the order of their files. */
export async function readDirectory(tree: Tree, folder: string, options: DirectoryOptions): Promise<DirectoryFiles> {
  const files = filesOf(tree, folder, options);
  const plain = files.filter((path) => !path.endsWith('.jsonnet'));
  const sources = new Map(plain.map((path) => [path, realPath(tree, path) ?? path]));
  const contents = await tree.read([...new Set(sources.values())], SIZE_LIMIT).catch((thrown: unknown) => {
    if (!(thrown instanceof HawserError) || thrown.reason?.kind !== 'excessive-output') throw thrown;
    throw thrown.with({ message: `${folder || '.'}: the manifests are larger than 10 MiB together` });
  });
  const manifests = plain.flatMap((path) => {
    const content = contents.get(sources.get(path) ?? path);
    return content === undefined ? [] : fileManifests(path, content);
  });
  return { manifests, jsonnet: files.filter((path) => path.endsWith('.jsonnet')) };
}

/** The files that count, sorted folder by folder. */
function filesOf(tree: Tree, folder: string, { recurse, include, exclude }: DirectoryOptions): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return pathsBelow(tree, folder)
    .filter((path) => tree.entries.get(path)?.kind !== 'submodule')
    .map((path) => path.slice(prefix.length))
    .filter((path) => /\.(yaml|yml|json|jsonnet)$/.test(path))
    .filter((path) => recurse || !path.includes('/'))
    .filter((path) => !exclude || !matchesGlob(exclude, path))
    .filter((path) => !include || matchesGlob(include, path))
    .sort(byFolder)
    .map((path) => posix.join(folder, path));
}

function byFolder(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const [one = '', other = ''] = [left[index], right[index]];
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

function fileManifests(path: string, content: Buffer): Manifest[] {
  const text = decodeText(content);
  if (text.includes(SKIP_MARKER)) return [];
  if (path.endsWith('.json')) return jsonManifests(path, text);
  try {
    checkEncoding(path, { text, content });
    return parseManifests(text, path);
  } catch (thrown) {
    // The reference's code for a file of manifests that cannot be read.
    if (meansManifests(text)) throw asHawserError(thrown).with({ details: { grpc: 9 } });
    // Values for another tool, or a template: it is not meant to be applied.
    return [];
  }
}

/** Bytes that are no character would be replaced, and the cluster would get another text than Git has. */
function checkEncoding(path: string, { text, content }: { readonly text: string; readonly content: Buffer }): void {
  if (!text.includes('\ufffd') || isUtf8(content)) return;
  throw new HawserError('invalid', `${path}: the file is neither UTF-8 nor UTF-16`, { hint: 'save it as UTF-8' });
}

/** Whether a file that cannot be read was meant to hold manifests. */
function meansManifests(text: string): boolean {
  if ([/apiVersion["']?\s*:/, /kind["']?\s*:/, /metadata["']?\s*:/].every((key) => key.test(text))) return true;
  const [first = ''] = text.split(/^---/m).filter((part) => part.trim() !== '');
  if (first.length === text.length) return false;
  try {
    return parseManifests(first, '').length > 0;
  } catch {
    return false;
  }
}

function jsonManifests(path: string, text: string): Manifest[] {
  if (text.trim() === '') return [];
  // YAML's parser says where JSON is broken, and reads several objects in a row as broken, too.
  let documents: unknown[];
  try {
    documents = [parseJson(text)];
  } catch {
    documents = parseYamlDocuments(text, path);
  }
  if (documents.length > 1 || Array.isArray(documents[0])) {
    throw new HawserError(
      'invalid',
      `Found multiple objects in ${path}. Only single objects are allowed in JSON files.`,
      { hint: 'put the objects into a List, or one into each file' },
    );
  }
  return documents.flatMap((document) => manifestsOf(document, path));
}
