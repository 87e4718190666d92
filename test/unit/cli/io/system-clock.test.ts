import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';

test('a sleep of a month does not end at once', async () => {
  const control = new AbortController();
  let isOver = false;
  const sleep = systemClock.sleep(30 * 24 * 3_600_000, control.signal).then(() => {
    isOver = true;
  });
  await wait(50);
  expect(isOver).toBe(false);
  control.abort(new Error('over'));
  await expect(sleep).rejects.toThrow('over');
});
