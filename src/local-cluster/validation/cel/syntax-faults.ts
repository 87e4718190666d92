// Expressions that cannot be read, told as cel-go's parser tells it: by what it meets and what it expects there.

export interface Told {
  readonly text: string;
  readonly at: number;
}

interface Unread {
  readonly code: string;
  readonly summary: string;
  readonly at: number;
}

const EXPECTED =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

const TOKEN = /(?:[a-zA-Z_]\w*|\d+(?:\.\d+)?u?|\.\d+|"[^"]*"|'[^']*'|==|!=|<=|>=|&&|\|\||[^\s])/y;

function tokenAt(expression: string, at: number): string {
  TOKEN.lastIndex = at;
  return TOKEN.exec(expression)?.[0] ?? '<EOF>';
}

const tokenAfter = (expression: string, at: number): string => {
  const end = at + tokenAt(expression, at).length;
  return tokenAt(expression, end + (/^\s*/.exec(expression.slice(end))?.[0].length ?? 0));
};

/** What an expression may begin with. */
const isOperand = (token: string): boolean => token !== '<EOF>' && /^[\w"'[({.!-]/.test(token);

/** Characters that begin nothing; some are looked at together with the next. */
function unknownText(expression: string, { code, at }: Unread): string {
  if (code === 'unterminated_string') return expression.slice(at);
  return expression.slice(at, at + (/[&|=]/.test(expression[at] ?? '') ? 2 : 1));
}

/** What stands where nothing more should. */
const surplus = (expression: string, at: number): string => {
  const isLast = tokenAfter(expression, at) === '<EOF>';
  return `${isLast ? 'extraneous' : 'mismatched'} input '${tokenAt(expression, at)}' expecting <EOF>`;
};

function unexpected(expression: string, at: number): string {
  const token = tokenAt(expression, at);
  const isExtra = token === '<EOF>' ? /!\s*$/.test(expression) : isOperand(tokenAfter(expression, at));
  return `${isExtra ? 'extraneous' : 'mismatched'} input '${token}' expecting ${EXPECTED}`;
}

const MISSING: Readonly<Record<string, (token: string) => string>> = {
  RPAREN: (token) => `missing ')' at '${token}'`,
  RBRACKET: (token) => `mismatched input '${token}' expecting {']', ','}`,
  COLON: (token) => `mismatched input '${token}' expecting ':'`,
  IDENTIFIER: (token) => `no viable alternative at input '.${token === '<EOF>' ? '' : token}'`,
};

/** A point and a digit are a number, not the field of one. */
const isFraction = (expression: string, at: number): boolean => /^\.\d/.test(expression.slice(Math.max(at, 0)));

/** Undefined for what is no fault of the syntax. */
function syntaxFault(expression: string, { code, summary, at }: Unread): string | undefined {
  if (code === 'unexpected_character') return surplus(expression, at);
  if (isFraction(expression, at - 1)) return surplus(expression, at - 1);
  if (code === 'unexpected_token') return unexpected(expression, at);
  const [, wanted = ''] = /^Expected (\w+), got/.exec(summary) ?? [];
  return code === 'expected_token' ? MISSING[wanted]?.(tokenAt(expression, at)) : undefined;
}

/** Every fault of the syntax; `read` says what is wrong with an expression, undefined where it can be read. */
export function syntaxFaults(expression: string, first: Unread, read: (text: string) => Unread | undefined): Told[] {
  const told: Told[] = [];
  let text = expression;
  let fault: Unread | undefined = first;
  while (fault && isUnknown(fault)) {
    const unknown = unknownText(text, fault);
    told.push({ text: `Syntax error: token recognition error at: '${unknown}'`, at: fault.at });
    text = text.slice(0, fault.at) + ' '.repeat(unknown.length) + text.slice(fault.at + unknown.length);
    fault = read(text);
  }
  const last = fault && syntaxFault(text, fault);
  if (last === undefined || !fault) return told;
  const at = isFraction(text, fault.at - 1) ? fault.at - 1 : fault.at;
  const isAlone = last.startsWith(`mismatched input '${tokenAt(text, at)}' expecting {'[', '{', '('`);
  const ends = isAlone && tokenAt(text, at) !== '<EOF>' && tokenAfter(text, at) === '<EOF>';
  return [
    ...told,
    { text: `Syntax error: ${last}`, at },
    ...(ends ? [{ text: `Syntax error: mismatched input '<EOF>' expecting ${EXPECTED}`, at: text.length }] : []),
  ];
}

const isUnknown = ({ code, summary }: Unread): boolean =>
  code === 'unterminated_string' || (code === 'unexpected_character' && !summary.includes("'"));
