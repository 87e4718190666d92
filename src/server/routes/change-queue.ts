import type { ObjectChange, ServerPorts } from '../ports.ts';

export interface ChangeQueue {
  /** The changes since the last time. */
  take(): readonly ObjectChange[];
  /** Resolves when there is a change to take, when the signal fires, or after the timeout. */
  wait(timeoutMs?: number): Promise<void>;
  close(): void;
}

/** Keeps changes for a watch that is busy with earlier ones. */
export function queueChanges({ subscribe, clock }: ServerPorts, signal: AbortSignal): ChangeQueue {
  const changes: ObjectChange[] = [];
  let wake = (): void => undefined;
  const onAbort = (): void => wake();
  const unsubscribe = subscribe((change) => {
    changes.push(change);
    wake();
  });
  signal.addEventListener('abort', onAbort);
  return {
    take: () => changes.splice(0),
    wait: async (timeoutMs) => {
      if (changes.length > 0 || signal.aborted) return;
      const change = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (timeoutMs === undefined) return change;
      const timer = new AbortController();
      await Promise.race([change, clock.sleep(timeoutMs, timer.signal).catch(() => undefined)]);
      timer.abort();
    },
    close: () => {
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
    },
  };
}
