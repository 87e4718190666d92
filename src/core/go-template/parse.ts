// Templates of Go's text/template, as kubectl's -o go-template takes them: text with actions in double braces.

import { isFunction } from './functions.ts';
import { broken, type Token, tokensOf } from './tokens.ts';

/** What an argument is before its fields are looked up. */
export type Base =
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline };

export interface Operand {
  readonly base: Base;
  readonly fields: readonly string[];
}

/** Commands, each with the answer of the one before it as its last argument. */
export type Pipeline = readonly (readonly Operand[])[];

export interface Branch {
  readonly pipeline: Pipeline;
  /** Set to the value; of `range` to the index and the element. */
  readonly variables: readonly string[];
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | { readonly kind: 'set'; readonly variable: string; readonly isNew: boolean; readonly pipeline: Pipeline }
  | ({ readonly kind: 'if' | 'range' | 'with' } & Branch)
  | { readonly kind: 'break' | 'continue' };

/** Throws `usage` with what is wrong. */
export function parseGoTemplate(source: string): readonly Node[] {
  const parser = { tokens: tokensOf(source), at: 0, source };
  const nodes = parseNodes(parser);
  if (parser.at < parser.tokens.length) throw broken(source, `there is an {{${wordAt(parser)}}} too many`);
  return nodes;
}

interface Parser {
  readonly tokens: readonly Token[];
  readonly source: string;
  at: number;
}

const peek = ({ tokens, at }: Parser): Token | undefined => tokens[at];

function isNext(parser: Parser, kind: Token['kind'], text?: string): boolean {
  const token = peek(parser);
  return token?.kind === kind && (text === undefined || token.text === text);
}

function take(parser: Parser, kind: Token['kind'], text?: string): Token {
  const token = peek(parser);
  if (token?.kind === kind && (text === undefined || token.text === text)) {
    parser.at += 1;
    return token;
  }
  const what = token ? (token.kind === 'close' ? 'the end of the action' : `'${token.text}'`) : 'the end';
  throw broken(parser.source, `unexpected ${what}`);
}

/** The word that an action begins with. */
const wordAt = ({ tokens, at }: Parser): string =>
  tokens[at]?.kind === 'open' && tokens[at + 1]?.kind === 'word' ? (tokens[at + 1]?.text ?? '') : '';

function parseNodes(parser: Parser): Node[] {
  const nodes: Node[] = [];
  for (;;) {
    const token = peek(parser);
    if (!token || /^(end|else)$/.test(wordAt(parser))) return nodes;
    if (token.kind === 'text') {
      parser.at += 1;
      nodes.push({ kind: 'text', text: token.text });
    } else nodes.push(parseAction(parser));
  }
}

function parseAction(parser: Parser): Node {
  const word = wordAt(parser);
  take(parser, 'open');
  if (word === 'if' || word === 'range' || word === 'with') {
    parser.at += 1;
    return { kind: word, ...parseBranch(parser) };
  }
  if (word === 'break' || word === 'continue') {
    parser.at += 1;
    take(parser, 'close');
    return { kind: word };
  }
  if (/^(define|template|block)$/.test(word)) throw broken(parser.source, `'${word}' is not supported`);
  const { variables, isNew } = parseVariables(parser);
  const pipeline = parsePipeline(parser);
  take(parser, 'close');
  const [variable] = variables;
  return variable === undefined ? { kind: 'print', pipeline } : { kind: 'set', variable, isNew, pipeline };
}

function parseBranch(parser: Parser): Branch {
  const { variables } = parseVariables(parser);
  const pipeline = parsePipeline(parser);
  take(parser, 'close');
  const body = parseNodes(parser);
  if (wordAt(parser) === '') throw broken(parser.source, 'an {{end}} is missing');
  take(parser, 'open');
  if (isNext(parser, 'word', 'end')) {
    parser.at += 1;
    take(parser, 'close');
    return { pipeline, variables, body, otherwise: [] };
  }
  take(parser, 'word', 'else');
  const word = peek(parser)?.text;
  if (word === 'if' || word === 'with') {
    parser.at += 1;
    return { pipeline, variables, body, otherwise: [{ kind: word, ...parseBranch(parser) }] };
  }
  take(parser, 'close');
  const otherwise = parseNodes(parser);
  if (wordAt(parser) !== 'end') throw broken(parser.source, 'an {{end}} is missing');
  for (const [kind, text] of [['open'], ['word', 'end'], ['close']] as const) take(parser, kind, text);
  return { pipeline, variables, body, otherwise };
}

/** `$name :=`, `$index, $element :=` or `$name =`, where one stands. */
function parseVariables(parser: Parser): { readonly variables: readonly string[]; readonly isNew: boolean } {
  const start = parser.at;
  const names: string[] = [];
  while (isNext(parser, 'variable') && names.length < 2) {
    names.push(take(parser, 'variable').text);
    if (!isNext(parser, 'sign', ',')) break;
    parser.at += 1;
  }
  const sign = peek(parser);
  if (names.length > 0 && sign?.kind === 'sign' && /^:?=$/.test(sign.text)) {
    parser.at += 1;
    return { variables: names, isNew: sign.text === ':=' };
  }
  parser.at = start;
  return { variables: [], isNew: false };
}

function parsePipeline(parser: Parser): Pipeline {
  const commands: Operand[][] = [];
  do {
    if (commands.length > 0) parser.at += 1;
    const operands: Operand[] = [];
    while (isOperand(peek(parser))) operands.push(parseOperand(parser));
    if (operands.length === 0) throw broken(parser.source, 'an action is empty');
    commands.push(operands);
  } while (isNext(parser, 'sign', '|'));
  return commands;
}

const isOperand = (token: Token | undefined): boolean =>
  token !== undefined &&
  (/^(word|field|variable|text-literal|number)$/.test(token.kind) ||
    (token.kind === 'sign' && /^[.(]$/.test(token.text)));

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

function parseOperand(parser: Parser): Operand {
  const isField = isNext(parser, 'field');
  const base: Base = isField ? { kind: 'dot' } : parseBase(parser);
  const fields = isField ? [take(parser, 'field').text] : [];
  // A field that stands apart is another argument.
  while (isNext(parser, 'field') && peek(parser)?.isApart !== true) fields.push(take(parser, 'field').text);
  return { base, fields };
}

function parseBase(parser: Parser): Base {
  const token = peek(parser);
  parser.at += 1;
  if (token?.kind === 'variable') return { kind: 'variable', name: token.text };
  if (token?.kind === 'number') return { kind: 'literal', value: Number(token.text) };
  if (token?.kind === 'text-literal') return { kind: 'literal', value: token.text };
  if (token?.kind === 'word') {
    const constant = CONSTANTS.get(token.text);
    if (constant === undefined && !isFunction(token.text))
      throw broken(parser.source, `function "${token.text}" not defined`);
    return constant === undefined ? { kind: 'function', name: token.text } : { kind: 'literal', value: constant };
  }
  if (token?.text === '.') return { kind: 'dot' };
  const pipeline = parsePipeline(parser);
  take(parser, 'sign', ')');
  return { kind: 'pipeline', pipeline };
}
