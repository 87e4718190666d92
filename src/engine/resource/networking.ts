// How an object of the tree is reached, and what it reaches: Services, Ingresses, and links that annotations name.

import { type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { compareText } from '../../core/order.ts';
import type { NetworkingInfo } from '../../model/resource.ts';
import { annotationsOf, isPod, type KubeObject, labelsOf } from '../../objects/object.ts';

const LINK = 'link.argocd.argoproj.io/';
const NO_DEFAULT_LINKS = 'argocd.argoproj.io/ignore-default-links';

export function networkingOf(object: KubeObject): NetworkingInfo | undefined {
  const externalURLs = externalUrlsOf(object);
  const urls = externalURLs.length > 0 ? { externalURLs } : {};
  if (isPod(object)) return { labels: labelsOf(object), ...urls };
  if (isService(object)) return { ...serviceNetworking(object), ...urls };
  if (isIngress(object)) return { ...ingressNetworking(object), ...urls };
  return externalURLs.length > 0 ? urls : undefined;
}

/** The addresses at which an object is reached from outside, each once, sorted; one that is named is 'title|url'. */
export function externalUrlsOf(object: KubeObject): string[] {
  const annotations = annotationsOf(object);
  const links = Object.entries(annotations).flatMap(([name, link]) =>
    name.startsWith(LINK) && /^https?:\/\//.test(link.split('|').at(-1) ?? '') ? [link] : [],
  );
  const isPlain = annotations[NO_DEFAULT_LINKS] !== 'true';
  const own = isIngress(object) && isPlain ? ingressUrls(object) : [];
  return [...new Set([...links, ...own])].sort(compareText);
}

const isService = ({ apiVersion, kind }: KubeObject): boolean => kind === 'Service' && apiVersion === 'v1';
const isIngress = ({ kind }: KubeObject): boolean => kind === 'Ingress';

function serviceNetworking(service: KubeObject): NetworkingInfo {
  const targetLabels: Record<string, string> = {};
  for (const [key, value] of Object.entries(objectAt(service, 'spec', 'selector'))) {
    if (typeof value === 'string') targetLabels[key] = value;
  }
  const ingress = addressesOf(service);
  return {
    ...(Object.keys(targetLabels).length > 0 ? { targetLabels } : {}),
    ...(ingress.length > 0 ? { ingress } : {}),
  };
}

function ingressNetworking(object: KubeObject): NetworkingInfo {
  const ingress = addressesOf(object);
  const services = listAt(object, 'spec', 'rules').flatMap((rule) =>
    listAt(rule, 'http', 'paths').map((path) => textAt(path, 'backend', 'service', 'name')),
  );
  const { namespace = '' } = object.metadata;
  const targetRefs = [...new Set(services)].map((name) => ({ kind: 'Service', namespace, name }));
  return {
    ...(targetRefs.length > 0 ? { targetRefs } : {}),
    ...(ingress.length > 0 ? { ingress } : {}),
  };
}

/** A rule without a host is reached at the addresses of the balancer; without paths it is not reached. */
function ingressUrls(object: KubeObject): string[] {
  const isSecure = securedHosts(object);
  const addresses = addressesOf(object).map((address) => textAt(address, 'hostname') || textAt(address, 'ip'));
  return listAt(object, 'spec', 'rules').flatMap((rule) => {
    const host = textAt(rule, 'host');
    const scheme = isSecure(host) ? 'https' : 'http';
    const hosts = host === '' ? addresses : [host];
    const paths = listAt(rule, 'http', 'paths').map((path) => textAt(path, 'path').replace(/\*$/, ''));
    return hosts.flatMap((name) => paths.map((path) => `${scheme}://${name}${path}`));
  });
}

/** A certificate is of the hosts that stand beside its Secret, of all where none does. */
function securedHosts(object: KubeObject): (host: string) => boolean {
  const secured = listAt(object, 'spec', 'tls').filter((tls) => textAt(tls, 'secretName') !== '');
  const hosts = new Set(secured.flatMap((tls) => listAt(tls, 'hosts')));
  const isAll = secured.some((tls) => listAt(tls, 'hosts').length === 0);
  return (host) => isAll || hosts.has(host);
}

const addressesOf = (object: KubeObject): readonly Json[] => listAt(object, 'status', 'loadBalancer', 'ingress');
