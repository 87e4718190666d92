// Progress in a terminal: one frame for all that is waited for. It goes at the end, and a line for each application stays.

import { resourceTree } from '../../../api/applications.ts';
import { asHawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import type { ResourceState } from '../../../render/states.ts';
import { renderResult } from '../../../render/wait-result.ts';
import { type Look, renderBoard, renderWaiting, type WaitingView } from '../../../render/waiting.ts';
import { shorten } from '../../../render/width.ts';
import type { Context } from '../../context.ts';
import { type Frame, openFrame, type Size } from '../../io/frame.ts';
import { every } from '../../io/ticker.ts';
import { podReasons } from './pod-reasons.ts';
import type { Progress, ProgressSetting } from './progress.ts';

const LOOK_MS = 2000;

export function frameProgress(
  { task, several }: ProgressSetting,
  look: Pick<Look, 'style' | 'glyphs'>,
  context: Context,
): Progress {
  const { io, clock, signal } = context;
  const began = clock.now();
  const views = new Map<string, WaitingView>();
  const seconds = (): number => Math.max(0, Math.floor((clock.now() - began) / 1000));
  const current = (): WaitingView[] => [...views.values()].map((view) => ({ ...view, seconds: seconds() }));
  let frame: Frame | undefined;
  let stopLooking: (() => void) | undefined;
  let remark = '';
  const draw = (size: Size): string[] => {
    const room = { ...look, ...size, rows: size.rows - (remark === '' ? 0 : 1) };
    const [first] = current();
    const lines = several || !first ? renderBoard(current(), room) : renderWaiting(first, room);
    return remark === '' ? lines : [...lines, look.style.warn(shorten(remark, size.columns - 1))];
  };
  const pause = (): void => {
    stopLooking?.();
    stopLooking = undefined;
    frame?.end();
    frame = undefined;
  };
  const stop = (): void => {
    const wasOpen = frame?.isOpen() === true;
    pause();
    // What the terminal has written for the key went with the frame.
    if (wasOpen && asHawserError(signal.reason).code === 'interrupted') io.err.write('^C');
  };
  signal.addEventListener('abort', stop, { once: true });
  const show = (application: Application, states: readonly ResourceState[]): void => {
    const reasons = views.get(application.metadata.name)?.reasons ?? new Map<string, string>();
    views.set(application.metadata.name, { application, states, reasons, seconds: 0 });
    if (signal.aborted) return;
    frame ??= openFrame(io.err, draw);
    if (!several) stopLooking ??= lookAtPods(views, context, () => frame?.update());
    frame.update();
  };
  const write = (text: string): void => (frame ? frame.write(text) : io.err.write(text));
  return {
    begin: show,
    show,
    say: (text) => {
      remark = text;
      write(`${text}\n`);
    },
    pause,
    conclude: (application, failure) => {
      if (!several) pause();
      const result = { task, application, failure: failure?.code, seconds: seconds() };
      write(`${renderResult(result, look)}\n`);
    },
    end: () => {
      signal.removeEventListener('abort', stop);
      pause();
    },
  };
}

/** Asks every two seconds why Pods do not run, while there is a workload that waits for some. */
function lookAtPods(views: Map<string, WaitingView>, context: Context, update: () => void): () => void {
  const over = new AbortController();
  let isAsking = false;
  const look = async (): Promise<void> => {
    const { client } = await context.connect();
    for (const [name, view] of views) {
      if (!view.states.some(isOpen)) continue;
      const { namespace } = view.application.metadata;
      const { nodes } = await client.call(
        resourceTree,
        { applicationName: name, appNamespace: namespace },
        { signal: over.signal },
      );
      const now = views.get(name);
      if (now) views.set(name, { ...now, reasons: podReasons(now.states, nodes ?? []) });
    }
    update();
  };
  const stop = every(LOOK_MS, () => {
    if (isAsking) return;
    isAsking = true;
    // The reasons are beside the point of the wait: what cannot be had is left out.
    look()
      .catch(() => undefined)
      .finally(() => {
        isAsking = false;
      });
  });
  return () => {
    over.abort();
    stop();
  };
}

const isOpen = ({ health }: ResourceState): boolean => health === 'Progressing' || health === 'Degraded';
