// Lines that a pipeline folds away in its log.

import { randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { trusted } from '../io/visible.ts';
import { ciOf } from './detect.ts';
import { workflowCommand } from './github.ts';

export interface Section {
  /** What is written from now on belongs to it. */
  begin(): void;
  end(): void;
}

/** A section of the log of the pipeline; undefined where there is none that folds. */
export function sectionOf(title: string, { io, clock, ...context }: Context): Section | undefined {
  const ci = ciOf({ ...context });
  if (ci === 'none') return undefined;
  const name = `hawser_${randomBytes(4).toString('hex')}`;
  const seconds = (): number => Math.floor(clock.now() / 1000);
  const mark = (kind: string, text: string): string =>
    `${trusted('\u001b[0K')}section_${kind}:${seconds()}:${name}${trusted('\r\u001b[0K')}${text}\n`;
  const lines = {
    github: [() => workflowCommand('group', {}, title), () => workflowCommand('endgroup', {}, '')],
    gitlab: [() => mark('start', title), () => mark('end', '')],
  } as const;
  const [begin, end] = lines[ci];
  let isOpen = false;
  return {
    begin: () => {
      if (!isOpen) io.err.write(begin());
      isOpen = true;
    },
    end: () => {
      if (isOpen) io.err.write(end());
      isOpen = false;
    },
  };
}
