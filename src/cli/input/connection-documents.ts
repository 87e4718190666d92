// Repositories, credentials and clusters in files: as the Secrets that Argo CD keeps them in, or as the API has them.

import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import type { Shape } from '../../core/shape.ts';
import { SECRET_TYPE_LABEL, type SecretDocument, type SecretTexts } from '../../model/connection-secret.ts';
import type { Context } from '../context.ts';
import { checkFormat, writeDocument } from '../output/document.ts';
import { checkFields } from './check-fields.ts';
import type { Flag } from './flags.ts';
import { readSource } from './read-source.ts';
import { readTyped } from './typed-document.ts';

/** Many at once, and what would be saved instead of saving it. */
export const documentFlags = (what: string) =>
  [
    {
      name: 'file',
      short: 'f',
      type: 'string',
      own: true,
      value: 'file',
      summary: `add ${what} from a file, a URL, or - (stdin)`,
    },
    { name: 'dry-run', type: 'bool', own: true, summary: `print the Secrets of ${what} without adding them` },
  ] as const satisfies readonly Flag[];

export interface Reading<T> {
  /** Of the Secrets: 'repository'. */
  readonly type: string;
  /** The keys that such a Secret may have. */
  readonly keys: readonly string[];
  /** Of an object, as the API answers it. */
  readonly shape: Shape<unknown>;
  readonly ofTexts: (texts: SecretTexts, metadata: JsonObject) => T;
  /** Throws for what is none. */
  readonly ofObject: (object: JsonObject) => T;
}

/** All that a file holds, at least one. */
export async function readConnections<T>(from: string, reading: Reading<T>, context: Context): Promise<readonly T[]> {
  const { parseYamlDocuments } = await import('../../core/yaml.ts');
  const text = await readSource(from, context);
  const source = from === '-' ? 'stdin' : from;
  await checkFields({ text, source, keys: reading.keys, shape: reading.shape }, context);
  const documents = readTyped(() => parseYamlDocuments(text, source), context);
  const objects: unknown[] = [];
  for (const document of documents) {
    const items = isList(document) ? document : listAt(document, 'items');
    if (items.length > 0) objects.push(...items);
    else if (document !== null && document !== undefined) objects.push(document);
  }
  const read = objects.map((object) => readOne(object, reading, source));
  if (read.length > 0) return read;
  throw new HawserError('usage', `there is nothing in ${source}`, { hint: 'give documents of YAML or JSON' });
}

function readOne<T>(object: unknown, { type, ofTexts, ofObject }: Reading<T>, source: string): T {
  if (!isObject(object)) throw new HawserError('usage', `a document in ${source} is no object`);
  if (object['kind'] !== 'Secret') return ofObject(object);
  const label = textAt(object, 'metadata', 'labels', SECRET_TYPE_LABEL);
  if (label === type) return ofTexts(textsOf(object), objectAt(object, 'metadata'));
  const name = textAt(object, 'metadata', 'name');
  throw new HawserError('usage', `Secret '${name}' in ${source} is of type '${label}', not '${type}'`, {
    hint: `its label ${SECRET_TYPE_LABEL} says which it is`,
  });
}

function textsOf(secret: JsonObject): SecretTexts {
  const [data, plain] = [objectAt(secret, 'data'), objectAt(secret, 'stringData')];
  const decoded = Object.keys(data).map((key) => [key, Buffer.from(textAt(data, key), 'base64').toString()] as const);
  return {
    ...Object.fromEntries(decoded),
    ...Object.fromEntries(Object.keys(plain).map((key) => [key, textAt(plain, key)])),
  };
}

/** As documents that can be applied, or read again with -f. */
export async function writeSecrets(
  secrets: readonly SecretDocument[],
  output: string | undefined,
  context: Context,
): Promise<void> {
  if (output !== undefined) checkFormat(output, ['json', 'yaml']);
  if (output === 'json') {
    await writeDocument(secrets.length === 1 ? secrets[0] : secrets, output, context);
    return;
  }
  const { formatYaml } = await import('../../core/yaml.ts');
  context.io.out.write(secrets.map((secret) => formatYaml(secret, { sortKeys: true })).join('---\n'));
}
