// Conditions in expr (expr-lang.org): what they come to of the values that they name.

import { isList, type Json, type JsonObject, setField } from '../json.ts';
import { FUNCTIONS, LIST_FUNCTIONS, listOf, member } from './functions.ts';
import { failure, OPERATORS, PRECEDENCE, typeName } from './operators.ts';
import { invalid, type Token, tokenize } from './tokens.ts';

interface Scope {
  readonly names: JsonObject;
  /** Of the list that is gone through. */
  readonly element?: Json;
  readonly index?: number;
}

type Evaluate = (scope: Scope) => Json;

interface Parser {
  readonly source: string;
  readonly tokens: readonly Token[];
  index: number;
  levels: number;
}

/** Throws `invalid` for what is no expression, and for one that does not fit the values. */
export function evaluate(source: string, names: JsonObject): Json {
  const parser: Parser = { source, tokens: tokenize(source), index: 0, levels: 0 };
  const run = sequence(parser);
  if (peek(parser).type !== 'end') fail(parser);
  return run({ names });
}

const END: Token = { type: 'end', text: 'EOF', at: 0 };

const peek = (parser: Parser): Token => parser.tokens[parser.index] ?? END;

function advance(parser: Parser): Token {
  const token = peek(parser);
  if (token.type !== 'end') parser.index += 1;
  return token;
}

const isNext = (parser: Parser, ...texts: readonly string[]): boolean => {
  const { type, text } = peek(parser);
  return (type === 'symbol' || type === 'name') && texts.includes(text);
};

function accept(parser: Parser, text: string): boolean {
  if (!isNext(parser, text)) return false;
  advance(parser);
  return true;
}

function expect(parser: Parser, text: string): void {
  if (!accept(parser, text)) fail(parser);
}

function fail(parser: Parser): never {
  const { type, text, at } = peek(parser);
  const what = type === 'end' ? 'unexpected token EOF' : `unexpected token ${NAMES[type] ?? type}("${text}")`;
  throw invalid(parser.source, at, what);
}

const NAMES: Readonly<Record<string, string>> = {
  name: 'Identifier',
  number: 'Number',
  string: 'String',
  symbol: 'Operator',
};

/** `let x = 1; x + 1` */
function sequence(parser: Parser): Evaluate {
  if (!(isNext(parser, 'let') && parser.tokens[parser.index + 1]?.type === 'name')) return expression(parser, 0);
  advance(parser);
  const { text } = advance(parser);
  expect(parser, '=');
  const value = expression(parser, 0);
  expect(parser, ';');
  const rest = sequence(parser);
  return (scope) => {
    const names: Record<string, Json | undefined> = { ...scope.names };
    setField(names, text, value(scope));
    return rest({ ...scope, names });
  };
}

const MAX_LEVELS = 200;

const NEGATABLE = ['in', 'contains', 'startsWith', 'endsWith', 'matches'];

function expression(parser: Parser, least: number): Evaluate {
  parser.levels += 1;
  if (parser.levels > MAX_LEVELS) throw invalid(parser.source, peek(parser).at, 'compilation failed: too many levels');
  let left = unary(parser);
  for (;;) {
    const { text, type } = peek(parser);
    const after = parser.tokens[parser.index + 1]?.text ?? '';
    const isNegated = text === 'not' && NEGATABLE.includes(after);
    const operator = isNegated ? after : text;
    const precedence = type === 'symbol' || type === 'name' ? PRECEDENCE[operator] : undefined;
    if (precedence === undefined || !Object.hasOwn(PRECEDENCE, operator) || precedence <= least) break;
    advance(parser);
    if (isNegated) advance(parser);
    const isRight = operator === '**' || operator === '^';
    left =
      operator === '|'
        ? piped(parser, left)
        : binary(operator, left, expression(parser, isRight ? precedence - 1 : precedence));
    if (isNegated) left = negated(left);
  }
  parser.levels -= 1;
  return least === 0 ? conditional(parser, left) : left;
}

const negated =
  (operand: Evaluate): Evaluate =>
  (scope) =>
    !truth(operand(scope), '!');

function conditional(parser: Parser, condition: Evaluate): Evaluate {
  if (!accept(parser, '?')) return condition;
  const yes = expression(parser, 0);
  expect(parser, ':');
  const no = expression(parser, 0);
  return (scope) => (truth(condition(scope), '?') ? yes(scope) : no(scope));
}

function truth(value: Json, operator: string): boolean {
  if (typeof value === 'boolean') return value;
  throw failure(`invalid operation: ${operator} (mismatched type ${typeName(value)})`);
}

function binary(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  if (operator === 'and' || operator === '&&')
    return (scope) => truth(left(scope), operator) && truth(right(scope), operator);
  if (operator === 'or' || operator === '||')
    return (scope) => truth(left(scope), operator) || truth(right(scope), operator);
  if (operator === '??') return (scope) => left(scope) ?? right(scope);
  const operate = OPERATORS[operator];
  if (!operate) throw failure(`unknown operator ${operator}`);
  return (scope) => operate(left(scope), right(scope));
}

/** `value | function(more)`: the value is the first argument. */
function piped(parser: Parser, value: Evaluate): Evaluate {
  const { type, text } = advance(parser);
  if (type !== 'name') fail(parser);
  return suffixes(parser, call(parser, text, [value]));
}

function unary(parser: Parser): Evaluate {
  if (accept(parser, 'not') || accept(parser, '!')) return negated(expression(parser, 50));
  if (accept(parser, '-')) {
    const operand = expression(parser, 90);
    return (scope) => OPERATORS['-']?.(0, operand(scope)) ?? null;
  }
  if (accept(parser, '+')) return expression(parser, 90);
  return suffixes(parser, primary(parser));
}

function primary(parser: Parser): Evaluate {
  const { type, text } = peek(parser);
  if (type === 'number' || type === 'string') {
    advance(parser);
    const value = type === 'number' ? Number(text) : text;
    return () => value;
  }
  if (accept(parser, '(')) {
    const inner = sequence(parser);
    expect(parser, ')');
    return inner;
  }
  if (accept(parser, '[')) return listLiteral(parser);
  if (accept(parser, '{')) return mapLiteral(parser);
  if (accept(parser, '#')) {
    const isIndex = accept(parser, 'index');
    return ({ element = null, index = 0 }) => (isIndex ? index : element);
  }
  // In braces a field without anything before it is one of the element.
  if (isNext(parser, '.')) return ({ element = null }) => element;
  if (type !== 'name') return fail(parser);
  advance(parser);
  return named(parser, text);
}

const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

function named(parser: Parser, name: string): Evaluate {
  if (isNext(parser, '(')) return call(parser, name, []);
  const word = WORDS.get(name);
  if (word !== undefined) return () => word;
  if (name === '$env') return ({ names }) => names;
  return ({ names }) => (Object.hasOwn(names, name) ? (names[name] ?? null) : null);
}

function listLiteral(parser: Parser): Evaluate {
  const items: Evaluate[] = [];
  while (!isNext(parser, ']')) {
    items.push(expression(parser, 0));
    if (!accept(parser, ',')) break;
  }
  expect(parser, ']');
  return (scope) => items.map((item) => item(scope));
}

function mapLiteral(parser: Parser): Evaluate {
  const fields: { readonly key: Evaluate; readonly value: Evaluate }[] = [];
  while (!isNext(parser, '}')) {
    const { type, text } = peek(parser);
    const isPlain = type === 'name' || type === 'string' || type === 'number';
    if (isPlain) advance(parser);
    else expect(parser, '(');
    const key: Evaluate = isPlain ? () => text : expression(parser, 0);
    if (!isPlain) expect(parser, ')');
    expect(parser, ':');
    fields.push({ key, value: expression(parser, 0) });
    if (!accept(parser, ',')) break;
  }
  expect(parser, '}');
  return (scope) => {
    const map: Record<string, Json> = {};
    for (const { key, value } of fields) setField(map, String(key(scope)), value(scope));
    return map;
  };
}

function suffixes(parser: Parser, first: Evaluate): Evaluate {
  let holder = first;
  // What follows `?.` is not asked of nil.
  let isOptional = false;
  for (;;) {
    if (isNext(parser, '.', '?.')) {
      isOptional = advance(parser).text === '?.' || isOptional;
      if (isOptional && accept(parser, '[')) holder = indexed(parser, holder, isOptional);
      else holder = field(parser, holder, isOptional);
    } else if (accept(parser, '[')) holder = indexed(parser, holder, isOptional);
    else return holder;
  }
}

function field(parser: Parser, holder: Evaluate, isOptional: boolean): Evaluate {
  const { type, text } = advance(parser);
  if (type !== 'name') fail(parser);
  return (scope) => {
    const value = holder(scope);
    return value === null && isOptional ? null : member(value, text);
  };
}

function indexed(parser: Parser, holder: Evaluate, isOptional: boolean): Evaluate {
  const from = isNext(parser, ':') ? undefined : expression(parser, 0);
  if (!accept(parser, ':')) {
    expect(parser, ']');
    const key = from ?? fail(parser);
    return (scope) => {
      const value = holder(scope);
      return value === null && isOptional ? null : member(value, key(scope));
    };
  }
  const to = isNext(parser, ']') ? undefined : expression(parser, 0);
  expect(parser, ']');
  return (scope) => slice(holder(scope), from?.(scope), to?.(scope));
}

function slice(value: Json, from: Json | undefined, to: Json | undefined): Json {
  const [start, end] = [from, to].map((bound) => (typeof bound === 'number' ? bound : undefined));
  if (typeof value === 'string') return value.slice(start, end);
  if (isList(value)) return value.slice(start, end);
  throw failure(`cannot slice ${typeName(value)}`);
}

function call(parser: Parser, name: string, before: readonly Evaluate[]): Evaluate {
  const { at } = peek(parser);
  const over = Object.hasOwn(LIST_FUNCTIONS, name) ? LIST_FUNCTIONS[name] : undefined;
  const plain = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!over && !plain) throw invalid(parser.source, at, `unknown name ${name}`);
  const args = [...before];
  if (accept(parser, '(')) {
    while (!isNext(parser, ')')) {
      args.push(over && args.length === 1 ? predicate(parser) : expression(parser, 0));
      if (!accept(parser, ',')) break;
    }
    expect(parser, ')');
  }
  const [list, test] = args;
  if (over && list && test)
    return (scope) => over(listOf(list(scope), name), (element, index) => test({ ...scope, element, index }));
  if (!plain) throw invalid(parser.source, at, `not enough arguments to call ${name}`);
  return (scope) => plain(...args.map((arg) => arg(scope)));
}

/** In braces, or without. */
function predicate(parser: Parser): Evaluate {
  if (!accept(parser, '{')) return expression(parser, 0);
  const inner = sequence(parser);
  expect(parser, '}');
  return inner;
}
