// Charts of Helm repositories and OCI registries: which version is meant, and its files.

import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createKeyedMutex } from '../../core/concurrency.ts';
import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { withoutLogins } from '../../core/url.ts';
import { isVersion, maxSatisfying } from '../../core/version.ts';
import { formatYaml, parseYaml } from '../../core/yaml.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { refuseLinkLocal } from '../address.ts';
import { childEnvironment } from '../environment.ts';
import { execute } from '../execute.ts';
import { leavesRoot } from '../git/tree.ts';
import { helmEnvironment } from '../render/helm-home.ts';
import { type Credentials, storageName } from '../request.ts';
import type { Tools } from '../tools.ts';
import { chartVersions } from './chart-index.ts';
import { transportWords, writeLogins, writeRepositories } from './helm-files.ts';

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
  readonly tools: Tools;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
}

const TIMEOUT_MS = 90_000;
const REPOSITORY = 'source';

export function createCharts(context: ChartsContext): Charts {
  const exclusive = createKeyedMutex();
  return {
    async resolve({ source, credentials }) {
      const { chart = '', targetRevision: range = '' } = source;
      if (isVersion(range)) return range;
      const constraint = range === '' || range === 'HEAD' ? '*' : range;
      if (registryOf(source) !== undefined) return registryVersion(context, { source, credentials, constraint });
      const versions = await chartVersions({ url: source.repoURL, credentials }, chart);
      const best = maxSatisfying(
        versions.map(({ version }) => version),
        constraint,
      );
      if (best !== undefined) return best;
      throw new HawserError('invalid', `no version of chart '${chart}' fits '${range}'`, {
        hint: `the newest is ${versions[0]?.version ?? 'unknown'}`,
      });
    },
    async unpack({ source, credentials, version }, target) {
      const name = createHash('sha256')
        .update(`${storageName({ url: source.repoURL, credentials })} ${source.chart} ${version}`)
        .digest('hex');
      const folder = join(context.home, 'charts', name.slice(0, 32));
      await exclusive(folder, async () => {
        if (await stat(folder).catch(() => undefined)) return;
        await pull(context, { source, credentials, version, target: folder });
      });
      await cp(folder, target, { recursive: true, verbatimSymlinks: true });
    },
  };
}

/** The place of a chart in an OCI registry; undefined for a chart of a Helm repository. */
function registryOf({ repoURL, chart }: ApplicationSource): string | undefined {
  if (/^https?:\/\//.test(repoURL)) return undefined;
  const address = repoURL.replace(/^oci:\/\//, '').replace(/\/+$/, '');
  return `oci://${chart ? `${address}/${chart}` : address}`;
}

async function registryVersion(
  context: ChartsContext,
  { source, credentials, constraint }: ChartRequest & { readonly constraint: string },
): Promise<string> {
  const registry = registryOf(source) ?? '';
  await refuseLinkLocal({ url: registry, credentials });
  const answer = await withScratch(context.home, async (scratch) => {
    await writeLogins(scratch, [{ url: registry, credentials }]);
    const transport = await transportWords(scratch, credentials);
    const words = ['show', 'chart', registry, '--version', constraint, ...transport];
    return helm(context, { source, scratch, words });
  });
  return textAt(parseYaml(answer, registry), 'version');
}

interface Pull extends ChartRequest {
  readonly version: string;
  /** The folder that the chart's files become. */
  readonly target: string;
}

async function pull(context: ChartsContext, { source, credentials, version, target }: Pull): Promise<void> {
  await refuseLinkLocal({ url: registryOf(source) ?? source.repoURL, credentials });
  await withScratch(context.home, async (scratch) => {
    const registry = registryOf(source);
    const reference = registry ?? `${REPOSITORY}/${source.chart ?? ''}`;
    if (registry === undefined) await writeRepository(scratch, { source, credentials, version });
    else await writeLogins(scratch, [{ url: registry, credentials }]);
    const unpacked = join(scratch, 'chart');
    const untar = ['--untar', '--untardir', unpacked];
    // What a Helm repository needs stands in its entry of the file.
    const transport = registry === undefined ? [] : await transportWords(scratch, credentials);
    const words = ['pull', reference, '--version', version, ...untar, ...transport];
    await helm(context, { source, scratch, words });
    const [folder = ''] = await readdir(unpacked);
    await refuseLinksOut(join(unpacked, folder));
    await mkdir(join(target, '..'), { recursive: true });
    await rename(join(unpacked, folder), target);
  });
}

/** Helm reads the repository's credentials and index from files, so that neither stands on its command line. */
async function writeRepository(
  scratch: string,
  { source, credentials = {}, version }: Omit<Pull, 'target'>,
): Promise<void> {
  const { repoURL, chart = '', helm: options } = source;
  const versions = await chartVersions({ url: repoURL, credentials }, chart);
  const resolved =
    versions.find((entry) => entry.version === version) ?? versions.find((entry) => same(entry.version, version));
  if (!resolved) {
    throw new HawserError(
      'invalid',
      `chart '${chart}' has no version '${version}' in repository '${withoutLogins(repoURL)}'`,
      {
        hint: `the newest is ${versions[0]?.version ?? 'unknown'}`,
      },
    );
  }
  const passesOn = options?.passCredentials ?? false;
  await writeRepositories(scratch, [{ name: REPOSITORY, url: repoURL, credentials, passesOn }]);
  const cache = join(scratch, 'repository');
  await mkdir(cache, { recursive: true });
  const index = { apiVersion: 'v1', entries: { [chart]: [resolved.entry] } };
  await writeFile(join(cache, `${REPOSITORY}-index.yaml`), formatYaml(index));
}

/** 'v1.2.3' and '1.2.3' are one version. */
const same = (a: string, b: string): boolean => a.replace(/^v/, '') === b.replace(/^v/, '');

interface HelmRun {
  readonly source: ApplicationSource;
  readonly scratch: string;
  readonly words: readonly string[];
}

async function helm({ tools, environment, home }: ChartsContext, { source, scratch, words }: HelmRun): Promise<string> {
  const { code, stdout, stderr } = await execute({
    program: await tools.find('helm'),
    name: 'helm',
    arguments: words,
    environment: childEnvironment(environment, helmEnvironment(home, scratch)),
    folder: scratch,
    timeoutMs: TIMEOUT_MS,
  });
  if (code === 0) return stdout.toString('utf8');
  const line = /^Error: (.+)$/m.exec(stderr)?.[1] ?? stderr.trim();
  const where = `chart '${source.chart ?? ''}' of '${withoutLogins(source.repoURL)}'`;
  const away = /dial tcp|no such host|connection refused|i\/o timeout/i.test(stderr);
  throw new HawserError(away ? 'unreachable' : 'invalid', `${where}: ${line.replaceAll(scratch, '')}`, {
    hint: 'check the repository, the name of the chart, its version and the login in its URL',
  });
}

async function withScratch<T>(home: string, use: (scratch: string) => Promise<T>): Promise<T> {
  const parent = join(home, 'scratch');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(parent, 'chart-'));
  try {
    return await use(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function refuseLinksOut(folder: string): Promise<void> {
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isSymbolicLink()) continue;
    const link = join(file.parentPath, file.name);
    const path = relative(folder, link).split(sep).join('/');
    if (leavesRoot(path, await readlink(link))) {
      throw new HawserError('invalid', `chart contains out-of-bounds symlinks. file: ${path}`);
    }
  }
}
