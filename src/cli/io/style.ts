import { signed } from '../../render/signs.ts';
import { meaningOf, PLAIN, type Style } from '../../render/style.ts';
import type { TableWriter } from '../../render/table.ts';
import type { View } from '../../render/view.ts';
import type { Layout } from '../compat/layout.ts';
import { colourLevel, type Environment } from './colour.ts';
import type { Output } from './io.ts';
import { showsUnicode } from './unicode.ts';

/** How things look on one stream: loaded when the first coloured thing is written, plain without a load. */
export async function styleFor(output: Output, flag: string | undefined, env: Environment): Promise<Style> {
  const level = colourLevel(flag, env, output.terminal);
  if (level === 0) return PLAIN;
  const { chalkStyle } = await import('./chalk-style.ts');
  return chalkStyle(level);
}

export interface ViewSetting {
  readonly output: Output;
  readonly env: Environment;
  readonly color: string | undefined;
  readonly layout: Pick<Layout, 'fittedTables' | 'facts'>;
}

/** How answers look on a stream: fitted to a terminal, bare columns everywhere else and where the mode wants them so. */
export async function viewOf({ output, env, color, layout }: ViewSetting, now: number): Promise<View> {
  const style = await styleFor(output, color, env);
  const isFitted = output.terminal && layout.fittedTables;
  const hasSigns = isFitted && showsUnicode(env);
  const state = (status: string): string => style[meaningOf(status)](hasSigns ? signed(status) : status);
  return { style, table: await tableWriterFor(output, isFitted, env), state, facts: layout.facts, now };
}

async function tableWriterFor(output: Output, isFitted: boolean, env: Environment): Promise<TableWriter> {
  if (!isFitted) return (await import('../../render/table.ts')).columnTable;
  const { terminalTable } = await import('../../render/grid.ts');
  return terminalTable({ columns: output.columns(), unicode: showsUnicode(env) });
}
