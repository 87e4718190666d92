import type { Style } from '../../render/style.ts';
import { PLAIN } from '../../render/style.ts';
import type { TableWriter } from '../../render/table.ts';
import { colourLevel, type Environment } from './colour.ts';
import type { Output } from './io.ts';

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
