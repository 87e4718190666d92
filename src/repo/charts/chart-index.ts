// The index of a Helm repository.

import { HawserError } from '../../core/errors.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { withoutLogins } from '../../core/url.ts';
import { parseYaml } from '../../core/yaml.ts';
import { fetchText } from '../http.ts';
import type { ChartVersions, Repository } from '../request.ts';

export interface ChartVersion {
  readonly version: string;
  /** As the index has it. */
  readonly entry: JsonObject;
}

async function entriesOf(repository: Repository): Promise<JsonObject> {
  const url = `${repository.url.replace(/\/+$/, '')}/index.yaml`;
  const text = await fetchText({ ...repository, url });
  const address = withoutLogins(repository.url);
  if (text === undefined) {
    throw new HawserError('invalid', `'${address}' is not a Helm repository: it has no index.yaml`, {
      hint: 'an OCI registry is named oci://…; a chart in Git needs a path instead of a chart',
    });
  }
  return objectAt(parseYaml(text, `${address}/index.yaml`), 'entries');
}

/** All charts that a repository offers. */
export async function chartsOf(repository: Repository): Promise<ChartVersions[]> {
  const entries = await entriesOf(repository);
  return Object.keys(entries)
    .sort()
    .map((name) => ({ name, versions: listAt(entries, name).map((entry) => textAt(entry, 'version')) }));
}

/** The versions of a chart that a repository offers; throws `invalid` when it has no such chart. */
export async function chartVersions(repository: Repository, chart: string): Promise<ChartVersion[]> {
  const entries = await entriesOf(repository);
  const address = withoutLogins(repository.url);
  const versions = listAt(entries, chart).filter(isObject);
  if (versions.length > 0) return versions.map((entry) => ({ version: textAt(entry, 'version'), entry }));
  const [near] = nearest(chart, Object.keys(entries));
  throw new HawserError('invalid', `chart '${chart}' not found in repository '${address}'`, {
    hint: near === undefined ? `helm search repo lists the charts of ${address}` : `did you mean '${near}'?`,
  });
}
