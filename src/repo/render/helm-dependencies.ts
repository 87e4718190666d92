// Charts that a chart depends on and that are not in its repository.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { listAt, textAt } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import { refuseUnreached } from '../address.ts';
import { type HelmRepository, transportWords, writeLogins, writeRepositories } from '../charts/helm-files.ts';
import type { Credentials } from '../request.ts';
import { helmEnvironment } from './helm-home.ts';
import { checkInside, realPlaceInside } from './inside.ts';
import type { Rendering } from './renderer.ts';
import { runTool, type ToolOutcome, toolFailure } from './run-tool.ts';

interface ChartFolders {
  readonly folder: string;
  readonly scratch: string;
}

/** Fetches them into the checkout; answers the command lines. */
export async function buildDependencies(rendering: Rendering, folders: ChartFolders): Promise<string[]> {
  const { folder, scratch } = folders;
  const helm = async (...words: readonly string[]): Promise<string> => {
    const outcome: ToolOutcome = await runTool(rendering, {
      tool: 'helm',
      arguments: words,
      folder,
      environment: helmEnvironment(rendering.home, scratch),
      hidden: [
        [`${folder}/`, ''],
        [`${scratch}/`, ''],
      ],
    });
    if (outcome.failure !== '') throw toolFailure('helm', outcome, rendering.folder);
    return outcome.command;
  };
  const dependencies = await dependenciesOf(folder);
  const root = await rendering.checkout();
  for (const reference of dependencies.flatMap(localPlace)) {
    // Helm takes a folder from wherever it is told.
    const path = resolve(folder, reference);
    checkInside(root, path, reference);
    await realPlaceInside(root, path);
  }
  const remote = [...new Set(dependencies.filter((url) => /^(https?|oci):\/\//i.test(url)))];
  for (const url of remote) await refuseUnreached(url, rendering.environment);
  const repositories = await Promise.all(
    remote.map(async (url, index) => ({
      name: `dependency-${index}`,
      url,
      credentials: await rendering.request.credentialsOf?.(url),
    })),
  );
  const registries = repositories.filter(({ url }) => isRegistry(url));
  await writeLogins(scratch, registries);
  const charts = repositories.filter(({ url }) => !isRegistry(url));
  const commands = await addRepositories(charts, { scratch, helm });
  // The words hold for every registry: trust in one is none in another.
  const [registry, another] = registries;
  const transport = another === undefined ? await transportWords(scratch, registry?.credentials) : [];
  commands.push(await helm('dependency', 'build', '.', ...transport));
  return commands;
}

interface Additions {
  readonly scratch: string;
  readonly helm: (...words: readonly string[]) => Promise<string>;
}

/** With a lock file helm takes only repositories that it was told of; those with a login it is told of in files. */
async function addRepositories(charts: readonly HelmRepository[], { scratch, helm }: Additions): Promise<string[]> {
  const closed = charts.filter(({ credentials }) => credentials !== undefined && isNeeded(credentials));
  const commands: string[] = [];
  if (closed.length > 0) {
    await writeRepositories(scratch, closed);
    commands.push(await helm('repo', 'update', ...closed.map(({ name }) => name)));
  }
  for (const chart of charts)
    if (!closed.includes(chart)) commands.push(await helm('repo', 'add', chart.name, chart.url));
  return commands;
}

const isRegistry = (url: string): boolean => /^oci:/i.test(url);

/** Whether helm must know more than the URL. */
const isNeeded = ({ username, password, caCertificates, tlsClientCert, insecure }: Credentials): boolean =>
  [username, password, caCertificates, tlsClientCert, insecure].some((value) => value !== undefined);

const localPlace = (url: string): string[] => (url.startsWith('file://') ? [url.slice('file://'.length)] : []);

/** The repositories of all charts that helm may fetch, those of a lock file included. */
async function dependenciesOf(folder: string): Promise<string[]> {
  const urls: string[] = [];
  for (const name of ['Chart.yaml', 'requirements.yaml', 'Chart.lock', 'requirements.lock']) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    urls.push(...listAt(parseYaml(text, name), 'dependencies').map((one) => textAt(one, 'repository')));
  }
  return urls;
}
