// The words of a template. Trim markers and comments are gone here.

import { HawserError } from '../errors.ts';

export interface Token {
  readonly kind: 'text' | 'open' | 'close' | 'word' | 'field' | 'variable' | 'text-literal' | 'number' | 'sign';
  /** Of a field without its dot, of a variable with its dollar sign, of a literal what it stands for. */
  readonly text: string;
  /** White space stands before it. */
  readonly isApart: boolean;
}

export const broken = (source: string, reason: string): HawserError =>
  new HawserError('usage', `cannot read the template '${source}': ${reason}`, {
    hint: `write it like '{{.metadata.name}}' or '{{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}'`,
  });

export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let rest = source;
  let trims = false;
  while (rest !== '') {
    const open = rest.indexOf('{{');
    const text = open < 0 ? rest : rest.slice(0, open);
    const trimsBefore = open >= 0 && /^-\s/.test(rest.slice(open + 2));
    const trimmed = trimText(text, { start: trims, end: trimsBefore });
    if (trimmed !== '') tokens.push({ kind: 'text', text: trimmed, isApart: false });
    if (open < 0) break;
    const action = readAction(rest.slice(open + (trimsBefore ? 3 : 2)), source);
    tokens.push(...action.tokens);
    ({ rest, trims } = action);
  }
  return tokens;
}

function trimText(text: string, { start, end }: { readonly start: boolean; readonly end: boolean }): string {
  const left = start ? text.trimStart() : text;
  return end ? left.trimEnd() : left;
}

interface Action {
  readonly tokens: readonly Token[];
  readonly rest: string;
  /** The white space after it goes. */
  readonly trims: boolean;
}

const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /^[+-]?(?:0[xX][\da-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/],
  ['field', /^\.[\p{L}_][\p{L}\p{N}_]*/u],
  ['variable', /^\$[\p{L}\p{N}_]*/u],
  ['word', /^[\p{L}_][\p{L}\p{N}_]*/u],
  ['text-literal', /^"(?:[^"\\\n]|\\.)*"|^`[^`]*`/],
  ['sign', /^(?::=|[.=|(),])/],
];

function readAction(text: string, source: string): Action {
  const comment = /^\s*\/\*.*?\*\/(\s-)?\s*\}\}/s.exec(text);
  if (comment) return { tokens: [], rest: text.slice(comment[0].length), trims: comment[1] !== undefined };
  const tokens: Token[] = [{ kind: 'open', text: '{{', isApart: false }];
  let rest = text;
  for (;;) {
    const [space = ''] = /^\s*/.exec(rest) ?? [];
    rest = rest.slice(space.length);
    const [end, trim] = /^(-)?\}\}/.exec(rest) ?? [];
    if (end !== undefined) {
      tokens.push({ kind: 'close', text: '}}', isApart: false });
      return { tokens, rest: rest.slice(end.length), trims: trim !== undefined && space !== '' };
    }
    if (rest === '') throw broken(source, 'a {{ is not closed');
    const token = nextToken(rest, space !== '', source);
    tokens.push(token.token);
    rest = rest.slice(token.length);
  }
}

function nextToken(rest: string, isApart: boolean, source: string): { readonly token: Token; readonly length: number } {
  for (const [kind, pattern] of PATTERNS) {
    const [text] = pattern.exec(rest) ?? [];
    if (text !== undefined)
      return { token: { kind, text: tokenText(kind, text, source), isApart }, length: text.length };
  }
  throw broken(source, `unexpected '${rest[0] ?? ''}'`);
}

function tokenText(kind: Token['kind'], text: string, source: string): string {
  if (kind === 'field') return text.slice(1);
  if (kind !== 'text-literal') return text;
  if (text.startsWith('`')) return text.slice(1, -1);
  try {
    // What Go escapes and JSON does not: \a, \v, \xNN, '.
    const json = text
      .replaceAll(/\\x([\da-fA-F]{2})/g, '\\u00$1')
      .replaceAll('\\a', '\\u0007')
      .replaceAll('\\v', '\\u000b');
    return String(JSON.parse(json));
  } catch {
    throw broken(source, `${text} is no text`);
  }
}
