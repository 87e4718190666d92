import type { Context } from '../context.ts';

/** Resolves when the process is asked to end: what stays until then ends well. */
export function untilSignal({ signal }: Context): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
