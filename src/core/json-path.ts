// kubectl's JSONPath: texts with paths in braces, `{range .items[*]}{.metadata.name}{"\n"}{end}`. A key that is missing
// gives nothing; it is no error.

import { HawserError } from './errors.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';

type Operator = '==' | '!=' | '<=' | '>=' | '<' | '>';
type Operand = { readonly value: Json } | { readonly path: Path };

type Step =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'every' }
  | { readonly kind: 'below' }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly by: number }
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'union'; readonly of: readonly Path[] }
  | { readonly kind: 'filter'; readonly left: Path; readonly operator?: Operator; readonly right?: Operand };

interface Path {
  readonly fromRoot: boolean;
  readonly steps: readonly Step[];
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'range'; readonly path: Path; readonly body: readonly Part[] };

/** What a template makes of a value. */
export type Template = (value: Json) => string;

/** The text of a template with paths in braces; throws `usage` where it is not one. */
export function parseTemplate(source: string): Template {
  const { parts, rest } = parseParts(source, source, false);
  if (rest !== '') throw broken(source, 'there is an {end} without a {range}');
  return (value) => writeParts(parts, value, value);
}

/** What one path finds: `.status.sync.status`, `status.sync.status` and `{.status.sync.status}` are the same. */
export function parsePath(source: string): (value: Json) => readonly Json[] {
  const trimmed = source.trim();
  const bare = /^\{(.*)\}$/s.exec(trimmed)?.[1] ?? trimmed;
  if (bare === '' || /[{}]/.test(bare)) throw broken(source, 'a path is like .status.sync.status');
  const path = readPath(/^[.[$@]/.test(bare) ? bare : `.${bare}`, source);
  return (value) => find(path, value, value);
}

/** As kubectl prints a value: texts bare, objects and lists as JSON. */
export const textOfJson = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

function parseParts(source: string, whole: string, inRange: boolean): { parts: Part[]; rest: string } {
  const parts: Part[] = [];
  let rest = source;
  while (rest !== '') {
    const open = rest.indexOf('{');
    const text = open < 0 ? rest : rest.slice(0, open);
    if (text !== '') parts.push({ kind: 'text', text });
    if (open < 0) break;
    const close = closing(rest, open, whole);
    const inner = rest.slice(open + 1, close).trim();
    rest = rest.slice(close + 1);
    if (inner === 'end') {
      if (!inRange) throw broken(whole, 'there is an {end} without a {range}');
      return { parts, rest };
    }
    if (/^range\s/.test(inner)) {
      const body = parseParts(rest, whole, true);
      parts.push({ kind: 'range', path: readPath(inner.slice(5).trim(), whole), body: body.parts });
      rest = body.rest;
    } else parts.push(readInner(inner, whole));
  }
  if (inRange) throw broken(whole, 'a {range} has no {end}');
  return { parts, rest: '' };
}

function readInner(inner: string, whole: string): Part {
  if (/^["']/.test(inner)) return { kind: 'text', text: quoted(inner, whole) };
  return { kind: 'path', path: readPath(inner, whole) };
}

/** Where the brace ends that opens at a place; braces in quotes do not count. */
function closing(text: string, open: number, whole: string): number {
  let quote = '';
  for (let index = open + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\') index += 1;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '}') return index;
  }
  throw broken(whole, 'a { is not closed');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function quoted(text: string, whole: string): string {
  const body = /^(["'])(.*)\1$/s.exec(text)?.[2];
  if (body === undefined) throw broken(whole, `a quote is not closed in ${text}`);
  return body.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
}

const KEY = /^\.((?:\\.|[^.[\]{}()\s'"=<>!,])+)/;

function readPath(source: string, whole: string): Path {
  const fromRoot = source.startsWith('$');
  let rest = source.replace(/^[$@]/, '');
  const steps: Step[] = [];
  while (rest !== '') {
    if (rest.startsWith('..')) {
      steps.push({ kind: 'below' });
      rest = rest.startsWith('..[') ? rest.slice(2) : rest.slice(1);
    } else if (/^\.\*/.test(rest)) {
      steps.push({ kind: 'every' });
      rest = rest.slice(2);
    } else if (rest.startsWith('[')) {
      const close = closingBracket(rest, whole);
      steps.push(readBracket(rest.slice(1, close).trim(), whole));
      rest = rest.slice(close + 1);
    } else if (rest === '.') rest = '';
    else if (rest.startsWith('.[')) rest = rest.slice(1);
    else {
      const key = KEY.exec(rest);
      if (!key) throw broken(whole, `'${rest}' is no path`);
      steps.push({ kind: 'key', name: (key[1] ?? '').replace(/\\(.)/g, '$1') });
      rest = rest.slice(key[0].length);
    }
  }
  return { fromRoot, steps };
}

function closingBracket(text: string, whole: string): number {
  let quote = '';
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '[') depth += 1;
    else if (character === ']') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  throw broken(whole, 'a [ is not closed');
}

function readBracket(inner: string, whole: string): Step {
  if (inner === '*') return { kind: 'every' };
  const filter = /^\?\((.*)\)$/s.exec(inner);
  if (filter) return readFilter((filter[1] ?? '').trim(), whole);
  if (/^-?\d+$/.test(inner)) return { kind: 'index', at: Number(inner) };
  const slice = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(inner);
  if (slice) return { kind: 'slice', from: numeric(slice[1]), to: numeric(slice[2]), by: numeric(slice[3]) || 1 };
  const members = inner.match(/'[^']*'|"[^"]*"|-?\d+/g) ?? [];
  if (members.length === 0 || members.join(',') !== inner.replace(/\s*,\s*/g, ',')) {
    throw broken(whole, `[${inner}] is no index, key or filter`);
  }
  const of = members.map((member) => readMember(member, whole));
  return { kind: 'union', of };
}

const numeric = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

function readMember(member: string, whole: string): Path {
  if (/^-?\d+$/.test(member)) return { fromRoot: false, steps: [{ kind: 'index', at: Number(member) }] };
  return { fromRoot: false, steps: [{ kind: 'key', name: quoted(member.replaceAll('\\', '\\\\'), whole) }] };
}

function readFilter(source: string, whole: string): Step {
  const parts = /^((?:'[^']*'|"[^"]*"|[^=!<>'"])+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/s.exec(source);
  if (!parts) return { kind: 'filter', left: readPath(source, whole) };
  const [, left = '', operator = '', right = ''] = parts;
  const operatorName = OPERATORS.find((one) => one === operator) ?? '==';
  return {
    kind: 'filter',
    left: readPath(left.trim(), whole),
    operator: operatorName,
    right: readOperand(right, whole),
  };
}

function readOperand(source: string, whole: string): Operand {
  const text = source.trim();
  if (/^["']/.test(text)) return { value: quoted(text, whole) };
  if (/^[@$]/.test(text)) return { path: readPath(text, whole) };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  const number = Number(text);
  if (Number.isNaN(number)) throw broken(whole, `'${text}' is no text, number or path`);
  return { value: number };
}

function writeParts(parts: readonly Part[], value: Json, root: Json): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const matches = find(part.path, value, root);
      if (part.kind === 'range') return matches.map((item) => writeParts(part.body, item, root)).join('');
      return matches.map(textOfJson).join(' ');
    })
    .join('');
}

function find({ fromRoot, steps }: Path, value: Json, root: Json): readonly Json[] {
  let matches: readonly Json[] = [fromRoot ? root : value];
  for (const step of steps) matches = matches.flatMap((item) => take(step, item, root));
  return matches;
}

function take(step: Step, value: Json, root: Json): readonly Json[] {
  switch (step.kind) {
    case 'key':
      return keyed(value, step.name);
    case 'every':
      return childrenOf(value);
    case 'below':
      return [value, ...childrenOf(value).flatMap((child) => take(step, child, root))];
    case 'index':
      return isList(value) ? defined(value.at(step.at)) : [];
    case 'slice':
      return isList(value) ? value.slice(step.from, step.to).filter((_, index) => index % step.by === 0) : [];
    case 'union':
      return step.of.flatMap((path) => find(path, value, root));
    case 'filter':
      return childrenOf(value).filter((child) => passes(step, child, root));
  }
}

/** A key as it stands; in brackets kubectl takes 'a.b' for a path, and 'a\.b' for the key with the dot. */
function keyed(value: Json, name: string): readonly Json[] {
  if (!isObject(value)) return [];
  if (value[name] !== undefined) return defined(value[name]);
  if (!/[.\\]/.test(name)) return [];
  let current: readonly Json[] = [value];
  for (const key of name.match(/(?:\\.|[^.])+/g) ?? []) {
    current = current.flatMap((item) => (isObject(item) ? defined(item[key.replace(/\\(.)/g, '$1')]) : []));
  }
  return current;
}

const defined = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : [value]);

function childrenOf(value: Json): readonly Json[] {
  if (isList(value)) return value;
  return isObject(value) ? valuesOf(value) : [];
}

const valuesOf = (value: JsonObject): readonly Json[] => Object.values(value).flatMap(defined);

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;

function passes(step: Step & { readonly kind: 'filter' }, value: Json, root: Json): boolean {
  const [left] = find(step.left, value, root);
  if (step.operator === undefined || step.right === undefined) return left !== undefined;
  const right = 'value' in step.right ? step.right.value : find(step.right.path, value, root)[0];
  if (left === undefined || right === undefined) return false;
  return COMPARE[step.operator](left, right);
}

const COMPARE: Readonly<Record<Operator, (left: Json, right: Json) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => isLess(left, right),
  '>': (left, right) => isLess(right, left),
  '<=': (left, right) => left === right || isLess(left, right),
  '>=': (left, right) => left === right || isLess(right, left),
};

function isLess(left: Json, right: Json): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  return typeof left === 'string' && typeof right === 'string' && left < right;
}

function broken(source: string, why: string): HawserError {
  return new HawserError('usage', `cannot read the path '${source}': ${why}`, {
    hint: "write it like '{.metadata.name}' or '{range .items[*]}{.metadata.name}{\"\\n\"}{end}'",
  });
}
