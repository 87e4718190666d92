import { expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { openLocalCluster } from '../../../src/local-cluster/open.ts';

test('a cluster that is closed as soon as it is started ends, whenever that is', async () => {
  for (let milliseconds = 0; milliseconds < 12; milliseconds += 1) {
    const cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
    cluster.start();
    await systemClock.sleep(milliseconds);
    const control = new AbortController();
    const late = systemClock.sleep(3000, control.signal).then(
      () => 'late',
      () => 'stopped',
    );
    expect(await Promise.race([cluster.close().then(() => 'closed'), late])).toBe('closed');
    control.abort();
  }
});
