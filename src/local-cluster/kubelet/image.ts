// Names of images: which cannot be read, which can never be pulled, and what a container runtime says of them.

import type { PULL_FAILURES } from '../faults/parse.ts';
import type { Waiting } from './container.ts';

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const HOST = '(?:[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)(?:\\.[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)*(?::\\d+)?';
const TAG = '[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(`^(?:(${HOST})/)?(${COMPONENT}(?:/${COMPONENT})*)(?::(${TAG}))?(?:@${DIGEST})?$`);

/** What a kubelet says of a name that is none; undefined where it is one. */
export function invalidImage(image: string): Waiting | undefined {
  if (REFERENCE.test(image)) return undefined;
  const isUpper = REFERENCE.test(image.toLowerCase());
  const why = isUpper ? `repository name (${repositoryOf(image)}) must be lowercase` : '';
  const fault = `invalid reference format${why === '' ? '' : `: ${why}`}`;
  const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${fault}`;
  return { reason: 'InvalidImageName', message };
}

const repositoryOf = (image: string): string => {
  const [name = ''] = image.split(':');
  return name.includes('/') ? name : `library/${name}`;
};

/** By RFC 2606 no host is ever called so. */
export const isOnNoHost = (image: string): boolean => /^[^/]*\.invalid(:\d+)?\//.test(image);

type PullFailure = (typeof PULL_FAILURES)[number] | 'no-host';

/** The failure of a pull in the words of containerd. */
export function pullMessage(image: string, failure: PullFailure): string {
  const { host, path, tag, full } = partsOf(image);
  const registry = host === 'docker.io' ? 'registry-1.docker.io' : host;
  const request = `failed to do request: Head "https://${registry}/v2/${path}/manifests/${tag}": dial tcp`;
  const [code, why] = {
    'not-found': ['NotFound', `failed to resolve reference "${full}": ${full}: not found`],
    denied: [
      'Unknown',
      `failed to resolve reference "${full}": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
    ],
    timeout: ['DeadlineExceeded', `failed to resolve reference "${full}": ${request}: i/o timeout`],
    'no-host': ['Unknown', `failed to resolve reference "${full}": ${request}: lookup ${host}: no such host`],
  }[failure];
  return `rpc error: code = ${code} desc = failed to pull and unpack image "${full}": ${why}`;
}

function partsOf(image: string): Readonly<Record<'host' | 'path' | 'tag' | 'full', string>> {
  const [name = '', digest] = image.split('@');
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost';
  const host = isHost ? first : 'docker.io';
  const rest = isHost ? name.slice(slash + 1) : name;
  const [repository = '', tag = 'latest'] = rest.split(':');
  const path = host === 'docker.io' && !repository.includes('/') ? `library/${repository}` : repository;
  const suffix = digest === undefined ? `:${tag}` : `@${digest}`;
  return { host, path, tag: digest ?? tag, full: `${host}/${path}${suffix}` };
}
