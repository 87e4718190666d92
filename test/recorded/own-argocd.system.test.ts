// Our own server answers what a real Argo CD answered where jsonnet renders.

import { expect, test } from 'vitest';
import { replay, WITH_JSONNET } from './own-argocd.ts';

test('answers what Argo CD answers with jsonnet', { timeout: 120_000 }, async () => {
  expect(await replay(WITH_JSONNET)).toMatchObject({ passed: 5, failed: 0 });
});
