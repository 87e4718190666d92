// From what a tool or a file says to manifests: lists taken apart, labels and annotations checked.

import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type JsonObject } from '../../core/json.ts';
import { parseYamlDocuments } from '../../core/yaml.ts';
import { isManifest, type Manifest } from '../../model/manifest.ts';

/** The manifests of a YAML text; throws `invalid` naming the place. */
export function parseManifests(text: string, name: string): Manifest[] {
  return parseYamlDocuments(text, name).flatMap((document) => manifestsOf(document, name));
}

/** One document: nothing, an object, or a list of objects. */
export function manifestsOf(document: unknown, name: string): Manifest[] {
  if (document === null || document === undefined) return [];
  if (!isObject(document)) throw new HawserError('invalid', `${name}: a document is no Kubernetes object`);
  if (Object.keys(document).length === 0) return [];
  for (const field of ['kind', 'apiVersion']) {
    if (typeof document[field] !== 'string' || document[field] === '') {
      throw new HawserError('invalid', `${name}: an object has no '${field}'`);
    }
  }
  const items = itemsOf(document);
  if (items) return items.flatMap((item) => manifestsOf(item, name));
  const object = { ...document, metadata: document['metadata'] ?? {} };
  if (!isManifest(object)) throw new HawserError('invalid', `${name}: metadata of an object is no object`);
  checkNames(object.metadata, `${name}: ${object.kind}`);
  checkTexts(object, name);
  return [object];
}

/** The objects of a list; undefined for what only looks like one. */
function itemsOf(document: JsonObject): readonly unknown[] | undefined {
  const { kind, items } = document;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !('items' in document)) return undefined;
  if (isList(items)) return items;
  if (items !== null) return undefined;
  return 'spec' in document || 'status' in document ? undefined : [];
}

/** YAML makes a number of `1` and a boolean of `n`. */
function checkNames(metadata: JsonObject, what: string): void {
  for (const field of ['name', 'namespace', 'generateName']) {
    const value = metadata[field];
    if (typeof value === 'string' || value === undefined || value === null) continue;
    const hint = isObject(value) || isList(value) ? undefined : { hint: `put it in quotes: ${field}: "…"` };
    throw new HawserError('invalid', `${what}: metadata.${field} is not a text but ${JSON.stringify(value)}`, hint);
  }
}

/** The API takes only texts here; YAML makes a number of `1` and a boolean of `yes`. */
function checkTexts(object: Manifest, name: string): void {
  for (const field of ['labels', 'annotations']) {
    const values = object.metadata[field];
    if (values === undefined || values === null) continue;
    const what = `${name}: ${object.kind} '${object.metadata.name ?? ''}'`;
    if (!isObject(values)) throw new HawserError('invalid', `${what}: ${field} must be a map of texts`);
    for (const [key, value] of Object.entries(values)) {
      if (typeof value === 'string' || value === undefined) continue;
      throw new HawserError('invalid', `${what}: the value of ${field.slice(0, -1)} '${key}' is not a text`, {
        hint: `put it in quotes: ${key}: "${String(value)}"`,
      });
    }
  }
}
