// Ten thousand malformed requests to the cluster's API, others in each run.

import { expect, test } from 'vitest';
import { runKubeAtRandom } from '../../support/random-kube-run.ts';

test.each([1, 2, 3, 4])(
  'run %i of 2500',
  async (run) => {
    const seed = Math.floor(Date.now() / run);
    const { faults } = await runKubeAtRandom(2500, seed);
    expect({ seed, faults }).toEqual({ seed, faults: [] });
  },
  120_000,
);
