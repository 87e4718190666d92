// Globs of the policy language: `*` stands for any characters, slashes too. Matched without a regular expression: a project
// writes globs of its own, and none may take more time than its length and the text's.

export type Matcher = (text: string) => boolean;

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly has: Matcher };

/** Braces multiply; a glob that stands for more than these matches nothing. */
const MAX_ALTERNATIVES = 256;

/** Undefined for a glob that cannot be read. */
export function compileGlob(glob: string): Matcher | undefined {
  if (!/[*?[\]{}\\]/.test(glob)) return (text) => text === glob;
  const star = glob.indexOf('*');
  if (!/[?[\]{}\\]/.test(glob) && glob.lastIndexOf('*') === star) return aroundStar(glob, star);
  const alternatives = expandBraces(glob);
  if (!alternatives || alternatives.length > MAX_ALTERNATIVES) return undefined;
  const matchers: Matcher[] = [];
  for (const alternative of alternatives) {
    const tokens = tokensOf(alternative);
    if (!tokens) return undefined;
    // Most texts differ in their first characters.
    const head = /^[^*?[\\]*/.exec(alternative)?.[0] ?? '';
    matchers.push((text) => text.startsWith(head) && matchesTokens(tokens, text));
  }
  const [only] = matchers;
  return only && matchers.length === 1 ? only : (text) => matchers.some((matches) => matches(text));
}

/** The common form: nothing but one star, somewhere. */
function aroundStar(glob: string, star: number): Matcher {
  const head = glob.slice(0, star);
  const tail = glob.slice(star + 1);
  if (head === '' && tail === '') return () => true;
  if (tail === '') return (text) => text.startsWith(head);
  const least = head.length + tail.length;
  return (text) => text.length >= least && text.startsWith(head) && text.endsWith(tail);
}

/** 'a{b,c}' as 'ab' and 'ac'; undefined when a brace has no partner. */
function expandBraces(glob: string): readonly string[] | undefined {
  const open = indexOutside(glob, 0, '{');
  if (open === undefined) return indexOutside(glob, 0, '}') === undefined ? [glob] : undefined;
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open + 1; at < glob.length; at += 1) {
    const character = glob.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '{') depth += 1;
    else if (character === ',' && depth === 0) {
      parts.push(glob.slice(from, at));
      from = at + 1;
    } else if (character === '}' && depth > 0) depth -= 1;
    else if (character === '}') {
      parts.push(glob.slice(from, at));
      return expandEach(parts.map((part) => glob.slice(0, open) + part + glob.slice(at + 1)));
    }
  }
  return undefined;
}

function expandEach(globs: readonly string[]): readonly string[] | undefined {
  const all: string[] = [];
  for (const glob of globs) {
    const expanded = all.length > MAX_ALTERNATIVES ? undefined : expandBraces(glob);
    if (!expanded) return undefined;
    all.push(...expanded);
  }
  return all;
}

/** Of a character that is neither escaped nor in brackets. */
function indexOutside(glob: string, from: number, character: string): number | undefined {
  let inClass = false;
  for (let at = from; at < glob.length; at += 1) {
    const each = glob.charAt(at);
    if (each === '\\') at += 1;
    else if (inClass) inClass = each !== ']';
    else if (each === '[') inClass = true;
    else if (each === character) return at;
  }
  return undefined;
}

function tokensOf(glob: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob.charAt(at);
    if (character === '*') tokens.push({ kind: 'any' });
    else if (character === '?') tokens.push({ kind: 'one' });
    else if (character === '[') {
      const end = glob.indexOf(']', at + 1);
      const token = end < 0 ? undefined : classOf(glob.slice(at + 1, end));
      if (!token) return undefined;
      tokens.push(token);
      at = end;
    } else {
      if (character === '\\') at += 1;
      if (at >= glob.length) return undefined;
      tokens.push({ kind: 'text', text: glob.charAt(at) });
    }
  }
  return tokens;
}

function classOf(inside: string): Token | undefined {
  const negated = inside.startsWith('!');
  const members = negated ? inside.slice(1) : inside;
  if (members === '') return undefined;
  const range = /^(.)-(.)$/s.exec(members);
  if (!range) return { kind: 'class', negated, has: (text) => members.includes(text) };
  const [, low = '', high = ''] = range;
  return low > high ? undefined : { kind: 'class', negated, has: (text) => text >= low && text <= high };
}

/** Only the last star is ever tried anew: what it takes more of, an earlier one need not. */
function matchesTokens(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current?.kind === 'any') {
      star = token;
      resume = at;
      token += 1;
    } else if (current && fitsOne(current, text.charAt(at))) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      token = star + 1;
    } else return false;
  }
  while (tokens[token]?.kind === 'any') token += 1;
  return token === tokens.length;
}

function fitsOne(token: Token, character: string): boolean {
  if (token.kind === 'text') return token.text === character;
  return token.kind === 'one' || (token.kind === 'class' && token.has(character) !== token.negated);
}
