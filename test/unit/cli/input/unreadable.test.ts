import { expect, test } from 'vitest';
import { whyUnreadable } from '../../../../src/cli/input/unreadable.ts';

test.each([
  ['ENOENT', 'there is no such folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission denied'],
  ['EIO', 'EIO: from Node'],
])('%s is said in words', (code, words) => {
  const thrown = Object.assign(new Error(`${code}: from Node`), { code });
  expect(whyUnreadable(thrown, 'folder')).toBe(words);
});
