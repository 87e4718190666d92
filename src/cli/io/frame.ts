// A picture in the window's second screen, which terminals neither keep in their history nor wrap anew when the window changes:
// it is drawn over and over in the size of the window, and leaves nothing behind.

import type { Environment } from './colour.ts';
import type { Output } from './io.ts';
import { isLive } from './redraw.ts';
import { every } from './ticker.ts';
import { trusted } from './visible.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Frame {
  /** Whether it is on the screen. */
  isOpen(): boolean;
  /** The picture has changed. */
  update(): void;
  /** Draws at once: somebody has pressed a key. */
  draw(): void;
  /** Writes lines that stay: at the end. */
  write(text: string): void;
  end(): void;
}

export interface Pace {
  /** Until it is first drawn. */
  readonly delayMs?: number;
  /** Changes that come within so long are drawn once. */
  readonly burstMs?: number;
}

const ESCAPE = '\u001b[';
const ENTER = trusted(`${ESCAPE}?1049h${ESCAPE}?25l`);
const LEAVE = trusted(`${ESCAPE}?25h${ESCAPE}?1049l`);
const HOME = trusted(`${ESCAPE}1;1H`);
const END_OF_LINE = trusted(`${ESCAPE}K`);
const END_OF_SCREEN = trusted(`${ESCAPE}0J`);
/** A window that has got narrower, which nobody has told us yet, cuts lines: a line that wraps would move the rest. */
const CUT_LINES = trusted(`${ESCAPE}?7l`);
const WRAP_LINES = trusted(`${ESCAPE}?7h`);

/** What is over sooner is not worth a picture. */
const DELAY_MS = 400;
/** Changes that come in a burst are drawn once. */
const BURST_MS = 100;
const TICK_MS = 1000;

/** Whether a stream can show a frame: the console of Linux has no second screen. */
export const canFrame = (output: Output, env: Environment): boolean =>
  isLive(output, env) && !/^(linux|vt\d)/.test(env['TERM'] ?? '');

/** Draws what `render` makes for the size of the window: after each change, each second, and when the size changes. */
export function openFrame(
  output: Output,
  render: (size: Size) => readonly string[],
  { delayMs = DELAY_MS, burstMs = BURST_MS }: Pace = {},
): Frame {
  let isOpen = false;
  let isOver = false;
  let rest = '';
  let waiting: NodeJS.Timeout | undefined = setTimeout(() => draw(), delayMs).unref();

  const draw = (): void => {
    waiting = undefined;
    if (isOver) return;
    const size = { columns: output.columns(), rows: output.rows() };
    const lines = render(size).slice(0, size.rows);
    const picture = lines.map((line) => line + END_OF_LINE).join('\n');
    const enter = isOpen ? '' : ENTER;
    isOpen = true;
    output.write(`${enter}${CUT_LINES}${HOME}${picture}${END_OF_SCREEN}${HOME}${WRAP_LINES}`);
  };
  const leave = (): void => {
    if (isOpen) output.write(LEAVE);
    isOpen = false;
  };
  const redraw = (): void => {
    if (isOpen) draw();
  };
  const suspend = (): void => {
    leave();
    process.kill(process.pid, 'SIGSTOP');
  };
  const stopTicking = every(TICK_MS, redraw);
  const stopResizing = output.onResize?.(redraw);
  process.on('exit', leave).on('SIGTSTP', suspend).on('SIGCONT', draw);
  return {
    isOpen: () => isOpen,
    update: () => {
      if (isOpen) waiting ??= setTimeout(draw, burstMs).unref();
    },
    draw: redraw,
    write: (text) => {
      rest += text;
    },
    end: () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(waiting);
      stopTicking();
      stopResizing?.();
      process.off('exit', leave).off('SIGTSTP', suspend).off('SIGCONT', draw);
      leave();
      if (rest !== '') output.write(rest);
    },
  };
}
