// What check-fields.ts asks for, with the tables of all types: loaded when a document comes, not before.

import { getVersion } from '../../api/sessions.ts';
import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import type { Shape } from '../../core/shape.ts';
import { parseYaml, parseYamlDocuments } from '../../core/yaml.ts';
import { yamlPositions } from '../../core/yaml-positions.ts';
import { pathText } from '../../model/lint.ts';
import {
  fieldsBeyond,
  keysBeyond,
  type UnknownField,
  unknownFields,
  unknownFieldsAt,
} from '../../model/unknown-fields.ts';
import type { Context } from '../context.ts';
import type { Typed, TypedConnections, TypedPatch, TypedSpec } from './typed-document.ts';

interface Located extends UnknownField {
  readonly line?: number;
}

/** Throws `usage` naming them; a server whose types are newer than ours is left to judge by itself. */
export async function refuseUnknownFields(typed: Typed, context: Context): Promise<void> {
  const fields = tryFieldsIn(typed);
  const source = 'source' in typed ? typed.source : '--patch';
  if (fields.length === 0) return;
  const error = refusal(fields, source);
  if (!(await isNewer(context))) throw error;
  context.say(`warning: ${error.message}: sent, because the server is newer than ${KNOWN.join('.')}`);
}

/** A text that cannot be read is refused where it is read. */
function tryFieldsIn(typed: Typed): readonly Located[] {
  try {
    return fieldsIn(typed);
  } catch {
    return [];
  }
}

function fieldsIn(typed: Typed): readonly Located[] {
  if ('patch' in typed) return inPatch(typed);
  if ('before' in typed) return inSpec(typed);
  if ('shape' in typed) return inDocuments(typed, (document) => inConnection(document, typed));
  return inDocuments(typed, (document) => (isOfKind(document, typed.kind) ? unknownFields(document, typed.kind) : []));
}

const isOfKind = ({ kind = null }: JsonObject, type: string): boolean => kind === null || kind === type;

function inDocuments(
  { text, source }: { readonly text: string; readonly source: string },
  look: (document: JsonObject) => readonly UnknownField[],
): readonly Located[] {
  let positions: ReturnType<typeof yamlPositions> | undefined;
  return parseYamlDocuments(text, source).flatMap((value, index) =>
    documentsOf(value).flatMap(({ document, at }) =>
      look(document).map((field) => {
        positions ??= yamlPositions(text);
        return { ...field, line: positions.at(index, [...at, ...field.path]).line };
      }),
    ),
  );
}

interface Part {
  readonly document: JsonObject;
  readonly at: readonly (string | number)[];
}

/** A list of documents is one document that holds several. */
function documentsOf(value: unknown): readonly Part[] {
  const items = isList(value) ? value : listAt(value, 'items');
  const prefix = isList(value) ? [] : ['items'];
  if (items.length > 0)
    return items.flatMap((item, index) => (isObject(item) ? [{ document: item, at: [...prefix, index] }] : []));
  return isObject(value) ? [{ document: value, at: [] }] : [];
}

/** Those that the spec had before are the server's own. */
function inSpec({ text, source, kind, before }: TypedSpec): readonly Located[] {
  const had = new Set(unknownFields(before, kind).map(({ path }) => pathText(path)));
  return unknownFields(parseYaml(text, source), kind).filter(({ path }) => !had.has(pathText(path)));
}

const PUTS: readonly unknown[] = ['add', 'replace', 'copy', 'move'];

function inPatch({ patch, kind }: TypedPatch): readonly UnknownField[] {
  if (!isList(patch)) return unknownFields(patch, kind);
  return patch.flatMap((operation) => {
    if (!isObject(operation) || !PUTS.includes(operation['op'])) return [];
    const tokens = textAt(operation, 'path').split('/').slice(1);
    const pointer = tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    return unknownFieldsAt(pointer, operation['value'], kind);
  });
}

function inConnection(document: JsonObject, { shape, keys }: TypedConnections): readonly UnknownField[] {
  if (document['kind'] !== 'Secret') return fieldsBeyond(document, shape);
  return ['data', 'stringData'].flatMap((field) => {
    const texts = objectAt(document, field);
    const text = field === 'data' ? Buffer.from(textAt(texts, 'config'), 'base64').toString() : textAt(texts, 'config');
    return [...keysBeyond(Object.keys(texts), keys, [field]), ...inConfig(text, shape, [field, 'config'])];
  });
}

/** Of a cluster: JSON in one key. What is none is refused where it is read. */
function inConfig(text: string, { fields }: Shape<unknown>, path: readonly string[]): readonly UnknownField[] {
  const config = fields?.['config'];
  if (!config || text === '') return [];
  try {
    return fieldsBeyond(JSON.parse(text), config, path);
  } catch {
    return [];
  }
}

function refusal(fields: readonly Located[], source: string): HawserError {
  const [first] = fields;
  const details = { fields: fields.map(({ path, line }) => ({ field: pathText(path), line })) };
  const hint = hintFor(fields);
  const extra = { details, ...(hint === undefined ? {} : { hint }) };
  const names = fields.map(({ path }) => `'${pathText(path)}'`).join(', ');
  if (first && fields.length === 1) {
    const at = first.line === undefined ? source : `${source}:${first.line}`;
    return new HawserError('usage', `${at}: unknown field ${names}`, extra);
  }
  return new HawserError('usage', `${source}: unknown fields ${names}`, extra);
}

function hintFor(fields: readonly Located[]): string | undefined {
  const near = [...new Set(fields.flatMap(({ near: [best] }) => (best === undefined ? [] : [`'${best}'`])))];
  if (near.length > 0) return `did you mean ${near.join(', ')}?`;
  return 'leave it out: Argo CD would drop it without a word';
}

/** Of the Argo CD whose types are known here. */
const KNOWN = [3, 5] as const;

async function isNewer(context: Context): Promise<boolean> {
  try {
    const { client } = await context.connect();
    const { Version } = await client.call(getVersion, {});
    const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(Version) ?? [];
    const order = Number(major) - KNOWN[0] || Number(minor) - KNOWN[1];
    return order > 0;
  } catch {
    return false;
  }
}
