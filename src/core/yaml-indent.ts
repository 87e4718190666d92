// Go's second YAML writer indents by four: lists stand deeper than their key, and what stands in an item two columns
// behind its dash, but the next level is a whole step again. Text with a step of two becomes such text.

const STEP = 4;

interface Level {
  readonly from: number;
  readonly to: number;
}

const deeper = (column: number): number => Math.floor(column / STEP) * STEP + STEP;

/** YAML written by steps of two, lists indented, as text by steps of four. */
export function indentedByFour(text: string): string {
  const levels: Level[] = [{ from: 0, to: 0 }];
  let block: Level | undefined;
  const lines = text.split('\n').map((line) => {
    const indent = line.length - line.trimStart().length;
    if (line === '') return line;
    if (block && indent >= block.from) return ' '.repeat(block.to) + line.slice(block.from);
    const { column, rest, lead } = openLevel(levels, line.slice(indent), indent);
    block = blockAt(rest, column);
    return lead + (block ? withIndicator(rest, block, column) : rest);
  });
  return lines.join('\n');
}

/** Finds the level of a line, and goes one deeper with each dash. */
function openLevel(levels: Level[], content: string, indent: number): { column: Level; rest: string; lead: string } {
  while (levels.length > 1 && (levels.at(-1)?.from ?? 0) > indent) levels.pop();
  let column = levels.at(-1) ?? { from: 0, to: 0 };
  if (column.from < indent) {
    column = { from: indent, to: deeper(column.to) };
    levels.push(column);
  }
  let lead = ' '.repeat(column.to);
  let rest = content;
  while (rest.startsWith('- ')) {
    column = { from: column.from + 2, to: column.to + 2 };
    levels.push(column);
    lead += '- ';
    rest = rest.slice(2);
  }
  return { column, rest, lead };
}

/** A block that begins with spaces says how deep it stands. */
function withIndicator(rest: string, block: Level, column: Level): string {
  const parent = /^[|>]/.test(rest) ? column.to - 2 : column.to;
  return rest.replace(/([|>][+-]?)\d([+-]?)$/, `$1${block.to - parent}$2`);
}

/** Where the lines of a block of text stand that begins here. */
function blockAt(rest: string, column: Level): Level | undefined {
  if (!/(^|: )[|>][+-]?\d?[+-]?$/.test(rest)) return undefined;
  const isItem = /^[|>]/.test(rest);
  return { from: isItem ? column.from : column.from + 2, to: deeper(isItem ? column.to - 2 : column.to) };
}
