// A chart as it was packed, from a Helm repository or an OCI registry. Helm itself would go past every proxy to this machine.

import { HawserError } from '../../core/errors.ts';
import { listAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { withoutLogins } from '../../core/url.ts';
import { maxSatisfying } from '../../core/version.ts';
import { refuseUnreached } from '../address.ts';
import { fetchBytes } from '../http.ts';
import type { Credentials, Repository } from '../request.ts';
import { chartVersions } from './chart-index.ts';
import { packedChart, tagsIn } from './registry.ts';

export interface PackedChart {
  /** Of a Helm repository; of a registry with the chart's own place in it ('oci://…/NAME'). */
  readonly repository: Repository;
  readonly chart: string;
  readonly version: string;
  /** Whether other hosts that the index names get the login too. */
  readonly passesOn?: boolean;
}

export const isRegistry = (url: string): boolean => /^oci:/i.test(url);

/** Throws `invalid` where there is no such version. */
export async function fetchChart(wish: PackedChart, environment: NodeJS.ProcessEnv): Promise<Buffer> {
  const { repository, version } = wish;
  if (isRegistry(repository.url)) return packedChart(repository, version);
  const { url, credentials } = await archiveOf(wish);
  await refuseUnreached(url, environment);
  const archive = await fetchBytes({ url, credentials });
  if (archive !== undefined) return archive;
  throw new HawserError('invalid', `chart '${wish.chart}' ${version} is not at '${withoutLogins(url)}'`, {
    hint: 'the index of the repository names a file that is not there',
  });
}

/** The newest version that fits a constraint; undefined where none does. */
export async function bestVersion(
  repository: Repository,
  chart: string,
  constraint: string,
): Promise<{ readonly best: string | undefined; readonly newest: string | undefined }> {
  const versions = isRegistry(repository.url)
    ? (await tagsIn(repository)).map((tag) => tag.replaceAll('_', '+'))
    : (await chartVersions(repository, chart)).map(({ version }) => version);
  return { best: maxSatisfying(versions, constraint), newest: maxSatisfying(versions, '*') ?? versions[0] };
}

/** Where the archive is; the login goes along to the repository's own host alone. */
async function archiveOf({ repository, chart, version, passesOn = false }: PackedChart): Promise<Repository> {
  const { url, credentials } = repository;
  const versions = await chartVersions(repository, chart);
  const entry =
    versions.find((each) => each.version === version) ?? versions.find((each) => same(each.version, version));
  if (!entry) {
    throw new HawserError(
      'invalid',
      `chart '${chart}' has no version '${version}' in repository '${withoutLogins(url)}'`,
      { hint: `the newest is ${versions[0]?.version ?? 'unknown'}` },
    );
  }
  const [place] = listAt(entry.entry, 'urls').filter((each) => typeof each === 'string');
  const base = `${url.replace(/\/+$/, '')}/`;
  if (place === undefined || !URL.canParse(place, base))
    throw new HawserError(
      'invalid',
      `the index of '${withoutLogins(url)}' does not say where '${chart}' ${version} is`,
    );
  const address = new URL(place, base);
  if (!/^https?:$/.test(address.protocol))
    throw new HawserError('invalid', `'${withoutLogins(address.href)}' is no address that a chart is fetched from`);
  const isOwn = passesOn || address.origin === new URL(url).origin;
  // The query of a repository may be what lets one in.
  if (isOwn && address.search === '') address.search = new URL(url).search;
  return { url: address.href, credentials: isOwn ? credentials : withoutLogin(credentials) };
}

/** 'v1.2.3' and '1.2.3' are one version. */
const same = (a: string, b: string): boolean => a.replace(/^v/, '') === b.replace(/^v/, '');

/** The way stays the same. */
function withoutLogin({ proxy, insecure, caCertificates, scope }: Credentials = {}): Credentials {
  return omitUndefined({ proxy, insecure, caCertificates, scope });
}
