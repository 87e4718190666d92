// The documents of an import: all are looked at before the first is written.

import { HawserError } from '../../core/errors.ts';
import { isObject, objectAt, textAt } from '../../core/json.ts';
import { groupOf, isKubeObject, type KubeObject, keyOf, keyText } from '../../objects/object.ts';
import { isAmong, KINDS, type Namespaces } from './objects.ts';

/** Those that can be written, each in its namespace; throws `invalid` with all that is wrong. */
export function checkDocuments(
  documents: readonly unknown[],
  { namespace, namespaces }: { readonly namespace: string; readonly namespaces: Namespaces },
): readonly KubeObject[] {
  const problems: string[] = [];
  const numbers = new Map<string, number>();
  const objects = documents.flatMap((document, index) => {
    const placed = placedIn(document, namespace);
    const own = placed === undefined ? undefined : keyText(keyOf(placed));
    const earlier = own === undefined ? undefined : numbers.get(own);
    const problem =
      problemOf(placed, namespaces) ?? (earlier === undefined ? undefined : `it is document ${earlier} once more`);
    if (own !== undefined && earlier === undefined) numbers.set(own, index + 1);
    if (problem !== undefined) problems.push(`document ${index + 1}${nameOf(document)}: ${problem}`);
    return placed && problem === undefined ? [placed] : [];
  });
  if (problems.length === 0) return objects;
  throw refused(problems);
}

const MOST_TOLD = 20;

export function refused(problems: readonly string[]): HawserError {
  const more = problems.length - MOST_TOLD;
  const told = [...problems.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])];
  return new HawserError('invalid', `nothing was imported: ${told.join('; ')}`, {
    details: { problems },
    hint: 'correct the documents, and import all of them again',
  });
}

function placedIn(document: unknown, namespace: string): KubeObject | undefined {
  if (!isKubeObject(document)) return undefined;
  return { ...document, metadata: { ...document.metadata, namespace: document.metadata.namespace || namespace } };
}

function problemOf(object: KubeObject | undefined, namespaces: Namespaces): string | undefined {
  if (!object) return 'it is no Kubernetes object: apiVersion, kind or metadata is missing';
  const { apiVersion, kind, metadata } = object;
  const type = KINDS.find((known) => known.kind === kind && known.group === groupOf(apiVersion));
  if (!type) return `objects of this kind (${apiVersion}) are no part of an installation`;
  if (typeof metadata.name !== 'string' || metadata.name === '') return 'it has no name';
  const { labels, annotations } = metadata;
  if (![labels, annotations].every((texts) => texts === undefined || isTexts(texts)))
    return 'its labels or annotations are no texts';
  const patterns = namespaces(kind);
  if (isAmong(patterns, metadata.namespace ?? '')) return undefined;
  return `its namespace '${metadata.namespace}' is not of the installation (${patterns.join(', ')})`;
}

const isTexts = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((text) => typeof text === 'string');

function nameOf(document: unknown): string {
  const words = [textAt(document, 'kind'), textAt(objectAt(document, 'metadata'), 'name')].filter(
    (word) => word !== '',
  );
  return words.length === 0 ? '' : ` (${words.join(' ')})`;
}
