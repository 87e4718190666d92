// Expressions of a later CEL than the library's, written in what it has: macros with two variables, has() of what stands
// in a list or map.

import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { withoutStructures } from './structures.ts';
import { childrenOf, isPart } from './syntax.ts';

interface Change extends Range {
  readonly text: string;
}

const widened = new Map<string, string>();

/** The expression in the library's words; itself where it is already. Throws for what is no expression. */
export function widen(environment: Environment, given: string): string {
  const expression = withoutStructures(given);
  if (!MAY_NEED.test(expression)) return expression;
  const earlier = widened.get(expression);
  if (earlier !== undefined) return earlier;
  const text = written(environment.parse(expression).ast, expression);
  widened.set(expression, text);
  return text;
}

const MAY_NEED =
  /\b(?:sortBy|optMap|optFlatMap|transformMapEntry|ofNonZeroValue|optional\s*\.\s*unwrap)\b|\bhas\s*\([^)]*[[(]|\.(?:all|exists|existsOne|transformList|transformMap)\s*\(\s*\w+\s*,\s*\w+\s*,/;

/** The text of a part, with what it holds written anew. */
function written(node: ASTNode, source: string): string {
  const own = rewritten(node, source);
  if (own !== undefined) return own;
  const { start, end } = rangeOf(node, source);
  const changes = childrenOf(node)
    .filter((child) => child !== node)
    .map((child): Change => ({ ...rangeOf(child, source), text: written(child, source) }))
    .filter(
      (change) => change.start >= start && change.end <= end && change.text !== source.slice(change.start, change.end),
    )
    .toSorted((one, other) => one.start - other.start);
  let text = '';
  let at = start;
  for (const change of changes) {
    if (change.start < at) continue;
    text += source.slice(at, change.start) + change.text;
    at = change.end;
  }
  return text + source.slice(at, end);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where a part stands, with the brackets around its first or last part, which the library leaves out. */
function rangeOf({ start, end }: ASTNode, source: string): Range {
  let [from, to] = [start, end];
  for (;;) {
    const depth = depthOf(source.slice(from, to));
    const next = depth < 0 ? source.lastIndexOf('(', from - 1) : depth > 0 ? source.indexOf(')', to) : -1;
    if (next < 0) return { start: from, end: to };
    if (depth < 0) from = next;
    else to = next + 1;
  }
}

const TEXTS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

/** How many brackets are open at the end. */
function depthOf(text: string): number {
  const bare = text.replace(TEXTS, '');
  return bare.split('(').length - bare.split(')').length;
}

function rewritten(node: ASTNode, source: string): string | undefined {
  const text = (part: unknown): string => (isPart(part) ? `(${written(part, source)})` : '');
  if (node.op === 'call' && node.args[0] === 'has') return presence(node.args[1][0], source);
  if (node.op !== 'rcall') return undefined;
  const [name, receiver, args] = node.args;
  const [key, value, ...rest] = args;
  if (receiver.op === 'id' && receiver.args === 'optional' && Object.hasOwn(OPTIONALS, name))
    return `${OPTIONALS[name]}(${args.map(text).join(', ')})`;
  const short = Object.hasOwn(SHORT_FORMS, name) ? SHORT_FORMS[name] : undefined;
  if (short && key?.op === 'id' && value && rest.length === 0) return short(text(receiver), key.args, text(value));
  const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (!form || key?.op !== 'id' || value?.op !== 'id' || rest.length === 0) return undefined;
  return form({ of: text(receiver), key: key.args, value: value.args, bodies: rest.map(text) });
}

/** Functions of the namespace of values that may be missing. */
const OPTIONALS: Readonly<Record<string, string>> = { ofNonZeroValue: 'nonZero', unwrap: 'unwrapped' };

/** Macros with one variable. */
const SHORT_FORMS: Readonly<Record<string, (of: string, variable: string, body: string) => string>> = {
  sortBy: (of, variable, body) => `[${of}].map(sorted__, sortedBy(sorted__, sorted__.map(${variable}, ${body})))[0]`,
  optMap: (of, variable, body) => `[${of}].unwrapOpt().map(${variable}, ${body}).first()`,
  optFlatMap: (of, variable, body) => `flatOptional([${of}].unwrapOpt().map(${variable}, ${body}))`,
};

/** has() of a field of an item. */
function presence(field: ASTNode | undefined, source: string): string | undefined {
  if (field?.op !== '.') return undefined;
  const [from, name] = field.args;
  return /[[(]/.test(source.slice(from.start, from.end)) ? `(${written(from, source)}).?${name}.hasValue()` : undefined;
}

interface Macro {
  readonly of: string;
  readonly key: string;
  readonly value: string;
  readonly bodies: readonly string[];
}

const item = ({ of, key }: Macro): string => `[${of}[${key}]]`;

const holds =
  (outer: string, inner: string) =>
  (macro: Macro): string =>
    `keysOf(${macro.of}).${outer}(${macro.key}, ${item(macro)}.${inner}(${macro.value}, ${macro.bodies[0]}))`;

/** Each key whose item fits, and what is made of it. */
function made(macro: Macro): { readonly keys: string; readonly values: string } {
  const { of, key, value, bodies } = macro;
  const [first = '', second] = bodies;
  const result = `${item(macro)}.map(${value}, ${second ?? first})[0]`;
  const fits = second === undefined ? '' : `${item(macro)}.exists(${value}, ${first}), `;
  return { keys: `keysOf(${of}).map(${key}, ${fits}${key})`, values: `keysOf(${of}).map(${key}, ${fits}${result})` };
}

const FORMS: Readonly<Record<string, (macro: Macro) => string>> = {
  all: holds('all', 'all'),
  exists: holds('exists', 'exists'),
  existsOne: holds('exists_one', 'exists'),
  transformList: (macro) => made(macro).values,
  transformMapEntry: (macro) => `mergedMaps(${made(macro).values})`,
  transformMap: (macro) => `mapOf(${made(macro).keys}, ${made(macro).values})`,
};
