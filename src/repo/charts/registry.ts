// Asking an OCI registry: whether it lets one in, and which tags an artifact has.

import { createHash } from 'node:crypto';
import { HawserError } from '../../core/errors.ts';
import { listAt, textAt } from '../../core/json.ts';
import { withoutLogins } from '../../core/url.ts';
import { type HttpAnswer, request } from '../http.ts';
import type { Credentials, Repository } from '../request.ts';

/** Throws why a registry does not let in. */
export async function testRegistry(repository: Repository): Promise<void> {
  const { host } = placeOf(repository);
  await ask(repository, `${host}/v2/`, 'registry:catalog:*');
}

export async function tagsIn(repository: Repository): Promise<string[]> {
  const { host, name } = placeOf(repository);
  const tags: string[] = [];
  for (let path = `${host}/v2/${name}/tags/list`; ; ) {
    const answer = await ask(repository, path, `repository:${name}:pull`);
    const body: unknown = JSON.parse(answer.text || '{}');
    tags.push(...listAt(body, 'tags').filter((tag) => typeof tag === 'string'));
    const next = /<([^>]+)>;\s*rel="?next"?/.exec(answer.headers['link'] ?? '')?.[1];
    if (next === undefined || tags.length > MANY) return tags;
    path = new URL(next, path).href;
  }
}

const MANY = 10_000;

const CHART_LAYERS = ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'application/tar+gzip'];
const MANIFESTS = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

/** A chart as it was packed; throws `invalid` where the tag is none, or no chart. */
export async function packedChart(repository: Repository, version: string): Promise<Buffer> {
  const { host, name } = placeOf(repository);
  const scope = `repository:${name}:pull`;
  const tag = encodeURIComponent(version.replaceAll('+', '_'));
  const manifest = await ask(repository, `${host}/v2/${name}/manifests/${tag}`, scope, MANIFESTS);
  const layers = listAt(JSON.parse(manifest.text || '{}'), 'layers');
  const layer = layers.find((each) => CHART_LAYERS.includes(textAt(each, 'mediaType')));
  const digest = textAt(layer, 'digest');
  if (digest === '') throw new HawserError('invalid', `'${withoutLogins(repository.url)}:${version}' is no Helm chart`);
  const { bytes } = await ask(repository, `${host}/v2/${name}/blobs/${digest}`, scope);
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (found !== digest)
    throw new HawserError('invalid', `'${withoutLogins(repository.url)}:${version}' came damaged: it is not ${digest}`);
  return bytes;
}

interface Place {
  /** 'https://registry.example.com' */
  readonly host: string;
  readonly name: string;
}

function placeOf({ url, credentials }: Repository): Place {
  const [host = '', ...path] = url.replace(/^(oci|https?):\/\//, '').split('/');
  const scheme = credentials?.plainHttp ? 'http' : 'https';
  return { host: `${scheme}://${host}`, name: path.filter((part) => part !== '').join('/') };
}

/** Asks with the login, or with the token that a registry gives for it. */
async function ask(
  { url, credentials = {} }: Repository,
  address: string,
  scope: string,
  accept?: string,
): Promise<HttpAnswer> {
  const first = await request({ url: address, credentials, accept });
  if (first.status < 300) return first;
  const challenge = first.headers['www-authenticate'] ?? '';
  const realm = /realm="([^"]+)"/.exec(challenge)?.[1];
  if (first.status === 401 && /^bearer/i.test(challenge) && realm !== undefined) {
    const bearerToken = await tokenFrom({ realm, challenge, scope }, credentials);
    const again = await request({ url: address, credentials: { ...credentials, bearerToken }, accept });
    if (again.status < 300) return again;
    throw refused(url, again.status);
  }
  throw refused(url, first.status);
}

interface Challenge {
  readonly realm: string;
  readonly challenge: string;
  readonly scope: string;
}

async function tokenFrom({ realm, challenge, scope }: Challenge, credentials: Credentials): Promise<string> {
  const address = new URL(realm);
  const service = /service="([^"]+)"/.exec(challenge)?.[1];
  if (service !== undefined) address.searchParams.set('service', service);
  address.searchParams.set('scope', /scope="([^"]+)"/.exec(challenge)?.[1] ?? scope);
  const answer = await request({ url: address.href, credentials });
  if (answer.status >= 300) throw refused(realm, answer.status);
  const body: unknown = JSON.parse(answer.text || '{}');
  return textAt(body, 'token') || textAt(body, 'access_token');
}

function refused(url: string, status: number): HawserError {
  const place = withoutLogins(url);
  if (status === 401 || status === 403)
    return new HawserError('invalid', `authentication required for '${place}'`, {
      hint: 'hawser repo add URL --type oci --username NAME --password-stdin gives the server a login',
      reason: { kind: 'repository-login' },
    });
  if (status === 404) return new HawserError('invalid', `'${place}' is not in the registry, or is no registry`);
  return new HawserError('unreachable', `'${place}' answered with status ${status}`);
}
