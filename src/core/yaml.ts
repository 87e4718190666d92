// The one door to js-yaml, and to foreign YAML: what is read is bounded in depth and in what its aliases expand to.

import * as yaml from 'js-yaml';
import { HawserError } from './errors.ts';
import { type Json, MAX_LEVELS, nestsTooDeep } from './json.ts';
import { hasColonAtEnd, strictFlow } from './yaml-flow.ts';
import { indentedByFour } from './yaml-indent.ts';
import { GO_SCHEMA, TIMESTAMP } from './yaml-schema.ts';

export interface YamlReading {
  /** Refuses a key that is given twice; else the last one counts. */
  readonly strict?: boolean;
}

/** Every document of a YAML text; JSON is YAML too, and read faster. Throws `invalid` with `name:line`. */
export function parseYamlDocuments(source: string, name: string, options: YamlReading = {}): unknown[] {
  const documents = jsonDocuments(source) ?? yamlDocuments(source, name, options);
  if (documents.some((document) => nestsTooDeep(document))) throw tooDeep(name);
  return documents;
}

function jsonDocuments(source: string): unknown[] | undefined {
  if (!/^[{[]/.test(source)) return undefined;
  try {
    return [JSON.parse(source)];
  } catch {
    // Flow-style YAML starts the same way: the YAML parser says what is wrong with it.
    return undefined;
  }
}

function yamlDocuments(source: string, name: string, options: YamlReading): unknown[] {
  try {
    const documents = load(hasColonAtEnd(source) ? strictFlow(source) : source, options);
    if (source.includes('*')) refuseExpansion(documents, name);
    return documents;
  } catch (thrown) {
    throw brokenYaml(thrown, name);
  }
}

/** In js-yaml's count, where a map is one level and its values are another. */
const MAX_DEPTH = 2 * MAX_LEVELS;
const MOST_MERGED_KEYS = 400_000;

function load(source: string, { strict = false }: YamlReading): unknown[] {
  const options = { schema: GO_SCHEMA, json: !strict, maxDepth: MAX_DEPTH, maxTotalMergeKeys: MOST_MERGED_KEYS };
  try {
    return yaml.loadAll(source, options);
  } catch (thrown) {
    if (!(thrown instanceof yaml.YAMLException) || thrown.reason !== 'deficient indentation') throw thrown;
    return yaml.loadAll(strictFlow(source), options);
  }
}

/** A few aliases of aliases make a text of ten lines fill any memory as soon as it is written out: Go's own limit. */
function refuseExpansion(documents: readonly unknown[], name: string): void {
  const anchors = new Set<unknown>();
  let values = 0;
  let repeated = 0;
  const visit = (value: unknown, isRepeated: boolean): void => {
    values += 1;
    if (isRepeated) repeated += 1;
    if (values > 1000 && repeated > 100 && repeated / values > mostRepeated(values)) {
      throw new HawserError('invalid', `${name}: its aliases (*name) expand to too many values`, {
        hint: 'write the values out, or refer to fewer of them',
      });
    }
    if (typeof value !== 'object' || value === null) return;
    const again = isRepeated || anchors.has(value);
    anchors.add(value);
    for (const item of Object.values(value)) visit(item, again);
  };
  for (const document of documents) visit(document, false);
}

/** The part of all values that may come from aliases: nearly all of a small text, a tenth of a large one. */
function mostRepeated(values: number): number {
  const [small, large] = [400_000, 4_000_000];
  return 0.99 - 0.89 * Math.min(1, Math.max(0, (values - small) / (large - small)));
}

/** The first document of a YAML text, null for an empty one. */
export function parseYaml(source: string, name: string, options: YamlReading = {}): unknown {
  return parseYamlDocuments(source, name, options)[0] ?? null;
}

export interface YamlFormat {
  readonly sortKeys?: boolean;
  /** By four spaces a level, as Go's second writer. */
  readonly wide?: boolean;
}

/** YAML as `kubectl` and the reference write it: two spaces, lists at their key's indent, long lines unbroken. */
export function formatYaml(value: Json | unknown, options: YamlFormat = {}): string {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  const text = yaml
    .dump(options.sortKeys ? sorted(plain) : plain, {
      schema: GO_SCHEMA,
      lineWidth: -1,
      noRefs: true,
      seqNoIndent: !options.wide,
      scalarStyleRules: [doubleQuoteOtherTypes, ...Object.values(yaml.DEFAULT_SCALAR_STYLE_RULES), quoteTurning],
    })
    .replace(TURNING, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
  return options.wide ? indentedByFour(text) : text;
}

const BASE_60 = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/;

/** Go's writer puts a text that another type could be read from into double quotes, and into single ones what is no plain text. */
function doubleQuoteOtherTypes(layout: yaml.ScalarLayout): void {
  const { node, style } = layout;
  if (style !== yaml.SCALAR_STYLE.PLAIN || node.tag !== yaml.strTag.tagName) return;
  const { tag } = GO_SCHEMA.resolveImplicitScalarTag(node.value);
  const isOther = tag.tagName !== yaml.strTag.tagName || TIMESTAMP.test(node.value) || BASE_60.test(node.value);
  if (isOther) layout.style = yaml.SCALAR_STYLE.DOUBLE_QUOTED;
}

/** Marks that turn text around: a reader would see another value than the one that stands there. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Only between double quotes may a character be written by its number. */
function quoteTurning(layout: yaml.ScalarLayout): void {
  if (layout.node.value.search(TURNING) >= 0) layout.style = yaml.SCALAR_STYLE.DOUBLE_QUOTED;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

function brokenYaml(thrown: unknown, name: string): HawserError {
  if (thrown instanceof HawserError) return thrown;
  if (!(thrown instanceof yaml.YAMLException))
    return new HawserError('invalid', `${name}: broken YAML`, { cause: thrown });
  if (thrown.reason.startsWith('nesting exceeded')) return tooDeep(name);
  const line = thrown.mark === undefined ? '' : `:${thrown.mark.line + 1}`;
  return new HawserError('invalid', `${name}${line}: broken YAML: ${thrown.reason}`, {
    hint: 'fix that line: indent with spaces, and siblings by the same number',
    cause: thrown,
  });
}

function tooDeep(name: string): HawserError {
  return new HawserError('invalid', `${name}: a value is nested deeper than ${MAX_LEVELS} levels`, {
    hint: 'no Kubernetes object is nested so deep: is this the right file?',
  });
}
