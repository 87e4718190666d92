// Our own server answers what a real Argo CD answered (those that need jsonnet: own-argocd.system.test.ts).

import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exceptions, folder, replay, WITH_GIT } from './own-argocd.ts';

/** Servers at once. */
const LANES = 4;

test('the exceptions are of scenarios that are there', () => {
  const all = readdirSync(folder);
  expect(Object.keys(exceptions).filter((name) => !all.includes(`${name}.json`))).toEqual([]);
});

test('answers what Argo CD answers', { timeout: 600_000 }, async () => {
  const ofLane = (lane: number) => WITH_GIT.filter((_, index) => index % LANES === lane);
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => replay(ofLane(lane))));
  const failures = lanes.flatMap(({ failed, out }) => (failed > 0 ? [out] : []));
  expect(failures.join('\n')).toBe('');
  expect(lanes.reduce((sum, { passed }) => sum + passed, 0)).toBeGreaterThan(600);
});
