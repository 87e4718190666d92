// The deliveries of the last time: those that wait, and what became of the others. Bounded in number and size.

import type { WebhookDelivery } from '../../../api/webhooks.ts';
import { type Clock, timestamp } from '../../../core/time.ts';
import type { Delivery, Refusal } from '../../../webhooks/delivery.ts';
import { subjectsOf, type WebhookEvent } from '../../../webhooks/event.ts';
import type { SignedDelivery } from '../../../webhooks/signature.ts';

const KEPT = 100;
/** A longer payload is worked off, but cannot be replayed. */
const MAX_KEPT_BYTES = 256 * 1024;
const MAX_WAITING = 1000;
/** Senders try again when an answer is lost; a person who sends it once more comes later. */
const REPEATED_MS = 10_000;

export interface Received {
  readonly delivery: SignedDelivery;
  readonly record: WebhookDelivery;
}

export interface Deliveries {
  refuse(delivery: SignedDelivery, refusal: Refusal): void;
  /** Works it off later; undefined when too many wait. One that was just taken is not taken again. */
  take(delivery: SignedDelivery, read: Delivery): WebhookDelivery | undefined;
  /** The last one first. */
  list(): readonly WebhookDelivery[];
  find(number: number): Received | undefined;
}

/** `work` refreshes what the events touch, and says how many applications that were. */
export function createDeliveries(clock: Clock, work: (events: readonly WebhookEvent[]) => Promise<number>): Deliveries {
  const kept = new Map<number, Received>();
  const recent = new Map<string, number>();
  let last = 0;
  let waiting = 0;
  let done = Promise.resolve();

  function keep(delivery: SignedDelivery, fields: Omit<WebhookDelivery, 'number' | 'time'>): WebhookDelivery {
    last += 1;
    const record = { number: last, time: timestamp(clock.now()), ...fields };
    const body = delivery.body.length > MAX_KEPT_BYTES ? new Uint8Array() : delivery.body;
    kept.set(last, { delivery: { ...delivery, body }, record });
    kept.delete(last - KEPT);
    return record;
  }

  function isRepeated({ provider, id }: Delivery): boolean {
    const now = clock.now();
    for (const [key, time] of recent) if (now - time > REPEATED_MS) recent.delete(key);
    const key = `${provider} ${id}`;
    const repeated = id !== '' && recent.has(key);
    recent.set(key, now);
    return repeated;
  }

  async function workOff(number: number, events: readonly WebhookEvent[]): Promise<void> {
    const refreshed = await work(events).catch(() => undefined);
    waiting -= 1;
    const received = kept.get(number);
    if (!received) return;
    const outcome = refreshed === undefined ? { cause: 'the applications could not be refreshed' } : { refreshed };
    kept.set(number, { ...received, record: { ...received.record, ...outcome } });
  }

  return {
    refuse: (delivery, { status, cause }) => {
      keep(delivery, { provider: '', event: '', status, cause, repositories: [], revisions: [] });
    },
    take: (delivery, read) => {
      const { provider, event, id, events } = read;
      const about = { provider, event, id, status: 200, ...subjectsOf(events) };
      if (isRepeated(read))
        return keep(delivery, { ...about, cause: 'it was delivered a moment before', refreshed: 0 });
      if (waiting >= MAX_WAITING) return undefined;
      const record = keep(delivery, about);
      waiting += 1;
      done = done.then(() => workOff(record.number, events));
      return record;
    },
    list: () => [...kept.values()].map(({ record }) => record).reverse(),
    find: (number) => kept.get(number),
  };
}
