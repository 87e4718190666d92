// The deliveries of the last time: those that wait, and what became of the others. Bounded in number and size.

import type { WebhookDelivery } from '../../../api/webhooks.ts';
import { HawserError, messageOf } from '../../../core/errors.ts';
import { type Clock, timestamp } from '../../../core/time.ts';
import type { Delivery, Refusal } from '../../../webhooks/delivery.ts';
import { subjectsOf, type WebhookEvent } from '../../../webhooks/event.ts';
import type { SignedDelivery } from '../../../webhooks/signature.ts';
import type { DeliveryStore } from './delivery-store.ts';

const KEPT = 100;
/** A longer payload is worked off, but cannot be replayed. */
const MAX_KEPT_BYTES = 256 * 1024;
const MAX_WAITING = 1000;
/** Senders try again when an answer is lost; a person who sends it once more comes later. */
const REPEATED_MS = 10_000;

export interface Deliveries {
  /** To be awaited before anything else is asked: what was kept is read. */
  ready(): Promise<void>;
  refuse(delivery: SignedDelivery, refusal: Refusal): void;
  /** Works it off later; undefined when too many wait. One that was just taken is not taken again. */
  take(delivery: SignedDelivery, read: Delivery): WebhookDelivery | undefined;
  /** The last one first. */
  list(): readonly WebhookDelivery[];
  /** What was sent; undefined where it is not kept. Throws `not-found`. */
  payload(number: number): Promise<SignedDelivery | undefined>;
}

export interface DeliveryOptions {
  readonly clock: Clock;
  readonly store: DeliveryStore;
  /** Refreshes what the events touch, and says how many applications that were. */
  readonly work: (events: readonly WebhookEvent[]) => Promise<number>;
}

export function createDeliveries({ clock, store, work }: DeliveryOptions): Deliveries {
  const kept = new Map<number, WebhookDelivery>();
  const recent = new Map<string, number>();
  let last = 0;
  let waiting = 0;
  let done = Promise.resolve();
  let loaded: Promise<void> | undefined;
  let payloads: Promise<unknown> = Promise.resolve();
  const save = savingLast(clock, () => store.save([...kept.values()]));

  async function load(): Promise<void> {
    for (const record of await store.load().catch(() => [])) {
      const isOpen = record.refreshed === undefined && record.cause === undefined;
      kept.set(record.number, isOpen ? { ...record, cause: 'the server ended before it was worked off' } : record);
      last = Math.max(last, record.number);
    }
  }

  function keep(delivery: SignedDelivery, fields: Omit<WebhookDelivery, 'number' | 'time'>): WebhookDelivery {
    last += 1;
    const record = { number: last, time: timestamp(clock.now()), ...fields };
    kept.set(last, record);
    kept.delete(last - KEPT);
    // Of those who prove nothing no payload fills the disk.
    if (fields.status < 400 && delivery.body.length <= MAX_KEPT_BYTES)
      payloads = store.savePayload(last, delivery).catch(() => undefined);
    save();
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
    const outcome = await work(events).then(
      (refreshed) => ({ refreshed }),
      (thrown: unknown) => ({ cause: messageOf(thrown) }),
    );
    waiting -= 1;
    const record = kept.get(number);
    if (!record) return;
    kept.set(number, { ...record, ...outcome });
    save();
  }

  return {
    ready: () => {
      loaded ??= load();
      return loaded;
    },
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
    list: () => [...kept.values()].reverse(),
    payload: async (number) => {
      await payloads;
      if (kept.has(number)) return store.payload(number);
      throw new HawserError('not-found', `delivery ${number} not found`, { hint: 'hawser webhook list' });
    },
  };
}

const PAUSE_MS = 200;

/** Saves at once, and what changes meanwhile, in one, after a pause. What fails is saved with the next change. */
function savingLast(clock: Clock, save: () => Promise<void>): () => void {
  let isSaving = false;
  let isChanged = false;
  const run = async (): Promise<void> => {
    isSaving = true;
    while (isChanged) {
      isChanged = false;
      await save().catch(() => undefined);
      if (isChanged) await clock.sleep(PAUSE_MS);
    }
    isSaving = false;
  };
  return () => {
    isChanged = true;
    if (!isSaving) void run();
  };
}
