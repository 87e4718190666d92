// ApplicationSets from YAML or JSON.

import { HawserError, messageOf } from '../../../../core/errors.ts';
import { isList, isObject, listAt } from '../../../../core/json.ts';
import { parse } from '../../../../core/shape.ts';
import { parseYamlDocuments } from '../../../../core/yaml.ts';
import { type ApplicationSet, applicationSet } from '../../../../model/application-set.ts';
import type { Context } from '../../../context.ts';
import { checkFields } from '../../../input/check-fields.ts';
import { goWords } from '../../../input/go-words.ts';
import { readSource } from '../../../input/read-source.ts';
import { readTyped } from '../../../input/typed-document.ts';

/** Every set of a file or URL, with the namespace of the flag where it has none. */
export async function readSets(
  from: string,
  namespace: string | undefined,
  context: Context,
): Promise<readonly ApplicationSet[]> {
  const sets = await setsOf(from, context).catch((thrown: unknown) => {
    if (!(thrown instanceof HawserError)) throw thrown;
    const isParsed = thrown.reason?.kind !== 'unreadable-input';
    throw thrown.with({ reason: { kind: 'unreadable-set', file: from, why: goWords(thrown), isParsed } });
  });
  return sets.map((set) => {
    const { metadata } = set;
    if (namespace === undefined || metadata.namespace !== undefined) return set;
    const note = `ApplicationSet YAML file does not have namespace; using --appset-namespace="${namespace}".\n`;
    context.policy.own.add(() => undefined, context.io.out.write(note));
    return { ...set, metadata: { ...metadata, namespace } };
  });
}

async function setsOf(from: string, context: Context): Promise<readonly ApplicationSet[]> {
  const text = await readSource(from, context);
  const source = from === '-' ? 'stdin' : from;
  await checkFields({ text, source, kind: 'ApplicationSet' }, context);
  return readTyped(() => setsFrom(text, source), context);
}

function setsFrom(text: string, name: string): readonly ApplicationSet[] {
  return parseYamlDocuments(text, name)
    .flatMap(documentsOf)
    .filter((document) => document !== null && document !== undefined)
    .map((document) => setFrom(document, name));
}

/** A list of documents is one document that holds several. */
function documentsOf(document: unknown): readonly unknown[] {
  if (isList(document)) return document;
  return isObject(document) && document['kind'] === 'List' ? listAt(document, 'items') : [document];
}

function setFrom(document: unknown, name: string): ApplicationSet {
  const kind = isObject(document) ? document['kind'] : undefined;
  if (!isObject(document) || (kind !== undefined && kind !== 'ApplicationSet'))
    throw new HawserError('invalid', `${name}: ${String(kind ?? 'a text')} is not an ApplicationSet`);
  try {
    const { apiVersion: _version, kind: _kind, ...set } = document;
    return parse(applicationSet, set, name);
  } catch (thrown) {
    throw new HawserError('invalid', messageOf(thrown), { cause: thrown });
  }
}
