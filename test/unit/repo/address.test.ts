import { expect, test } from 'vitest';
import { refuseLinkLocal } from '../../../src/repo/address.ts';

test.each([
  'http://169.254.169.254/latest/meta-data',
  'https://user:word@169.254.1.1/a.git',
  'ssh://git@169.254.1.1:22/a.git',
  'git@169.254.1.1:a.git',
  'http://0xa9fea9fe/a.git',
  'http://2852039166/a.git',
  'http://[fe80::1]/a.git',
  'http://[::ffff:169.254.169.254]/a.git',
  'oci://169.254.169.254/charts',
])('%s is refused', async (url) => {
  await expect(refuseLinkLocal({ url })).rejects.toThrow('is at a link-local address');
});

test.each([
  'http://127.0.0.1/a.git',
  'https://192.0.2.1/a.git',
  'git@no-such-host.invalid:a.git',
  '/srv/git/a.git',
  'file:///srv/a.git',
])('%s is not', async (url) => {
  await expect(refuseLinkLocal({ url })).resolves.toBeUndefined();
});

test('what a proxy reaches is its own matter', async () => {
  const credentials = { proxy: 'http://proxy.example.com:3128' };
  await expect(refuseLinkLocal({ url: 'http://169.254.169.254/', credentials })).resolves.toBeUndefined();
});
