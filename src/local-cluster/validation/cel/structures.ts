// Structures that expressions make (`Object.spec{replicas: 3}`) and entries that may be missing (`{?'a': x}`, `[?x]`), written
// in what the library has: functions of names, values, and which of them may be missing.

const MAY_NEED = /\b(?:Object|JSONPatch)\b[\w.\s]*\{|[[{,]\s*\?/;

/** The expression without structures and entries that may be missing; itself where it has none. */
export function withoutStructures(given: string): string {
  const expression = FRACTION.test(given) ? withWholes(given) : given;
  return MAY_NEED.test(expression) ? written(expression) : expression;
}

/** A fraction without a whole. */
const FRACTION = /(?<![\w)\]}?"'])\.(?=\d)/;

function withWholes(source: string): string {
  let text = '';
  for (let at = 0; at < source.length; ) {
    const string = stringAt(source, at);
    const isFraction = source[at] === '.' && FRACTION.test(`${text.slice(-1)}${source.slice(at, at + 2)}`);
    text += string !== '' ? string : `${isFraction ? '0' : ''}${source[at]}`;
    at += string.length || 1;
  }
  return text;
}

const STRING = /(?:[rRbB]{0,2})("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/y;
const NAME = /(?<![\w.])(?:Object(?:\.\w+)*|JSONPatch)\s*$/;

function written(source: string): string {
  let text = '';
  let at = 0;
  while (at < source.length) {
    const string = stringAt(source, at);
    if (string !== '') text += string;
    else if (source[at] === '{') {
      const end = closing(source, at);
      const name = NAME.exec(text)?.[0];
      if (name !== undefined) text = text.slice(0, -name.length);
      text += braces(source.slice(at + 1, end), name !== undefined);
      at = end + 1;
      continue;
    } else if (source[at] === '[' && !ENDS_OPERAND.test(text)) {
      const end = closing(source, at);
      text += brackets(source.slice(at + 1, end));
      at = end + 1;
      continue;
    } else text += source[at];
    at += string.length || 1;
  }
  return text;
}

function stringAt(source: string, at: number): string {
  STRING.lastIndex = at;
  return /\w/.test(source[at - 1] ?? '') ? '' : (STRING.exec(source)?.[0] ?? '');
}

/** Where what opens here is closed. */
function closing(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const string = stringAt(source, at);
    if (string !== '') at += string.length - 1;
    else if ('([{'.includes(source[at] ?? ' ')) depth += 1;
    else if (')]}'.includes(source[at] ?? ' ')) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return source.length;
}

/** What comes before an index. */
const ENDS_OPERAND = /[\w)\]}"']\s*$/;

function brackets(inner: string): string {
  const items = split(inner, ',').filter((part) => part.trim() !== '');
  const mayMiss = items.map((item) => item.trim().startsWith('?'));
  const values = items.map((item, index) => written(mayMiss[index] === true ? item.trim().slice(1) : item)).join(',');
  return mayMiss.includes(true) ? `listOf([${values}], [${mayMiss.join(', ')}])` : `[${written(inner)}]`;
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly mayMiss: boolean;
}

function braces(inner: string, isStructure: boolean): string {
  const entries = split(inner, ',')
    .filter((part) => part.trim() !== '')
    .map(entryOf);
  if (!isStructure && !entries.some(({ mayMiss }) => mayMiss)) return `{${written(inner)}}`;
  const keys = entries.map(({ key }) => (isStructure ? JSON.stringify(fieldOf(key)) : written(key)));
  const values = entries.map(({ value }) => written(value));
  return `structOf([${keys.join(', ')}], [${values.join(', ')}], [${entries.map(({ mayMiss }) => mayMiss).join(', ')}])`;
}

function entryOf(part: string): Entry {
  const trimmed = part.trim();
  const mayMiss = trimmed.startsWith('?');
  const [key = '', ...value] = split(mayMiss ? trimmed.slice(1) : trimmed, ':');
  return { key: key.trim(), value: value.join(':'), mayMiss };
}

/** The parts between separators that stand in no brackets and no text. */
function split(source: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < source.length; at += 1) {
    const string = stringAt(source, at);
    if (string !== '') at += string.length - 1;
    else if ('([{'.includes(source[at] ?? ' ')) at = closing(source, at);
    else if (source[at] === separator) {
      parts.push(source.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, source.slice(from)];
}

const SPELT: readonly (readonly [string, string])[] = [
  ['__dot__', '.'],
  ['__dash__', '-'],
  ['__slash__', '/'],
  ['__underscores__', '__'],
];

/** The field that a name in an expression stands for. */
function fieldOf(name: string): string {
  const word = /^__([a-z]+)__$/.exec(name)?.[1];
  if (word !== undefined && !SPELT.some(([spelt]) => spelt === name)) return word;
  return SPELT.reduce((text, [spelt, letter]) => text.replaceAll(spelt, letter), name);
}
