import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { createQueue, type Queue } from '../../../src/controller/queue.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A queue of one worker, and in what order it worked. */
function recordingQueue(worked: (key: string) => void = () => undefined): { order: string[]; queue: Queue<string> } {
  const order: string[] = [];
  const work = async (key: string): Promise<void> => {
    order.push(key);
    worked(key);
    await turn();
  };
  return { order, queue: createQueue({ clock: systemClock, workers: 1, work }) };
}

describe('the work queue', () => {
  test('works on a key by one worker at a time, and again when it was added meanwhile', async () => {
    let running = 0;
    let most = 0;
    let times = 0;
    const queue = createQueue({
      clock: systemClock,
      workers: 5,
      work: async () => {
        running += 1;
        most = Math.max(most, running);
        times += 1;
        await turn();
        running -= 1;
      },
    });
    queue.add('shop');
    queue.add('shop');
    await queue.idle('shop');
    expect({ most, times }).toEqual({ most: 1, times: 2 });
  });

  test('gives every key its turn', async () => {
    const { order, queue } = recordingQueue((key) => {
      if (key === 'busy' && order.length < 6) queue.add('busy');
    });
    queue.add('busy');
    queue.add('quiet');
    await queue.idle('quiet');
    expect(order.indexOf('quiet')).toBeLessThanOrEqual(2);
    await queue.stop();
  });

  test('lets those go first that somebody waits for, and starves nobody', async () => {
    const { order, queue } = recordingQueue();
    queue.add('running');
    for (let index = 0; index < 3; index += 1) queue.add(`routine-${index}`);
    for (let index = 0; index < 9; index += 1) queue.add(`urgent-${index}`, 0, 'urgent');
    await queue.idle('routine-2');
    expect(order.slice(1, 4)).toEqual(['urgent-0', 'urgent-1', 'urgent-2']);
    expect(order.indexOf('routine-0')).toBeLessThan(order.indexOf('urgent-8'));
    await queue.stop();
  });

  test('an earlier time wins over a later one, and a stop forgets them all', async () => {
    const worked: string[] = [];
    const queue = createQueue({
      clock: systemClock,
      workers: 1,
      work: async (key: string) => {
        worked.push(key);
      },
    });
    queue.add('later', 60_000);
    queue.add('later', 10);
    await systemClock.sleep(60);
    expect(worked).toEqual(['later']);
    queue.add('never', 10);
    await queue.stop();
    await systemClock.sleep(40);
    expect(worked).toEqual(['later']);
  });
});
