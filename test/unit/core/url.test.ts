import { expect, test } from 'vitest';
import { withoutLogins } from '../../../src/core/url.ts';

test.each([
  ['https://ada:secret@example.com/x.git', 'https://example.com/x.git'],
  ['HTTPS://ada:secret@example.com', 'HTTPS://example.com'],
  ['https://token@example.com/x', 'https://example.com/x'],
  ['https://ada:p@ss@example.com/x', 'https://example.com/x'],
  ['ssh://git@example.com/x', 'ssh://git@example.com/x'],
  ['ssh://git:secret@example.com/x', 'ssh://git@example.com/x'],
  ['oci://:secret@example.com/x', 'oci://example.com/x'],
  ['socks5h://ada:secret@proxy:1080', 'socks5h://ada@proxy:1080'],
  ["cannot reach 'https://a:b@c/' or 'git+https://a:b@c/'", "cannot reach 'https://c/' or 'git+https://a@c/'"],
  ['https://example.com/@scope/x', 'https://example.com/@scope/x'],
  ['git@example.com:x.git', 'git@example.com:x.git'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutLogins(url)).toBe(shown);
});
