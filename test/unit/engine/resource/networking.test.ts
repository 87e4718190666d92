// Where an object is reached, as Argo CD 3.5.1 was seen to tell it in an application's summary.

import { expect, test } from 'vitest';
import { externalUrlsOf } from '../../../../src/engine/resource/networking.ts';

const paths = (...list: readonly string[]): object => ({ http: { paths: list.map((path) => ({ path })) } });
const ingress = (spec: object, annotations: Readonly<Record<string, string>> = {}): string[] =>
  externalUrlsOf({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'i', annotations },
    spec: { ...spec },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } },
  });
const LINK = 'link.argocd.argoproj.io/external-link';

test.each([
  [
    'a certificate of its host',
    { rules: [{ host: 'a', ...paths('/x', '/') }], tls: [{ hosts: ['a'], secretName: 't' }] },
    ['https://a/', 'https://a/x'],
  ],
  ['a host of no Secret', { rules: [{ host: 'a', ...paths('/x') }], tls: [{ hosts: ['a'] }] }, ['http://a/x']],
  [
    'a certificate of all hosts',
    { rules: [{ host: 'c', ...paths('/*', '') }], tls: [{ secretName: 't' }] },
    ['https://c', 'https://c/'],
  ],
  ['no host', { rules: [paths('/y')] }, ['http://192.0.2.10/y']],
  ['no path', { rules: [{ host: 'b' }] }, []],
])('an Ingress with %s', (_what, spec, urls) => {
  expect(ingress(spec)).toEqual(urls);
});

test('annotations name links of any kind, and leave out those of the rules', () => {
  const spec = { rules: [{ host: 'd', ...paths('/') }] };
  expect(ingress(spec, { [LINK]: 'https://z', 'link.argocd.argoproj.io/two': 'Title|https://c' })).toEqual([
    'Title|https://c',
    'http://d/',
    'https://z',
  ]);
  expect(ingress(spec, { [LINK]: 'https://z', 'argocd.argoproj.io/ignore-default-links': 'true' })).toEqual([
    'https://z',
  ]);
  const metadata = { name: 'c', annotations: { [LINK]: 'https://z', 'link.argocd.argoproj.io/bad': 'javascript:x' } };
  expect(externalUrlsOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata })).toEqual(['https://z']);
});
