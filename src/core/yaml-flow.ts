// Go's reader is more forgiving than YAML's grammar in flow collections and quoted texts: their later lines may stand
// as far left as they like, and a colon before a comma or bracket belongs to the text. This says the same in strict YAML.

/** Whether a text may need it though it can be read: `[a:]` would be a map. */
export function hasColonAtEnd(source: string): boolean {
  return /:[,\]}]/.test(source);
}

/** The text with the later lines of flow collections and quoted texts indented; lines keep their numbers. */
export function strictFlow(source: string): string {
  let at = 0;
  let output = '';
  while (at < source.length) {
    const { text, end } = blockNode(source, at);
    output += text;
    at = end;
  }
  return output;
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

/** One line of block style, with the whole of what begins on it. */
function blockNode(source: string, lineStart: number): Piece {
  let at = lineStart + matchAt(/ */y, source, lineStart).length;
  let output = source.slice(lineStart, at);
  let parent = -1;
  const take = (text: string, end: number): void => {
    output += text;
    at = end;
  };
  for (;;) {
    const lead = matchAt(/(?:---(?=\s|$)|[-?:](?=\s|$)|[&!][^\s,[\]{}]*)?[ \t]*/y, source, at);
    if (/^[-?:][ \t]*$/.test(lead)) parent = at - lineStart;
    take(lead, at + lead.length);
    if (lead !== '') continue;
    const column = at - lineStart;
    const first = source.charAt(at);
    if (first === '' || '|>#\r\n'.includes(first)) break;
    const isFlow = '[{"\''.includes(first);
    const piece = isFlow ? flowNode(source, at, ' '.repeat(parent + 1)) : plainNode(source, at);
    take(piece.text, piece.end);
    const colon = matchAt(/[ \t]*:(?=\s|$)/y, source, at);
    if (colon === '') return rest(source, { at, output, parent, folds: !isFlow });
    take(colon, at + colon.length);
    parent = column;
  }
  return rest(source, { at, output, parent, folds: /[|>]/.test(source.charAt(at)) });
}

interface Line {
  readonly at: number;
  readonly output: string;
  readonly parent: number;
  /** Whether deeper lines below go on with the text. */
  readonly folds: boolean;
}

/** What is left of a line, and of the lines that its text goes on in. */
function rest(source: string, { at, output, parent, folds }: Line): Piece {
  let end = endOfLine(source, at);
  while (folds && end < source.length) {
    const indent = matchAt(/ */y, source, end).length;
    const isBlank = /[\r\n]/.test(source.charAt(end + indent));
    if (!isBlank && indent <= parent) break;
    end = endOfLine(source, end);
  }
  return { text: output + source.slice(at, end), end };
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end + 1;
}

const plainNode = (source: string, at: number): Piece => {
  const text = matchAt(/(?:[^\s:#]|:(?!\s|$)|#|[ \t]+(?![\s:#]|$)|[ \t]+:(?!\s|$))+/y, source, at);
  // What is no text of the grammar is left to the parser to complain about.
  return text === '' ? { text: source.charAt(at), end: at + 1 } : { text, end: at + text.length };
};

const TOKENS =
  /(?<quoted>"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*')|(?<comment>(?<=\s)#[^\n]*)|(?<open>[[{])|(?<close>[\]}])|(?<plain>(?:[^\s,[\]{}:"']|:(?!\s))(?:[^\s,[\]{}:]|:(?!\s))*)|[\s\S]/y;

/** A flow collection or a quoted text to its end. */
function flowNode(source: string, start: number, indent: string): Piece {
  let at = start;
  let depth = 0;
  let output = '';
  do {
    TOKENS.lastIndex = at;
    const match = TOKENS.exec(source);
    if (!match) break;
    const [token] = match;
    const { open, close, plain } = match.groups ?? {};
    if (open !== undefined) depth += 1;
    if (close !== undefined) depth -= 1;
    at += token.length;
    const isText = plain?.endsWith(':') === true && /[,\]}]/.test(source.charAt(at));
    output += isText ? `'${token.replaceAll("'", "''")}'` : token.replaceAll('\n', `\n${indent}`);
  } while (depth > 0 && at < source.length);
  return { text: output, end: at };
}

function matchAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
}
