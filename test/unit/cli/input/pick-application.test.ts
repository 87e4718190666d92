import { expect, test } from 'vitest';
import { isSameRepository } from '../../../../src/cli/input/pick-application.ts';

const HTTPS = 'https://git.example.com/team/shop.git';

test.each([
  ['https://git.example.com/team/shop', true],
  ['https://bob:secret@git.example.com/team/shop.git/', true],
  ['git@git.example.com:team/shop.git', true],
  ['ssh://git@git.example.com:22/team/shop', true],
  ['https://GIT.example.com/team/shop', true],
  ['https://git.example.com/team/Shop', false],
  ['https://git.example.com/team/shop2', false],
  ['https://git.example.org/team/shop', false],
  ['/srv/team/shop', false],
  [undefined, false],
])('%s and the address by https: %s', (other, same) => {
  expect(isSameRepository(HTTPS, other)).toBe(same);
});
