import type { Style } from '../../render/style.ts';
import { PLAIN } from '../../render/style.ts';
import type { TableWriter } from '../../render/table.ts';
import { colourLevel, type Environment } from './colour.ts';

/** The three streams, as commands see them. */
export interface Io {
  readonly out: Output;
  readonly err: Output;
  readonly input: Input;
}

export interface Output {
  write(text: string): void;
  readonly terminal: boolean;
  /** Characters in a line. */
  columns(): number;
  /** Lines of the screen. */
  rows(): number;
}

export interface Input {
  readonly terminal: boolean;
  /** Everything there is, to the end. */
  read(): Promise<string>;
  /** The next line, without its end; undefined when there is none. */
  line(): Promise<string | undefined>;
}

/** How things look on one stream: loaded when the first coloured thing is written, plain without a load. */
export async function styleFor(output: Output, flag: string | undefined, env: Environment): Promise<Style> {
  const level = colourLevel(flag, env, output.terminal);
  if (level === 0) return PLAIN;
  const { chalkStyle } = await import('./chalk-style.ts');
  return chalkStyle(level);
}

/** Tables with rules in a terminal where they are wanted, bare columns everywhere else. */
export async function tableWriterFor(output: Output, draws: boolean): Promise<TableWriter> {
  if (!output.terminal || !draws) return (await import('../../render/table.ts')).columnTable;
  const { gridTable } = await import('../../render/grid.ts');
  return gridTable(output.columns());
}
