// Schemas of values may refer to others, which helm would fetch past every proxy: for a server that many people share they are
// looked through, those of packed charts too.

import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { isList, isObject } from '../../core/json.ts';
import { readChart } from '../charts/archive.ts';

const SCHEMA = 'values.schema.json';

/** Throws `invalid` for a reference that leads out of its schema. */
export async function checkSchemas(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.name === SCHEMA) checkSchema(await readFile(file), relative(folder, file));
    else if (entry.name.endsWith('.tgz')) await checkPacked(await readFile(file), relative(folder, file));
  }
}

/** What is no packed chart helm does not read as one. */
async function checkPacked(archive: Buffer, where: string): Promise<void> {
  const files = await readChart(archive, where).catch(() => new Map<string, Buffer>());
  for (const [path, content] of files) {
    if (basename(path) === SCHEMA) checkSchema(content, `${where}: ${path}`);
    else if (path.endsWith('.tgz')) await checkPacked(content, `${where}: ${path}`);
  }
}

function checkSchema(content: Buffer, where: string): void {
  let schema: unknown;
  try {
    schema = JSON.parse(content.toString('utf8'));
  } catch {
    // Helm says what is wrong with it.
    return;
  }
  const ids = new Set(wordsOf(schema, /^(\$id|id)$/).map(withoutFragment));
  const isKnown = (reference: string): boolean =>
    reference.startsWith('#') ||
    ids.has(withoutFragment(reference)) ||
    /^https?:\/\/json-schema\.org\//.test(reference);
  const unknown = wordsOf(schema, /^\$(ref|dynamicRef|recursiveRef|schema)$/).find((reference) => !isKnown(reference));
  if (unknown === undefined) return;
  throw new HawserError('invalid', `${where} refers to '${unknown}', which a server that others share does not fetch`, {
    hint: 'put what it refers to into the schema, or set helm.skipSchemaValidation',
  });
}

const withoutFragment = (reference: string): string => reference.replace(/#.*$/s, '');

function wordsOf(value: unknown, key: RegExp): string[] {
  if (isList(value)) return value.flatMap((each) => wordsOf(each, key));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    typeof each === 'string' ? (key.test(name) ? [each] : []) : wordsOf(each, key),
  );
}
