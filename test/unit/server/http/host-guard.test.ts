// A server answers to the names it has, and to pages of its own.

import { describe, expect, test } from 'vitest';
import { namesOf, redirectToTls, refuseForeign } from '../../../../src/server/http/host-guard.ts';

const NAMES = [
  'argocd-server',
  'shop.local',
  ...namesOf(['https://argocd.example.com/argo', 'https://other.example.com:8443', 'nonsense']),
];

function statusOf(headers: Readonly<Record<string, string>>, url = '/api/v1/applications', names = NAMES): number {
  return refuseForeign({ method: 'GET', url, headers }, names)?.status ?? 200;
}

describe('a host', () => {
  test.each([
    'localhost',
    'localhost:8080',
    'LOCALHOST:8080',
    'localhost.:8080',
    'shop.localhost',
    '127.0.0.1:8080',
    '10.1.2.3',
    '[::1]:8080',
    'argocd.example.com',
    'Argocd.Example.com:443',
    'other.example.com',
    'argocd-server:80',
    'shop.local',
  ])('%s is answered', (host) => expect(statusOf({ host })).toBe(200));

  test.each([
    'evil.example.com',
    'evil.example.com:8080',
    'localhost.evil.example.com',
    'notlocalhost',
    '127.0.0.1.evil.example.com',
    'argocd.example.com.evil.org',
    'nonsense',
    '0x7f.1',
    '',
    'a b',
    '[::1',
  ])('%j is refused', (host) => expect(statusOf({ host })).toBe(403));

  test('is said with what to do', () => {
    const refusal = refuseForeign({ method: 'GET', url: '/api/version', headers: { host: 'evil.example.com' } }, NAMES);
    expect(JSON.stringify(refusal)).toContain("this server is not called 'evil.example.com'");
    expect(decodeURIComponent(String(refusal?.headers['hawser-hint']))).toContain(
      'hawser server --host evil.example.com',
    );
  });

  test('may be any where the server was told so', () => {
    expect(statusOf({ host: 'evil.example.com', origin: 'https://elsewhere' }, '/api/version', ['*'])).toBe(200);
  });

  test.each(['/api/webhook', '/api/webhook?x=1', '/healthz'])('is none of the business of %s', (url) => {
    expect(statusOf({ host: 'tunnel.example.net', origin: 'https://github.com' }, url)).toBe(200);
  });
});

describe('a page', () => {
  const host = 'localhost:8080';

  test.each([
    ['http://localhost:8080', host],
    ['https://localhost:8080', host],
    ['https://argocd.example.com', host],
    ['https://argocd.example.com', 'argocd-server'],
    ['https://other.example.com:8443', host],
  ])('of %s is answered by %s', (origin, asked) => expect(statusOf({ host: asked, origin })).toBe(200));

  test.each([
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'https://evil.example.com',
    'https://other.example.com',
    'https://argocd.example.com.evil.org',
    'null',
    '',
    'file://',
    'chrome-extension://abc',
  ])('of %j is refused', (origin) => expect(statusOf({ host, origin })).toBe(403));
});

describe('a request in the clear, where there is TLS', () => {
  const head = { method: 'POST', url: '/api/v1/session?a=b', headers: { host: 'argocd.example.com:8080' } };

  test.each(['10.1.2.3', '192.168.0.7', 'fe80::1', '2001:db8::1'])('of %s is sent to TLS, with its body', (address) => {
    const location = 'https://argocd.example.com:8080/api/v1/session?a=b';
    expect(redirectToTls({ ...head, address })).toMatchObject({ status: 307, headers: { location } });
    expect(redirectToTls({ ...head, address, isSecure: true })).toBeUndefined();
  });

  test.each(['127.0.0.1', '127.9.9.9', '::1', undefined])('of this machine (%s) is answered', (address) => {
    expect(redirectToTls({ ...head, ...(address ? { address } : {}) })).toBeUndefined();
  });
});
