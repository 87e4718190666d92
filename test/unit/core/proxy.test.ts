// The expected answers are those of golang.org/x/net/http/httpproxy (v0.40.0), asked with the same URLs and environments.

import { describe, expect, test } from 'vitest';
import { proxyFor } from '../../../src/core/proxy.ts';

type Environment = Readonly<Record<string, string>>;

describe('the proxy of a URL', () => {
  test.each<[string, Environment, string | undefined]>([
    ['https://cd.example.com', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://cd.example.com', { https_proxy: 'http://p:3128' }, 'http://p:3128'],
    ['https://cd.example.com', { HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1' }, 'http://upper:1'],
    ['https://cd.example.com', { HTTP_PROXY: 'http://p:3128' }, undefined],
    ['http://cd.example.com', { HTTP_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['http://cd.example.com', { http_proxy: 'http://p:3128' }, 'http://p:3128'],
    ['http://cd.example.com', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['https://cd.example.com', { ALL_PROXY: 'http://p:3128' }, undefined],
    ['https://cd.example.com', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128'],
    ['https://cd.example.com', { HTTPS_PROXY: 'p' }, 'http://p'],
    ['https://cd.example.com', { HTTPS_PROXY: 'http://ada:secret@p:3128' }, 'http://ada:secret@p:3128'],
    ['https://cd.example.com', { HTTPS_PROXY: '' }, undefined],
    ['https://cd.example.com', { HTTPS_PROXY: 'http://p:3128', REQUEST_METHOD: 'GET' }, 'http://p:3128'],
    ['https://localhost', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['https://localhost:8080', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['https://127.0.0.1:8080', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['https://127.1.2.3', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['https://[::1]:8080', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['https://[::ffff:127.0.0.1]', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['https://sub.localhost', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://localhost.example.com', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://0.0.0.0', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://cd.example.com', { HTTPS_PROXY: 'http://p:3128', no_proxy: '*' }, undefined],
    ['http://cd.example.com', { HTTP_PROXY: 'http://p:3128', NO_PROXY: '.example.com:80' }, undefined],
    [
      'https://cd.example.com',
      { HTTPS_PROXY: 'http://p:3128', NO_PROXY: 'example.com', no_proxy: 'other.org' },
      undefined,
    ],
    ['https://cd.example.com', { HTTPS_PROXY: 'http://p:3128', NO_PROXY: '', no_proxy: 'example.com' }, undefined],
  ])('%s with %o is %s', (url, env, proxy) => {
    expect(proxyFor(url, env)).toBe(proxy);
  });
});

describe('NO_PROXY', () => {
  const PROXY = 'http://p:3128';

  test.each([
    ['https://cd.example.com', '*', 'direct'],
    ['https://cd.example.com', 'a.com, * ,b.com', 'direct'],
    ['https://cd.example.com', 'example.com', 'direct'],
    ['https://example.com', 'example.com', 'direct'],
    ['https://notexample.com', 'example.com', 'proxy'],
    ['https://cd.example.com', '.example.com', 'direct'],
    ['https://example.com', '.example.com', 'proxy'],
    ['https://cd.example.com', '*.example.com', 'direct'],
    ['https://example.com', '*.example.com', 'proxy'],
    ['https://CD.Example.com', 'EXAMPLE.com', 'direct'],
    ['https://cd.example.com', 'a.com example.com', 'proxy'],
    ['https://cd.example.com', ' a.com , example.com ', 'direct'],
    ['https://cd.example.com:8443', 'example.com:8443', 'direct'],
    ['https://cd.example.com', 'example.com:443', 'direct'],
    ['https://cd.example.com', 'example.com:8443', 'proxy'],
    ['https://cd.example.com', ':443', 'proxy'],
    ['https://cd.example.com', 'cd*.example.com', 'proxy'],
    ['https://10.1.2.3', '10.1.2.3', 'direct'],
    ['https://10.1.2.3:6443', '10.1.2.3:6443', 'direct'],
    ['https://10.1.2.3:6443', '10.1.2.3:443', 'proxy'],
    ['https://10.1.2.3:6443', '10.0.0.0/8', 'direct'],
    ['https://11.1.2.3:6443', '10.0.0.0/8', 'proxy'],
    ['https://10.1.2.3', '10.1.2.0/30', 'direct'],
    ['https://10.1.2.4', '10.1.2.0/30', 'proxy'],
    ['https://10.1.2.3', '0.0.0.0/0', 'direct'],
    ['https://10.1.2.3', '10.1.2.0/33', 'proxy'],
    ['https://10.1.2.3', '10.1.2', 'proxy'],
    ['https://10.1.2.3', '.2.3', 'proxy'],
    ['https://[2001:db8::1]:6443', '2001:db8::1', 'direct'],
    ['https://[2001:db8::1]:6443', '[2001:db8::1]', 'proxy'],
    ['https://[2001:db8::1]:6443', '[2001:DB8:0::1]:6443', 'direct'],
    ['https://[2001:db8::1]:6443', '[2001:db8::1]:443', 'proxy'],
    ['https://[2001:db8::1]:6443', '2001:db8::/32', 'direct'],
    ['https://[2001:db9::1]:6443', '2001:db8::/32', 'proxy'],
    ['https://[::ffff:10.1.2.3]', '10.1.2.3', 'direct'],
    ['https://[::ffff:10.1.2.3]', '10.0.0.0/8', 'direct'],
    ['https://10.1.2.3', '::ffff:10.1.2.3', 'direct'],
    ['https://10.1.2.3', '::/0', 'proxy'],
    ['https://cd.example.com', '10.0.0.0/8,,example.org,', 'proxy'],
    ['https://büro.example', 'büro.example', 'direct'],
    ['https://cd.example.com.', 'example.com', 'proxy'],
    ['https://cd.example.com', 'https://cd.example.com', 'proxy'],
  ])('lets %s with %s go: %s', (url, rule, way) => {
    expect(proxyFor(url, { HTTPS_PROXY: PROXY, NO_PROXY: rule })).toBe(way === 'proxy' ? PROXY : undefined);
  });
});

describe('what is refused', () => {
  test('HTTP_PROXY in a CGI environment: it may come from the header of a request', () => {
    const env = { HTTP_PROXY: 'http://p:3128', REQUEST_METHOD: 'GET' };
    expect(() => proxyFor('http://cd.example.com', env)).toThrow(/CGI/);
  });

  test.each([['socks5://ada:secret@p:1080'], ['http://p:port']])('%s, without its password', (proxy) => {
    const decide = (): unknown => proxyFor('https://cd.example.com', { HTTPS_PROXY: proxy });
    expect(decide).toThrow(/^HTTPS_PROXY is not the URL of an HTTP proxy/);
    expect(decide).not.toThrow(/secret/);
  });
});
