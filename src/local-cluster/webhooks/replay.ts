// A write that asks webhooks: what it finds out by chance, or by the clock, stays the same each time it is begun again.

import type { Clock } from '../../core/time.ts';
import { tryingStore } from '../addresses.ts';
import type { Api } from '../api.ts';
import { loadRules } from '../validation/cel/language.ts';
import { mutateByWebhooks, validateByWebhooks } from './ask.ts';
import { type Answers, Pending } from './pending.ts';
import { internal } from './words.ts';

export async function replay<T>(real: Api, write: (api: Api) => Promise<T>): Promise<T> {
  const answers: Answers = new Map();
  const steady = steadied(real);
  await loadRules();
  for (let attempt = 1; ; attempt += 1) {
    const api = steady();
    const session = { api, answers, real };
    const webhooks: NonNullable<Api['webhooks']> = {
      mutate: (one) => mutateByWebhooks(session, one),
      validate: (one) => validateByWebhooks(session, one),
    };
    try {
      return await write({ ...api, webhooks });
    } catch (thrown) {
      if (!(thrown instanceof Pending)) throw thrown;
      if (attempt === MOST_ATTEMPTS) throw internal('the object changes each time that webhooks are asked about it');
      await thrown.work();
    }
  }
}

const MOST_ATTEMPTS = 200;

/** The API, anew for each attempt, with the same time, the same addresses and the same numbers in the same order. */
function steadied(api: Api): () => Api {
  const numbers: number[] = [];
  const time = api.clock.now();
  const clock: Clock = { ...api.clock, now: () => time };
  return () => {
    let next = 0;
    const random = (): number => {
      const number = numbers[next] ?? api.random();
      numbers[next] = number;
      next += 1;
      return number;
    };
    return { ...api, store: tryingStore(api.store), clock, random };
  };
}
