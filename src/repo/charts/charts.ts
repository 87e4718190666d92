// Charts of Helm repositories and OCI registries: which version is meant, and its files.

import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createKeyedMutex } from '../../core/concurrency.ts';
import { HawserError } from '../../core/errors.ts';
import { withoutLogins } from '../../core/url.ts';
import { isVersion } from '../../core/version.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { type Credentials, storageName } from '../request.ts';
import { unpackChart } from './archive.ts';
import { bestVersion, fetchChart, type PackedChart } from './fetch.ts';

interface ChartRequest {
  readonly source: ApplicationSource;
  readonly credentials?: Credentials;
}

export interface Charts {
  /** The version that a source means; an exact one is taken at its word. */
  resolve(request: ChartRequest): Promise<string>;
  /** Copies the files of a version into an empty folder. */
  unpack(request: ChartRequest & { readonly version: string }, target: string): Promise<void>;
}

interface ChartsContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
}

export function createCharts({ environment, home }: ChartsContext): Charts {
  const exclusive = createKeyedMutex();
  return {
    async resolve({ source, credentials }) {
      const { targetRevision: range = '' } = source;
      if (isVersion(range)) return range;
      const { repository, chart } = placeOf({ source, credentials });
      const constraint = range === '' || range === 'HEAD' ? '*' : range;
      const { best, newest } = await bestVersion(repository, chart, constraint);
      if (best !== undefined) return best;
      throw new HawserError('invalid', `no version of chart '${chart}' fits '${range}'`, {
        hint: `the newest is ${newest ?? 'unknown'}`,
      });
    },
    async unpack({ source, credentials, version }, target) {
      const name = createHash('sha256')
        .update(`${storageName({ url: source.repoURL, credentials })} ${source.chart} ${version}`)
        .digest('hex');
      const folder = join(home, 'charts', name.slice(0, 32));
      await exclusive(folder, async () => {
        if (await stat(folder).catch(() => undefined)) return;
        const wish = { ...placeOf({ source, credentials }), version };
        const archive = await fetchChart(wish, environment);
        await keep(folder, (draft) => unpackChart(archive, draft, `'${wish.chart}' of '${placeName(wish)}'`));
      });
      await cp(folder, target, { recursive: true, verbatimSymlinks: true });
    },
  };
}

const placeName = ({ repository }: Pick<PackedChart, 'repository'>): string => withoutLogins(repository.url);

/** A registry may be named without its scheme, and hold the chart in its own name. */
function placeOf({ source, credentials }: ChartRequest): Omit<PackedChart, 'version'> {
  const { repoURL, chart = '', helm } = source;
  const passesOn = helm?.passCredentials ?? false;
  if (/^https?:\/\//.test(repoURL)) return { repository: { url: repoURL, credentials }, chart, passesOn };
  const address = repoURL.replace(/^oci:\/\//, '').replace(/\/+$/, '');
  const url = `oci://${chart ? `${address}/${chart}` : address}`;
  return { repository: { url, credentials }, chart: chart || (address.split('/').at(-1) ?? '') };
}

/** Whole, or not at all. */
async function keep(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    await fill(draft);
    await rename(draft, folder);
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true });
    throw thrown;
  }
}
