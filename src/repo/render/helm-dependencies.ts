// Charts that a chart depends on and that are not in its repository: packed into its folder `charts`, as `helm dependency build`
// would do it. Helm packs those of folders; the others are fetched here.

import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { listAt, textAt } from '../../core/json.ts';
import { withoutLogins } from '../../core/url.ts';
import { isVersion, maxSatisfying } from '../../core/version.ts';
import { formatYaml, parseYaml } from '../../core/yaml.ts';
import { refuseUnreached } from '../address.ts';
import { bestVersion, fetchChart, isRegistry, type PackedChart } from '../charts/fetch.ts';
import { helmEnvironment } from './helm-home.ts';
import { checkInside, realPlaceInside } from './inside.ts';
import type { Rendering } from './renderer.ts';
import { runTool, toolFailure } from './run-tool.ts';

interface ChartFolders {
  readonly folder: string;
  readonly scratch: string;
}

interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
}

/** Answers the command lines that were run. */
export async function buildDependencies(rendering: Rendering, folders: ChartFolders): Promise<string[]> {
  const { folder } = folders;
  const root = await rendering.checkout();
  const dependencies = await lockedDependencies(folder);
  // Nothing is fetched before all of it is known to be permitted.
  for (const { repository } of dependencies) {
    if (isRemote(repository)) await refuseUnreached(repository, rendering.environment);
    else if (isFolder(repository)) {
      const path = folderOf(folder, repository);
      checkInside(root, path, repository.slice(FOLDER.length));
      await realPlaceInside(root, path);
    } else if (repository !== '') throw unknownRepository(repository);
  }
  await mkdir(join(folder, 'charts'), { recursive: true });
  const archives: string[] = [];
  for (const dependency of dependencies)
    if (isRemote(dependency.repository)) archives.push(await fetchInto(folder, rendering, dependency));
  await removeOthers(join(folder, 'charts'), dependencies, archives);
  const own = dependencies.filter(({ repository }) => isFolder(repository));
  return own.length === 0 ? [] : [await packFolders(rendering, folders, own)];
}

const FOLDER = 'file://';

const isRemote = (url: string): boolean => /^(https?|oci):\/\//i.test(url);
const isFolder = (url: string): boolean => url.startsWith(FOLDER);
const folderOf = (folder: string, url: string): string => resolve(folder, url.slice(FOLDER.length));

function unknownRepository(repository: string): HawserError {
  return new HawserError('invalid', `the repository '${repository}' of a dependency is not known here`, {
    hint: 'name it by its URL in Chart.yaml: https://…, oci://… or file://…',
  });
}

/** Answers the name of the archive. */
async function fetchInto(folder: string, rendering: Rendering, dependency: Dependency): Promise<string> {
  const { name, repository: url } = dependency;
  const credentials = await rendering.request.credentialsOf?.(url);
  const repository = { url: isRegistry(url) ? `${url.replace(/\/+$/, '')}/${name}` : url, credentials };
  const version = await exactVersion(repository, dependency);
  const file = `${name}-${version}.tgz`;
  if (!/^[\w.+-]+$/.test(file)) throw new HawserError('invalid', `'${name}' ${version} is no name of a chart`);
  const archive = await fetchChart({ repository, chart: name, version }, rendering.environment);
  await writeFile(join(folder, 'charts', file), archive);
  return file;
}

/** Archives of the same charts at other versions: helm would render both. */
async function removeOthers(
  charts: string,
  dependencies: readonly Dependency[],
  archives: readonly string[],
): Promise<void> {
  for (const file of await readdir(charts)) {
    const isOther = dependencies.some(
      ({ name, repository }) =>
        isRemote(repository) && file.startsWith(`${name}-`) && isVersion(file.slice(name.length + 1, -'.tgz'.length)),
    );
    if (isOther && file.endsWith('.tgz') && !archives.includes(file)) await rm(join(charts, file));
  }
}

async function exactVersion(repository: PackedChart['repository'], { name, version }: Dependency): Promise<string> {
  if (isVersion(version)) return version;
  const { best, newest } = await bestVersion(repository, name, version || '*');
  if (best !== undefined) return best;
  throw new HawserError(
    'invalid',
    `no version of the chart '${name}' of '${withoutLogins(repository.url)}' fits '${version}', which Chart.yaml asks for`,
    { hint: `the newest is ${newest ?? 'unknown'}` },
  );
}

/** By helm, in a chart that depends on folders alone: it has nothing to fetch. */
async function packFolders(
  rendering: Rendering,
  { folder, scratch }: ChartFolders,
  dependencies: readonly Dependency[],
): Promise<string> {
  const chart = join(scratch, 'folders');
  await mkdir(chart, { recursive: true });
  const absolute = dependencies.map((each) => ({
    ...each,
    repository: `${FOLDER}${folderOf(folder, each.repository)}`,
  }));
  const text = formatYaml({ apiVersion: 'v2', name: 'folders', version: '1.0.0', dependencies: absolute });
  await writeFile(join(chart, 'Chart.yaml'), text);
  const outcome = await runTool(rendering, {
    tool: 'helm',
    arguments: ['dependency', 'build', '.', '--skip-refresh'],
    folder: chart,
    environment: helmEnvironment(rendering.home, scratch),
    hidden: [
      [`${folder}/`, ''],
      [`${chart}/`, ''],
      [`${scratch}/`, ''],
    ],
  });
  if (outcome.failure !== '') throw toolFailure('helm', outcome, rendering.folder);
  await cp(join(chart, 'charts'), join(folder, 'charts'), { recursive: true });
  return outcome.command;
}

/** What Chart.yaml asks for, at the versions of the lock file where there is one. */
async function lockedDependencies(folder: string): Promise<readonly Dependency[]> {
  const asked = await firstOf(folder, ['Chart.yaml', 'requirements.yaml']);
  const locked = await firstOf(folder, ['Chart.lock', 'requirements.lock']);
  if (locked.length === 0) return asked;
  return asked.map((dependency) => {
    const { name, version, repository } = dependency;
    const fits = (each: Dependency): boolean =>
      each.version === version || maxSatisfying([each.version], version || '*') !== undefined;
    const lock = locked.find((each) => each.name === name && each.repository === repository && fits(each));
    if (lock) return lock;
    throw new HawserError(
      'invalid',
      `the lock file of the chart is out of sync with Chart.yaml: '${name}' ${version} is not in it`,
      { hint: 'helm dependency update, and commit the lock file' },
    );
  });
}

async function firstOf(folder: string, names: readonly string[]): Promise<readonly Dependency[]> {
  for (const name of names) {
    const dependencies = listAt(await yamlOf(folder, name), 'dependencies').map((each) => ({
      name: textAt(each, 'name'),
      version: textAt(each, 'version'),
      repository: textAt(each, 'repository'),
    }));
    if (dependencies.length > 0) return dependencies;
  }
  return [];
}

const yamlOf = async (folder: string, name: string): Promise<unknown> =>
  parseYaml(await readFile(join(folder, name), 'utf8').catch(() => ''), name);
