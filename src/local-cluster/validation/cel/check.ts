// Whether an expression fits the schema that it stands at, told in the words of cel-go.

import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { isObject } from '../../../core/json.ts';
import { askedBy, checkCloser, conditionOf, signOf } from './closer.ts';
import { CONVERTED, constantFault } from './constants.ts';
import { parseWith, untypedEnvironment, userName } from './language.ts';
import { LITERAL, literalFaults } from './literals.ts';
import { syntaxFaults, type Told } from './syntax-faults.ts';
import { widen } from './widen.ts';

export interface Checked {
  /** As cel-go names it, where it is not known here. */
  readonly type: string | undefined;
  readonly fault: string | undefined;
  /** What it calls that Kubernetes knows and this cluster does not. */
  readonly unknown: string | undefined;
}

/** Whether an expression is one, whatever its variables are. */
export const checkUntyped = (expression: string): Checked => checkExpression(untypedEnvironment(), expression);

export function checkExpression(environment: Environment, expression: string): Checked {
  try {
    const parsed = parseWith(environment, expression);
    checkCloser(parsed.ast);
    const { valid, type, error } = parsed.check();
    if (valid)
      return (
        literalFault(environment, expression) ??
        conversionFault(environment, expression) ?? { type, fault: undefined, unknown: undefined }
      );
    return explained(environment, expression, error);
  } catch (thrown) {
    return explained(environment, expression, thrown);
  }
}

/** Texts that stand in an expression are looked at when it is read. */
function literalFault(environment: Environment, expression: string): Checked | undefined {
  if (!LITERAL.test(expression) || isWidened(environment, expression)) return undefined;
  const told = literalFaults(environment.parse(expression).ast);
  return told.length === 0
    ? undefined
    : faulty(told.map(({ text, at }) => pointingAt(expression, at, text)).join('\n'));
}

const INSTANTIATION = 'program instantiation failed: ';

function conversionFault(environment: Environment, expression: string): Checked | undefined {
  if (!CONVERTED.test(expression)) return undefined;
  const why = constantFault(parseWith(environment, expression).ast);
  return why === undefined ? undefined : faulty(`${INSTANTIATION}${why}`);
}

/** A fault with what it keeps from being done. */
export const compileWords = (fault: string): string =>
  fault.startsWith(INSTANTIATION) ? fault : `compilation failed: ${fault}`;

interface LibraryError {
  readonly code: string;
  readonly summary: string;
  readonly node?: ASTNode | undefined;
  readonly range?: { readonly start: number; readonly end: number } | undefined;
}

function explained(environment: Environment, expression: string, error: unknown): Checked {
  if (!isLibraryError(error)) return faulty(`ERROR: ${String(error)}`);
  if (isElsewhere(environment, error)) return { type: undefined, fault: undefined, unknown: error.summary };
  // Places would be those of what it is written as.
  if (isWidened(environment, expression)) return { type: undefined, fault: undefined, unknown: error.summary };
  if (isLimit(error)) return { type: undefined, fault: undefined, unknown: error.summary };
  const unread = syntaxOf(environment, expression, error);
  const all = unread.length > 0 ? unread : typeFaults(environment, expression, error);
  if (all === undefined) return { type: undefined, fault: undefined, unknown: error.summary };
  const told = all.length > 0 ? all : [inGo(error)];
  return faulty(told.map(({ text, at }) => pointingAt(expression, at, text)).join('\n'));
}

const isWidened = (environment: Environment, expression: string): boolean => {
  try {
    return widen(environment, expression) !== expression;
  } catch {
    return false;
  }
};

const unreadAt = ({ code, summary, range }: LibraryError): { code: string; summary: string; at: number } => ({
  code,
  summary,
  at: range?.start ?? 0,
});

/** What the library says of an expression that it cannot read. */
function readFault(environment: Environment, expression: string): ReturnType<typeof unreadAt> | undefined {
  try {
    environment.parse(expression);
    return undefined;
  } catch (thrown) {
    return isLibraryError(thrown) ? unreadAt(thrown) : undefined;
  }
}

const syntaxOf = (environment: Environment, expression: string, error: LibraryError): Told[] =>
  syntaxFaults(expression, unreadAt(error), (text) => readFault(environment, text));

/** More faults than anybody reads of one expression. */
const MOST_FAULTS = 100;

/** Every fault of the types; undefined where one is not known here. What is at fault may be anything for what is around it. */
function typeFaults(environment: Environment, expression: string, first: LibraryError): Told[] | undefined {
  if (!first.node || readFault(environment, expression)) return [inGo(first)];
  const parsed = parseWith(environment, expression);
  checkCloser(parsed.ast);
  const anything = anyType(environment);
  const told: Told[] = [];
  while (told.length < MOST_FAULTS) {
    const { error } = parsed.check();
    if (!isLibraryError(error)) break;
    if (isElsewhere(environment, error) || isLimit(error)) return undefined;
    const node: Typed | undefined = error.node;
    if (node?.checkedType === anything) break;
    told.push(inGo(error));
    if (!node) break;
    node.checkedType = anything;
  }
  return told.toSorted((one, other) => one.at - other.at);
}

type Typed = ASTNode & { checkedType?: unknown };

/** The library's type of what may be anything. */
function anyType(environment: Environment): unknown {
  const parsed = environment.parse('dyn(1)');
  parsed.check();
  const node: Typed = parsed.ast;
  return node.checkedType;
}

const faulty = (fault: string): Checked => ({ type: undefined, fault, unknown: undefined });

function isLibraryError(value: unknown): value is LibraryError {
  return isObject(value) && typeof value['code'] === 'string' && typeof value['summary'] === 'string';
}

/** Whether it calls what Kubernetes has and this cluster has not. */
function isElsewhere(environment: Environment, { code, summary }: LibraryError): boolean {
  if (code === 'unknown_variable') return NAMESPACES.has(summary.replace('Unknown variable: ', ''));
  const name = code === 'no_matching_overload' ? userName(functionOf(summary).name) : '';
  if (!KUBERNETES.has(name) || MACROS.has(name)) return false;
  return !environment.getDefinitions().functions.some((one) => userName(one.name) === name);
}

const isWide = (letter: string): boolean => letter > '\u007f';

/** A fault with its line and a mark below the place. */
function pointingAt(expression: string, at: number, text: string): string {
  if (expression === '') return `ERROR: <input>:1:0: ${text}`;
  const before = expression.slice(0, at);
  const line = before.split('\n').length;
  const left = [...before.slice(before.lastIndexOf('\n') + 1)];
  const source = expression.split('\n')[line - 1] ?? '';
  const [marked = ''] = expression.slice(at);
  const dots = left.map((letter) => (isWide(letter) ? '．' : '.')).join('');
  return `ERROR: <input>:${line}:${left.length + 1}: ${text}\n | ${source}\n | ${dots}${isWide(marked) ? '＾' : '^'}`;
}

/** By the library's code: cel-go's words, and where it points. */
const IN_GO: Readonly<Record<string, (error: LibraryError) => Told | undefined>> = {
  no_such_key: ({ summary, range, node }) => ({
    text: `undefined field '${summary.replace('No such key: ', '')}'`,
    at: node ? placeOf(node) : (range?.start ?? 0),
  }),
  unknown_variable: ({ summary, range }) => ({
    text: `undeclared reference to '${summary.replace('Unknown variable: ', '')}' (in container '')`,
    at: range?.start ?? 0,
  }),
  no_such_overload: (error) => operatorFault(error),
  no_matching_overload: (error) => functionFault(error),
  choice: ({ summary, node }) => ({
    text: noOverload('_?_:_', `(${goType(summary)})`),
    at: node ? operatorAt({ code: '', summary, node }) : 0,
  }),
  invalid_index_type: accessFault,
  cannot_index_type: accessFault,
  invalid_macro_argument: ({ node }) => ({ text: 'invalid argument to has() macro', at: node ? operandAt(node) : 0 }),
  bad_literal: ({ summary, node }) => ({ text: summary, at: node ? node.start - signOf(node).length : 0 }),
  invalid_number: ({ range }) => ({ text: 'invalid double literal', at: range?.start ?? 0 }),
  invalid_integer: ({ range }) => ({ text: 'invalid uint literal', at: range?.start ?? 0 }),
  element_type: ({ summary, node }) => ({ text: goType(summary), at: node ? operandAt(node) : 0 }),
  invalid_condition_type: conditionFault,
  reserved_identifier: ({ summary, range }) => ({
    text: summary.replace('Reserved', 'reserved'),
    at: range?.start ?? 0,
  }),
};

/** A field of what has none, or an item of what has none by such an index. */
function accessFault(error: LibraryError): Told {
  const args: unknown = error.node?.args;
  const [of, by] = Array.isArray(args) ? args.map(typeName) : [];
  if (error.node?.op === '[]') return { text: noOverload('_[_]', `(${of}, ${by})`), at: operatorAt(error) };
  const at = error.node ? placeOf(error.node) : 0;
  return { text: `type '${of}' does not support field selection`, at };
}

/** The type that a part was found to have. */
function typeName(part: unknown): string {
  const type = isObject(part) ? part['checkedType'] : undefined;
  return isObject(type) && typeof type['name'] === 'string' ? goType(type['name']) : 'dyn';
}

const OR_VALUE = /^optional\.orValue\(value\) argument .* got '(.+)' and '(.+)'/;

function inGo(error: LibraryError): Told {
  const told = IN_GO[error.code]?.(error);
  if (told) return told;
  const { summary, node, range } = error;
  const [either, own = '', other = ''] = OR_VALUE.exec(summary) ?? [];
  if (either !== undefined && node)
    return {
      text: noOverload('orValue', `optional_type(${goType(own)}).(${goType(other)})`),
      at: node.input.lastIndexOf('(', node.start),
    };
  const [operand, type = ''] =
    /(?:operands|condition must be bool|must return bool|must be bool), got '(.+)'/.exec(summary) ?? [];
  const text = operand === undefined ? rangeWords(goType(summary)) : `expected type 'bool' but found '${goType(type)}'`;
  return { text, at: node ? placeOf(node) : (range?.start ?? 0) };
}

/** What a macro that chooses items asks of each is no choice. */
function conditionFault({ summary, node }: LibraryError): Told | undefined {
  const macro = node && conditionOf(node);
  const [, found = ''] = /must return bool, got '(.+)'/.exec(summary) ?? [];
  if (!macro || found === '') return undefined;
  const [name, of]: readonly unknown[] = Array.isArray(macro.args) ? macro.args : [];
  const side = name === 'filter' ? typeName(of) : 'int';
  return { text: noOverload('_?_:_', `(${goType(found)}, ${side}, ${side})`), at: openingOf(macro, String(name)) };
}

/** Where cel-go says that a part is: at its operator, or at the parenthesis that a call begins with. */
function placeOf(node: ASTNode): number {
  const asking = askedBy(node);
  return asking ? openingOf(asking, 'has') : operandAt(node);
}

function operandAt(node: ASTNode): number {
  if (node.op === 'call' || node.op === 'rcall') return openingOf(node, userName(node.args[0]));
  return node.op in BETWEEN ? operatorAt({ code: '', summary: '', node }) : node.start;
}

/** Operators behind their first operand. */
const BETWEEN: Readonly<Record<string, true>> = Object.fromEntries(
  ['.', '.?', '[]', '[?]', '?:', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', 'in', '&&', '||'].map(
    (op) => [op, true],
  ),
);

const rangeWords = (text: string): string => text.replace(/^Expression of type (.*)\.$/s, 'expression of type $1');

/** Where the operator of two operands stands. */
function operatorAt({ node, range }: LibraryError): number {
  const args: unknown = node?.args;
  const first: unknown = Array.isArray(args) ? args[0] : undefined;
  if (!isObject(first) || typeof first['end'] !== 'number' || !node) return range?.start ?? 0;
  const gap = /^[\s)]*/.exec(node.input.slice(first['end']))?.[0] ?? '';
  return first['end'] + gap.length;
}

const BINARY = /^no such overload: (.+) ([-+*/%]|[=!]=|[<>]=?|in|&&|\|\|) (.+)$/;

function operatorFault(error: LibraryError): Told {
  const [, left = '', operator = '', right = ''] = BINARY.exec(error.summary) ?? [];
  if (operator !== '') {
    const name = operator === 'in' ? '@in' : `_${operator}_`;
    return { text: noOverload(name, `(${goType(left)}, ${goType(right)})`), at: operatorAt(error) };
  }
  const [, sign = '', only = ''] = /^no such overload: ([!-])(.+)$/.exec(error.summary) ?? [];
  return { text: noOverload(`${sign}_`, `(${goType(only)})`), at: error.range?.start ?? 0 };
}

const noOverload = (name: string, types: string): string =>
  `found no matching overload for '${name}' applied to '${types}'`;

function functionFault({ summary, range, node }: LibraryError): Told {
  const { receiver, name: own, args } = functionOf(summary);
  const name = userName(own);
  const at = node ? openingOf(node, name) : (range?.start ?? 0);
  if ((!KUBERNETES.has(name) && name !== 'sign') || MACROS.has(name))
    return { text: `undeclared reference to '${name}' (in container '')`, at };
  const types = args === '' ? '' : args.split(', ').map(goType).join(', ');
  const given: unknown = Array.isArray(node?.args) ? node.args[1] : undefined;
  const of = receiver === 'list' ? typeName(given) : goType(receiver);
  return { text: noOverload(name, `${receiver === '' ? '' : `${of}.`}(${types})`), at };
}

interface Called {
  readonly receiver: string;
  readonly name: string;
  readonly args: string;
}

function functionOf(summary: string): Called {
  const [, whole = ''] = /^found no matching overload for '(.+)'$/s.exec(summary) ?? [];
  const [, receiver = '', name = '', args = ''] = /^(?:(.+)\.)?(\w+)\((.*)\)$/s.exec(whole) ?? [];
  return { receiver, name, args };
}

/** The parenthesis that a call begins with. */
function openingOf(node: ASTNode, name: string): number {
  const args: unknown = node.args;
  const receiver: unknown = Array.isArray(args) ? args[1] : undefined;
  const from = isObject(receiver) && typeof receiver['end'] === 'number' ? receiver['end'] : node.start;
  const opening = node.input.indexOf('(', node.input.indexOf(name, from) + name.length);
  return opening < 0 ? node.start : opening;
}

const GO_TYPES: readonly (readonly [RegExp, string])[] = [
  [/\b[TKV]\b/g, 'dyn'],
  [/google\.protobuf\.Timestamp/g, 'timestamp'],
  [/google\.protobuf\.Duration/g, 'duration'],
  [/list<([^<>]*)>/g, 'list($1)'],
  [/map<([^<>]*)>/g, 'map($1)'],
  [/optional<([^<>]*)>/g, 'optional_type($1)'],
  [/\bObject\b/g, 'object'],
  [/\.(idx|elem)__/g, '.@$1'],
];

/** Types within types are turned from the inside out. */
export function goType(text: string): string {
  const turned = GO_TYPES.reduce((type, [form, name]) => type.replace(form, name), text);
  return turned === text ? text : goType(turned);
}

/** What the library cannot read or type although CEL can: has() of an item of a list, values of optional ones. */
const isLimit = ({ code, summary, node }: LibraryError): boolean =>
  (code === 'invalid_macro_argument' && !(node && askedBy(node))) ||
  (code === 'cannot_index_type' && summary.includes('optional'));

const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'existsOne', 'exists_one', 'filter', 'has', 'map']);

/** Functions of Kubernetes' CEL; some are not here, and some are for other types. */
const KUBERNETES: ReadonlySet<string> = new Set(
  `add all asApproximateFloat asInteger bool bytes charAt cidr compareTo contains containsCIDR containsIP
   distinct double duration dyn endsWith equivalent exists existsOne exists_one family fieldSelector filter find findAll first
   flatten format getDate getDayOfMonth getDayOfWeek getDayOfYear getEscapedPath getFullYear getHost getHostname getHours
   getMilliseconds getMinutes getMonth getPort getQuery getScheme getSeconds has hasValue indexOf int intersects ip isCIDR
   isCanonical isGlobalUnicast isGreaterThan isIP isInteger isLessThan isLinkLocalMulticast isLinkLocalUnicast isLoopback
   isQuantity isSemver isSorted isURL isUnspecified join labelSelector last lastIndexOf lowerAscii major map masked matches max min minor
   named none of ofNonZeroValue optFlatMap optMap or orValue patch prefixLength quantity quote range replace reverse semver
   size slice sort sortBy split startsWith string sub substring sum timestamp transformList transformMap
   transformMapEntry trim type uint unwrap unwrapOpt upperAscii url validate value`.split(/\s+/),
);

/** Variables of Kubernetes' CEL that functions are called on. */
const NAMESPACES: ReadonlySet<string> = new Set(['format', 'jsonpatch', 'lists', 'strings']);
