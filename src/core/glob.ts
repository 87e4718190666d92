/** Whether a text fits a glob of `*`, `?`, `[abc]` and `{a,b}`; `*` crosses every character but `separator`. */
export function matchesGlob(pattern: string, value: string, separator = ''): boolean {
  return choicesIn(pattern) > MAX_CHOICES
    ? matchesByStates(pattern, value, separator)
    : globRegExp(pattern, separator).test(value);
}

/** A regular expression tries one way after the other: the ways of so many stars and braces are few. */
const MAX_CHOICES = 3;

const choicesIn = (pattern: string): number => pattern.match(/\*+|\{/g)?.length ?? 0;

/** A glob that stands for more than these matches nothing. */
const MAX_ALTERNATIVES = 256;

/** Goes through the text once, with all ways at the same time: whoever wrote the glob cannot make it last. */
function matchesByStates(pattern: string, value: string, separator: string): boolean {
  const alternatives = expandBraces([pattern]);
  return alternatives.length <= MAX_ALTERNATIVES && alternatives.some((each) => fitsStates(each, value, separator));
}

function expandBraces(patterns: readonly string[]): readonly string[] {
  if (patterns.length > MAX_ALTERNATIVES) return patterns;
  if (!patterns.some((each) => BRACE.test(each))) return patterns;
  return expandBraces(
    patterns.flatMap((each) => {
      const [, head, choices, tail = ''] = BRACE.exec(each) ?? [];
      return head === undefined ? [each] : (choices ?? '').split(',').map((choice) => head + choice + tail);
    }),
  );
}

/** The innermost: what it holds has none. */
const BRACE = /^((?:\\.|[^\\])*?)\{((?:\\.|[^\\{}])*)\}(.*)$/s;

const TOKEN = /\*{1,2}|\[.[^\]]*\]|\\.|./gs;

function fitsStates(pattern: string, value: string, separator: string): boolean {
  const tokens = (pattern.match(TOKEN) ?? []).map((text) => tokenOf(text, separator));
  let states = throughStars(new Set([0]), tokens);
  for (let index = 0; index < value.length; index += 1) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token?.fits(value.charAt(index))) next.add(token.isStar ? state : state + 1);
    }
    states = throughStars(next, tokens);
  }
  return states.has(tokens.length);
}

interface Token {
  readonly isStar: boolean;
  readonly fits: (character: string) => boolean;
}

function tokenOf(text: string, separator: string): Token {
  if (text === '**') return { isStar: true, fits: () => true };
  const isStar = text === '*';
  const pattern = globRegExp(isStar ? '?' : text, separator);
  return { isStar, fits: (character) => pattern.test(character) };
}

/** A star may stand for nothing. */
function throughStars(states: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const state of states) if (tokens[state]?.isStar) states.add(state + 1);
  return states;
}

const MAX_COMPILED = 10_000;
const compiled = new Map<string, RegExp>();

function globRegExp(pattern: string, separator: string): RegExp {
  const key = `${separator} ${pattern}`;
  const cached = compiled.get(key);
  if (cached) return cached;
  const regex = new RegExp(`^${translate(pattern, separator)}$`, 's');
  // Globs come from requests too.
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(key, regex);
  return regex;
}

function translate(pattern: string, separator: string): string {
  const any = separator === '' ? '.' : `[^${quote(separator)}]`;
  let source = '';
  let depth = 0;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') {
      const twice = pattern.charAt(index + 1) === '*';
      source += twice ? '.*' : `${any}*`;
      if (twice) index += 1;
    } else if (character === '?') source += any;
    else if (character === '[') {
      const end = pattern.indexOf(']', index + 2);
      if (end < 0) source += '\\[';
      else {
        source += `[${pattern
          .slice(index + 1, end)
          .replace(/^!/, '^')
          .replaceAll('\\', '\\\\')}]`;
        index = end;
      }
    } else if (character === '{') {
      depth += 1;
      source += '(?:';
    } else if (character === '}' && depth > 0) {
      depth -= 1;
      source += ')';
    } else if (character === ',' && depth > 0) source += '|';
    else if (character === '\\' && index + 1 < pattern.length) {
      index += 1;
      source += quote(pattern.charAt(index));
    } else source += quote(character);
  }
  return depth === 0 ? source : quote(pattern);
}

const quote = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
