import { stripVTControlCharacters } from 'node:util';
import { widthOf } from '../../render/width.ts';
import type { Environment } from './colour.ts';
import type { Output } from './io.ts';
import { trusted, written } from './visible.ts';

const ESCAPE = '\u001b[';

export interface Picture {
  /** Puts a new text where the last one was. */
  draw(text: string): void;
}

/** The whole screen as one picture that changes; what does not fit below is counted. */
export function createPicture(output: Output): Picture {
  return createDrawing(output, (lines) => {
    const most = output.rows() - 1;
    if (lines.length <= most) return lines;
    const head = lines.slice(0, most - 1);
    return [...head, `… ${lines.length - head.length} more lines`];
  });
}

function createDrawing(output: Output, cut: (lines: readonly string[]) => readonly string[]): Picture {
  let height = 0;
  return {
    draw: (text) => {
      const visible = cut(text.replace(/\n$/, '').split('\n'));
      const up = height > 0 ? `${ESCAPE}${height}A` : '';
      output.write(`${trusted(`${up}${ESCAPE}1G${ESCAPE}0J`)}${visible.join('\n')}\n`);
      height = visible.reduce((sum, line) => sum + rowsOf(line, output.columns()), 0);
    },
  };
}

/** Whether a stream can be drawn over: a terminal that knows how, with a person before it. */
export function isLive(output: Output, env: Environment): boolean {
  return output.terminal && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
}

/** A line longer than the terminal takes several rows of it. */
function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(written(line))) / columns));
}
