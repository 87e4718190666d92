// How long JavaScript's regular expressions can take: it tries one way after the other, and some expressions have more ways than
// there is time for.

/** Of a class, of characters by name, and of an escaped character: they stand for one. */
const ONE = /\\[pP]\{[^}]*\}|\\[pP][A-Z]|\\x\{[^}]*\}|\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]/gs;
const LOOK = /\(\?<?[=!]([^()]*)\)/;
const GROUP = /\((?:\?:|\?P?<\w+>|\?[a-zA-Z]+:)?([^()]*)\)([*+{]?)/;

/**
 * How many times over the length of a text may be tried: once for each repetition. Undefined for an expression that repeats what
 * has several ways itself, and so may never end.
 */
export function repetitionsOf(expression: string): number | undefined {
  let rest = expression.replace(/^\(\?[a-zA-Z]+\)/, '').replace(ONE, 'x');
  for (let look = LOOK.exec(rest); look; look = LOOK.exec(rest)) {
    if (countIn(look[1] ?? '') > 1) return undefined;
    rest = rest.replace(LOOK, '');
  }
  for (let group = GROUP.exec(rest); group; group = GROUP.exec(rest)) {
    const [, inside = '', repeated = ''] = group;
    if (repeated !== '' && !/^[^|*+?{}]$/.test(inside)) return undefined;
    rest = rest.replace(GROUP, () => inside.replaceAll('|', '') + repeated);
  }
  return countIn(rest);
}

const countIn = (text: string): number => text.match(/[*+]|\{\d/g)?.length ?? 0;
