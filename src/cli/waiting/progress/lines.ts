// Progress where nothing can be drawn over: one line a change, and one after each half minute in which nothing changed.

import type { Application } from '../../../model/application.ts';
import { briefMessage } from '../../../render/brief.ts';
import type { ResourceState } from '../../../render/states.ts';
import { meaningOf, type Style } from '../../../render/style.ts';
import { oneLine } from '../../../render/table.ts';
import { clockTime } from '../../../render/times.ts';
import { renderResult } from '../../../render/wait-result.ts';
import { elapsedText, type Look } from '../../../render/waiting.ts';
import type { Context } from '../../context.ts';
import { every } from '../../io/ticker.ts';
import { createChanges } from './changes.ts';
import type { Progress, ProgressSetting } from './progress.ts';

export const HEARTBEAT_MS = 30_000;
const TICK_MS = 1000;

interface LineSetting extends ProgressSetting {
  /** The answer is a document: its reader learns the end from it. */
  readonly isDocument: boolean;
}

export function lineProgress(
  { task, several, isDocument }: LineSetting,
  look: Pick<Look, 'style' | 'glyphs'>,
  { io, clock, say }: Context,
): Progress {
  const { style } = look;
  const memories = new Map<string, ReturnType<typeof createChanges>>();
  const phases = new Map<string, string>();
  const open = new Set<string>();
  const began = clock.now();
  let last = began;
  const seconds = (): number => Math.round((clock.now() - began) / 1000);
  const write = (text: string): void => {
    last = clock.now();
    io.err.write(`${style.faint(clockTime(last))}  ${text}\n`);
  };
  const beat = (): void => {
    if (open.size > 0 && clock.now() - last >= HEARTBEAT_MS)
      write(`still waiting for ${[...open].join(', ')} after ${elapsedText(seconds())}`);
  };
  const stop = every(TICK_MS, beat);
  return {
    begin: ({ metadata }) => open.add(metadata.name),
    show: (app, states) => {
      const { name } = app.metadata;
      open.add(name);
      const phase = phaseOf(app);
      if (phase !== undefined && phases.get(name) !== phase) write(`${name}: ${phase}`);
      if (phase !== undefined) phases.set(name, phase);
      const changes = memories.get(name) ?? createChanges();
      memories.set(name, changes);
      const lead = several ? `${name}: ` : '';
      for (const state of changes(states)) write(`${lead}${lineOf(state, style)}`);
    },
    say,
    pause: () => undefined,
    conclude: (application, failure) => {
      open.delete(application.metadata.name);
      if (isDocument) return;
      io.err.write(`${renderResult({ task, application, failure: failure?.code, seconds: seconds() }, look)}\n`);
    },
    end: stop,
  };
}

function phaseOf({ operation, status }: Application): string | undefined {
  const phase = status?.operationState?.phase ?? '';
  if (!operation && phase !== 'Running') return undefined;
  return phase === '' ? 'sync requested' : 'sync running';
}

function lineOf(state: ResourceState, style: Style): string {
  const kind = state.group === '' ? state.kind : `${state.group}/${state.kind}`;
  const name = state.namespace === '' ? state.name : `${state.namespace}/${state.name}`;
  const words = [state.status, state.health].filter(Boolean).map((word) => style[meaningOf(word)](word));
  const hook = state.hook === '' ? '' : ` (${state.hook})`;
  return [oneLine(`${kind} ${name}${hook}`), words.join(' '), briefMessage(state.message)].filter(Boolean).join('  ');
}
