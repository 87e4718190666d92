// The objects in files, folders and stdin, each with its place.

import { HawserError, messageOf } from '../../../../core/errors.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../../../core/json.ts';
import { parseYamlDocuments } from '../../../../core/yaml.ts';
import { type YamlPositions, yamlPositions } from '../../../../core/yaml-positions.ts';
import type { Context } from '../../../context.ts';
import { manifestFiles } from '../../../input/manifest-files.ts';
import { readSource } from '../../../input/read-source.ts';

export interface Loaded {
  readonly object: JsonObject;
  readonly file: string;
  readonly line: number;
}

/** Throws `usage` for what cannot be read, `invalid` where some of it is no Kubernetes object: then nothing may be loaded. */
export async function readObjects(paths: readonly string[], context: Context): Promise<readonly Loaded[]> {
  const files = await Promise.all(paths.map((path) => manifestFiles(path, true)));
  const objects: Loaded[] = [];
  const faults: string[] = [];
  for (const file of [...new Set(files.flat())]) {
    const text = await readSource(file, context);
    try {
      for (const entry of objectsIn(text, file === '-' ? 'stdin' : file)) {
        const fault = faultOf(entry.object);
        if (fault === undefined) objects.push(entry);
        else faults.push(`${entry.file}:${entry.line}: ${fault}`);
      }
    } catch (thrown) {
      faults.push(messageOf(thrown));
    }
  }
  if (faults.length === 0) return objects;
  const [first = '', ...more] = faults;
  const message = more.length === 0 ? `${first}; nothing was loaded` : `nothing was loaded:\n  ${faults.join('\n  ')}`;
  throw new HawserError('invalid', message, { hint: 'mend the files, or name those that hold Kubernetes objects' });
}

function objectsIn(text: string, file: string): readonly Loaded[] {
  const documents = parseYamlDocuments(text, file);
  let positions: YamlPositions | undefined;
  const lineOf = (index: number, path: readonly (string | number)[]): number => {
    positions ??= yamlPositions(text);
    return positions.at(index, path).line;
  };
  return documents.flatMap((document, index) => {
    if (document === null || document === undefined) return [];
    if (!isObject(document)) return [{ object: {}, file, line: lineOf(index, []) }];
    return unpacked(document, []).map(({ object, path }) => ({ object, file, line: lineOf(index, path) }));
  });
}

interface Unpacked {
  readonly object: JsonObject;
  readonly path: readonly (string | number)[];
}

/** The items of a list, of lists in it too. */
function unpacked(object: JsonObject, path: readonly (string | number)[]): readonly Unpacked[] {
  if (!/List$/.test(textAt(object, 'kind')) || !Array.isArray(object['items'])) return [{ object, path }];
  const [apiVersion, kind] = [textAt(object, 'apiVersion'), textAt(object, 'kind').slice(0, -'List'.length)];
  return listAt(object, 'items').flatMap((item, index) => {
    const here = [...path, 'items', index];
    if (!isObject(item)) return [{ object: {}, path: here }];
    // Items of a typed list need not say what they are.
    const typed = kind !== '' && textAt(item, 'kind') === '' ? { apiVersion, kind, ...item } : item;
    return unpacked(typed, here);
  });
}

function faultOf(object: JsonObject): string | undefined {
  const lacks = ['apiVersion', 'kind'].find((field) => textAt(object, field) === '');
  if (lacks !== undefined) return `not a Kubernetes object: it has no ${lacks}`;
  const metadata = objectAt(object, 'metadata');
  if (textAt(metadata, 'name') !== '') return undefined;
  const kind = textAt(object, 'kind');
  return textAt(metadata, 'generateName') === ''
    ? `the ${kind} has no name`
    : `the ${kind} has a generateName and no name (kubectl create makes such objects)`;
}
