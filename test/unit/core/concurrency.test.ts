import { describe, expect, test } from 'vitest';
import { createKeyedMutex, createLimit, createSingleFlight } from '../../../src/core/concurrency.ts';

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work', () => {
  test('of one key runs in turn, after a failure too', async () => {
    const inTurn = createKeyedMutex();
    const log: string[] = [];
    const step = (name: string) => async () => {
      log.push(`${name} begins`);
      await pause();
      log.push(`${name} ends`);
      if (name === 'a') throw new Error('a failed');
    };
    const both = await Promise.allSettled([inTurn('k', step('a')), inTurn('k', step('b'))]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('asked for twice at once is done once, later again', async () => {
    const share = createSingleFlight<number>();
    let done = 0;
    const work = async (): Promise<number> => {
      await pause();
      done += 1;
      return done;
    };
    expect(await Promise.all([share('k', work), share('k', work)])).toEqual([1, 1]);
    expect(await share('k', work)).toBe(2);
  });

  test('never runs more at once than it may', async () => {
    const limited = createLimit(2);
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await pause();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 9 }, () => limited(work)));
    expect(most).toBe(2);
  });
});
