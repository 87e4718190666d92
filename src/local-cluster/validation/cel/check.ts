// Whether an expression fits the schema that it stands at, told in the words of cel-go.

import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { isObject } from '../../../core/json.ts';
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
    const { valid, type, error } = parsed.check();
    if (valid) return literalFault(environment, expression) ?? { type, fault: undefined, unknown: undefined };
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
  if (LIMITS.has(error.code)) return { type: undefined, fault: undefined, unknown: error.summary };
  const unread = syntaxOf(environment, expression, error);
  const all = unread.length > 0 ? unread : undeclared(environment, expression, error);
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

const UNDECLARED = 'Unknown variable: ';

/** Every name that is not declared, and what else is wrong once all are; undefined where that is not known here. */
function undeclared(environment: Environment, expression: string, first: LibraryError): Told[] | undefined {
  const told: Told[] = [];
  const known = environment.clone();
  let error: unknown = first;
  while (isLibraryError(error) && error.code === 'unknown_variable') {
    told.push(inGo(error));
    const name = error.summary.replace(UNDECLARED, '');
    if (known.hasVariable(name)) break;
    known.registerVariable(name, 'dyn');
    error = parseWith(known, expression).check().error;
  }
  if (told.length > 0 && isLibraryError(error) && isElsewhere(known, error)) return undefined;
  const rest = told.length > 0 && isLibraryError(error) && error.code !== 'unknown_variable' ? [inGo(error)] : [];
  return [...told, ...rest].toSorted((one, other) => one.at - other.at);
}

const faulty = (fault: string): Checked => ({ type: undefined, fault, unknown: undefined });

function isLibraryError(value: unknown): value is LibraryError {
  return isObject(value) && typeof value['code'] === 'string' && typeof value['summary'] === 'string';
}

/** Whether it calls what Kubernetes has and this cluster has not. */
function isElsewhere(environment: Environment, { code, summary }: LibraryError): boolean {
  if (code === 'unknown_variable') return NAMESPACES.has(summary.replace('Unknown variable: ', ''));
  const name = code === 'no_matching_overload' ? userName(functionOf(summary).name) : '';
  if (!KUBERNETES.has(name)) return false;
  return !environment.getDefinitions().functions.some((one) => userName(one.name) === name);
}

/** A fault with its line and a mark below the place. */
function pointingAt(expression: string, at: number, text: string): string {
  if (expression === '') return `ERROR: <input>:1:0: ${text}`;
  const before = expression.slice(0, at);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n') - 1;
  const source = expression.split('\n')[line - 1] ?? '';
  return `ERROR: <input>:${line}:${column + 1}: ${text}\n | ${source}\n | ${'.'.repeat(column)}^`;
}

/** By the library's code: cel-go's words, and where it points. */
const IN_GO: Readonly<Record<string, (error: LibraryError) => Told | undefined>> = {
  no_such_key: ({ summary, range }) => ({
    text: `undefined field '${summary.replace('No such key: ', '')}'`,
    at: Math.max((range?.start ?? 1) - 1, 0),
  }),
  unknown_variable: ({ summary, range }) => ({
    text: `undeclared reference to '${summary.replace('Unknown variable: ', '')}' (in container '')`,
    at: range?.start ?? 0,
  }),
  no_such_overload: (error) => operatorFault(error),
  no_matching_overload: (error) => functionFault(error),
  invalid_index_type: (error) => ({ text: error.summary, at: operatorAt(error) }),
  reserved_identifier: ({ summary, range }) => ({
    text: summary.replace('Reserved', 'reserved'),
    at: range?.start ?? 0,
  }),
};

function inGo(error: LibraryError): Told {
  const told = IN_GO[error.code]?.(error);
  const operand = /(?:operands|condition must be bool|must return bool|must be bool), got '(.+)'/.exec(error.summary);
  if (told) return told;
  const text = operand ? `expected type 'bool' but found '${goType(operand[1] ?? '')}'` : goType(error.summary);
  return { text, at: error.range?.start ?? 0 };
}

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
  if (!KUBERNETES.has(name) && name !== 'sign')
    return { text: `undeclared reference to '${name}' (in container '')`, at };
  const types = args === '' ? '' : args.split(', ').map(goType).join(', ');
  return { text: noOverload(name, `${receiver === '' ? '' : `${goType(receiver)}.`}(${types})`), at };
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
  [/\bObject\d+\b/g, 'object'],
];

/** Types within types are turned from the inside out. */
export function goType(text: string): string {
  const turned = GO_TYPES.reduce((type, [form, name]) => type.replace(form, name), text);
  return turned === text ? text : goType(turned);
}

/** What the library cannot read or type although CEL can: has() of an item of a list, values of optional ones. */
const LIMITS: ReadonlySet<string> = new Set(['cannot_index_type', 'invalid_macro_argument']);

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
