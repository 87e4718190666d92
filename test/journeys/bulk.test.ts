// A selector that fits more than was meant, on the real system.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { create, createWorkplace, type Workplace } from '../support/workplace.ts';

let place: Workplace;
beforeAll(async () => {
  place = await createWorkplace();
  for (const name of ['one', 'two', 'other']) {
    const label = name === 'other' ? '' : '-l team=a';
    expect((await place.hawser(create(name, place, label))).code).toBe(0);
  }
});
afterAll(() => place.remove());

test('is refused until the number is given', async () => {
  const refused = await place.hawser('app delete -l team=a --yes');
  expect(refused).toMatchObject({ code: 11, out: '' });
  expect(refused.err).toContain('error: this would delete 2 of 3 applications: argocd/one, argocd/two\n');
  expect((await place.hawser('app delete -l team=a --confirm 2')).code).toBe(0);
  expect((await place.hawser('app list -o name')).out).toBe('argocd/other\n');
});
